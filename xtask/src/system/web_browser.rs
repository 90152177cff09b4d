//! What is promised of `web-browser`, and the model of how long its user waits.

use std::time::Duration;

use lab::order::{Order, line, par, seq};
use words::Quadrant;

use super::felt::{Inputs, KERNEL, Prediction, certainly, ms};
use super::table::{System, Way};

/// The system.
pub(super) const SYSTEM: System = System {
    name: "web-browser",
    summary: "a web browser: what does it answer while it loads a page?",
    leaves: "png",
    ways: &[
        Way {
            name: "neither",
            summary: "one thing after the other, on one core",
            quadrant: Quadrant::Neither,
            contract: in_turn,
            predict: one_after_the_other,
        },
        Way {
            name: "concurrent-only",
            summary: "one thread waits for everything, decodes and draws",
            quadrant: Quadrant::ConcurrentOnly,
            contract: at_once,
            predict: |inputs| all_at_once(inputs, 1.0, behind_pictures(inputs)),
        },
        Way {
            name: "both",
            summary: "one thread waits for everything, all cores decode and draw",
            quadrant: Quadrant::Both,
            contract: at_once,
            predict: |inputs| all_at_once(inputs, inputs.cores, behind_nobody()),
        },
    ],
    scale: None,
};

/// What the numbers of each picture add up to, as it is shown; nothing of the one that is no picture, and of
/// the one that breaks off.
const SUMS: [Option<u32>; 20] = [
    Some(2_457_466),
    Some(3_074_659),
    Some(3_579_974),
    Some(4_068_097),
    Some(4_338_271),
    Some(4_799_774),
    Some(5_258_953),
    Some(5_715_751),
    Some(6_186_507),
    Some(5_717_392),
    Some(5_261_301),
    Some(4_802_566),
    None,
    Some(4_073_389),
    Some(3_587_228),
    Some(3_084_550),
    None,
    Some(1_983_513),
    Some(1_506_383),
    Some(1_497_770),
];

/// The picture that is none. The other one without a sum does not come.
const NO_PICTURE: usize = 13;

/// How many clicks there are, and how far apart they come.
const CLICKS: usize = 20;
const BETWEEN_CLICKS: f64 = ms(Duration::from_millis(40));

/// How long the server takes for the page and for its style.
const PAGE: f64 = ms(Duration::from_millis(40));
const STYLE: f64 = ms(Duration::from_millis(30));

/// What fetching something takes besides the server's time and the compute that is told: connecting, and
/// taking in what comes.
const BESIDES: f64 = ms(Duration::from_millis(6));

/// How long the server takes for each picture.
fn latencies() -> impl Iterator<Item = f64> {
    (1..=SUMS.len()).map(|number| (40 + number % 3 * 80) as f64)
}

/// What is printed of the page and its style, of each picture, and of all clicks.
fn lines() -> (Order, Vec<Order>, Order) {
    let page = seq(["Page - read", "Style - laid out"].map(line));
    let picture = |(number, sum): (usize, Option<u32>)| {
        let what = match sum {
            Some(sum) => format!("shown, sum {sum}"),
            None if number == NO_PICTURE => "is none".to_owned(),
            None => "did not come".to_owned(),
        };
        line(format!("Picture {number} - {what}"))
    };
    let clicks = (1..=CLICKS).map(|number| line(format!("Click {number} - answered")));
    (page, (1..).zip(SUMS).map(picture).collect(), seq(clicks))
}

fn loaded() -> Order {
    let shown = SUMS.iter().flatten().count();
    line(format!("Loaded - {shown} of {} pictures", SUMS.len()))
}

fn in_turn() -> Order {
    let (page, pictures, clicks) = lines();
    seq([page, seq(pictures), loaded(), clicks])
}

fn at_once() -> Order {
    let (page, pictures, clicks) = lines();
    par([seq([page, par(pictures), loaded()]), clicks])
}

/// From a time that no run can go below to one that a run has where the machine is its own, which fetches so
/// many things one after the other.
fn with_slack(soonest: f64, fetches: f64) -> (f64, f64) {
    (certainly(soonest), soonest * 1.25 + fetches * BESIDES + KERNEL)
}

/// All compute of the page, its style and its pictures.
fn compute(inputs: &Inputs) -> f64 {
    ["page", "style", "picture"].map(|task| inputs.executed(task)).iter().sum()
}

/// What all pictures together compute, as the sentences have it.
fn work(inputs: &Inputs) -> String {
    let each = inputs.executed("picture") / SUMS.len() as f64;
    format!("a picture is on its way for 40 to 200 ms, and costs {each:.0} ms to decode and draw")
}

/// One thing after the other: all waits and all compute add up, and clicks wait for all of it.
fn one_after_the_other(inputs: &Inputs) -> Vec<Prediction> {
    let waits: f64 = PAGE + STYLE + latencies().sum::<f64>();
    let (soonest, latest) = with_slack(waits + compute(inputs), SUMS.len() as f64 + 2.0);
    let first = PAGE + STYLE + latencies().next().unwrap_or(0.0);
    let before = inputs.executed("page") + inputs.executed("style");
    let usual = before + inputs.longest("picture");
    let (first, first_latest) = (certainly(first), (first + usual) * 1.25 + 3.0 * BESIDES + KERNEL);
    vec![
        Prediction::time(
            "first picture",
            first,
            first_latest,
            "it waits for the page, the style and itself".to_owned(),
        ),
        Prediction::time(
            "all shown",
            soonest,
            latest,
            format!("{}, one after the other", work(inputs)),
        ),
        Prediction::time(
            "worst click",
            soonest - BETWEEN_CLICKS,
            latest,
            "the first click waits for all of the page".to_owned(),
        ),
    ]
}

/// Everything at once: waits overlap, and the cores compute as long as there is anything to compute.
fn all_at_once(inputs: &Inputs, cores: f64, click: (f64, String)) -> Vec<Prediction> {
    let before = PAGE + STYLE + inputs.executed("page") + inputs.executed("style") / cores;
    let quickest = latencies().fold(f64::INFINITY, f64::min);
    let slowest = latencies().fold(0.0, f64::max);
    let (soonest, latest) =
        with_slack(before + slowest.max(quickest + inputs.executed("picture") / cores), 6.0);
    let (first, first_latest) = with_slack(before + quickest, 3.0);
    vec![
        Prediction::time(
            "first picture",
            first,
            first_latest + inputs.executed("picture") / cores,
            "it waits for the page, the style, and whatever was sooner here".to_owned(),
        ),
        Prediction::time(
            "all shown",
            soonest,
            latest,
            format!("{}, and waits overlap", work(inputs)),
        ),
        Prediction::time("worst click", 0.0, click.0, click.1),
    ]
}

/// How long a click waits where the thread that answers it also decodes: pictures that are here at the same
/// time are decoded in a row, and nobody asks for clicks between them.
fn behind_pictures(inputs: &Inputs) -> (f64, String) {
    let style = inputs.executed("style");
    let row = inputs.executed("picture").max(style);
    let reason = format!(
        "whoever answers it may be decoding, all pictures in a row at worst: {:.0} ms",
        inputs.executed("picture")
    );
    (row * 1.1 + KERNEL, reason)
}

/// How long it waits where that thread never computes.
fn behind_nobody() -> (f64, String) {
    let reason = "who answers it never computes, and has a core as soon as the kernel lets it";
    (2.0 * KERNEL, reason.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inputs() -> Inputs {
        let inputs = Inputs::default().with_parts("picture", &[20.0; SUMS.len()]);
        inputs.with_parts("style", &[20.0])
    }

    /// From what to what a figure is expected.
    fn range(predictions: &[Prediction], figure: &str) -> (f64, f64) {
        let mut all = predictions.iter();
        let prediction = all.find(|it| it.figure == figure).expect("a prediction");
        (prediction.at_least.round(), prediction.at_most.round())
    }

    #[test]
    fn one_after_the_other_a_click_waits_for_all_waits_and_all_compute() {
        let predicted = one_after_the_other(&inputs());
        let waits = 70.0 + latencies().sum::<f64>();
        assert_eq!(range(&predicted, "all shown").0, ((waits + 420.0) * 0.99).round());
        assert!(range(&predicted, "worst click").0 > 2_000.0);
    }

    #[test]
    fn all_at_once_only_compute_adds_up() {
        let one_core = all_at_once(&inputs(), 1.0, behind_pictures(&inputs()));
        assert_eq!(range(&one_core, "all shown").0, 525.0);
        assert_eq!(range(&one_core, "worst click"), (0.0, 460.0));
        let two_cores = all_at_once(&inputs(), 2.0, behind_nobody());
        assert_eq!(range(&two_cores, "all shown").0, 317.0);
        assert_eq!(range(&two_cores, "worst click"), (0.0, 40.0));
    }

    #[test]
    fn on_however_many_cores_the_slowest_picture_is_waited_for() {
        let predicted = all_at_once(&inputs(), 1e9, behind_nobody());
        assert_eq!(range(&predicted, "all shown").0, 267.0);
    }
}

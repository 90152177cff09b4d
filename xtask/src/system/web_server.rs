//! What is promised of `web-server`, and the model of how long its users wait.

use std::time::Duration;

use lab::order::{Order, line, par, seq};
use words::Quadrant;

use super::felt::{Inputs, KERNEL, Prediction, certainly, ms};
use super::table::{System, Way};

/// The system.
pub(super) const SYSTEM: System = System {
    name: "web-server",
    summary: "a web server that makes thumbnails: who waits for whom?",
    leaves: "redb",
    ways: &[
        Way {
            name: "neither",
            summary: "one connection at a time, on one core",
            quadrant: Quadrant::Neither,
            contract: || seq(clients()),
            predict: |inputs| one_at_a_time(inputs, 1.0),
        },
        Way {
            name: "concurrent-only",
            summary: "all connections, one thread, one core",
            quadrant: Quadrant::ConcurrentOnly,
            contract: || par(clients()),
            predict: |inputs| all_at_once(inputs, 1.0, behind_thumbnails(inputs, 1.0)),
        },
        Way {
            name: "parallel-only",
            summary: "one connection at a time, its thumbnail on all cores",
            quadrant: Quadrant::ParallelOnly,
            contract: || seq(clients()),
            predict: |inputs| one_at_a_time(inputs, inputs.cores),
        },
        Way {
            name: "both",
            summary: "one thread waits for all connections, others compute",
            quadrant: Quadrant::Both,
            contract: || par(clients()),
            predict: |inputs| all_at_once(inputs, inputs.cores, behind_nobody()),
        },
        Way {
            name: "waiting-threads",
            summary: "as many threads as cores, which wait and compute",
            quadrant: Quadrant::Both,
            contract: || par(clients()),
            predict: |inputs| {
                all_at_once(inputs, inputs.cores, behind_thumbnails(inputs, inputs.cores))
            },
        },
    ],
    scale: None,
};

/// How many clients upload, how many pictures each, and how many that makes.
const CLIENTS: u32 = 8;
const UPLOADS: u32 = 4;
const ALL: f64 = (CLIENTS * UPLOADS) as f64;

/// What the numbers of each thumbnail add up to.
const SUM: u32 = 1_518_910;

/// How long it takes from the first half of a picture to the second.
const LINE: f64 = ms(Duration::from_millis(20));

/// What an upload takes besides its wait and its compute: to read it, to keep it, to answer.
const BESIDES: f64 = ms(Duration::from_millis(3));

/// What is printed of each client's uploads.
fn clients() -> impl Iterator<Item = Order> {
    let upload = |client, number| {
        let name = format!("Upload {client}/{number}");
        [format!("{name} - begun"), format!("{name} - thumbnail of {SUM}")]
    };
    (1..=CLIENTS).map(move |client| {
        seq((1..=UPLOADS).flat_map(move |number| upload(client, number)).map(line))
    })
}

/// The compute of all uploads, as the sentences have it.
fn work(inputs: &Inputs) -> String {
    let each = inputs.executed("upload") / ALL;
    format!("an upload waits for {LINE:.0} ms and computes for {each:.1} ms")
}

/// Until when all is answered, at the soonest, and where the machine is its own.
fn with_slack(soonest: f64) -> (f64, f64) {
    (certainly(soonest), soonest * 1.25 + ALL * BESIDES + KERNEL)
}

/// One connection after the other: each line is waited for, and nothing else is done meanwhile. Only the
/// first picture of a client whose turn has not come is on its way while others are attended to.
fn one_at_a_time(inputs: &Inputs, cores: f64) -> Vec<Prediction> {
    let compute = inputs.executed("upload") / cores;
    let of_clients = |clients: u32| {
        let waits = clients * UPLOADS - clients.saturating_sub(1);
        f64::from(waits) * LINE + compute * f64::from(clients) / f64::from(CLIENTS)
    };
    let (soonest, latest) = with_slack(of_clients(CLIENTS));
    let (others, _) = with_slack(of_clients(CLIENTS - 1));
    let one = LINE + compute / ALL;
    let work = work(inputs);
    let turn = "whoever comes last waits for all who came before";
    vec![
        Prediction::time("all answered", soonest, latest, format!("{work}, one after the other")),
        Prediction::time(
            "median upload",
            LINE,
            one * 1.5 + BESIDES + KERNEL,
            format!("{work}, and who is attended to waits for nobody else"),
        ),
        Prediction::time("99th percentile", others, latest, turn.to_owned()),
        Prediction::time("worst title page", soonest, latest, turn.to_owned()),
    ]
}

/// All connections at once: waits overlap, and the cores compute as long as there is anything to compute.
fn all_at_once(inputs: &Inputs, cores: f64, title: (f64, String)) -> Vec<Prediction> {
    let compute = inputs.executed("upload");
    let alone = f64::from(UPLOADS) * LINE + compute / f64::from(CLIENTS);
    let (soonest, latest) = with_slack((LINE + compute / cores).max(alone));
    let told = inputs.fact("all answered").unwrap_or(latest);
    let mean = f64::from(CLIENTS) * told / ALL;
    let little = format!(
        "by Little's law {CLIENTS} uploads in progress, of which {:.0} a second are answered, take \
         {mean:.0} ms on average",
        ALL / told * 1e3
    );
    vec![
        Prediction::time(
            "all answered",
            soonest,
            latest,
            format!("{}, and waits overlap", work(inputs)),
        ),
        Prediction::time("median upload", LINE, mean * 1.5, little.clone()),
        Prediction::time("99th percentile", LINE, mean * 3.0, little),
        Prediction::time("worst title page", 0.0, title.0, title.1),
    ]
}

/// How long the title page takes where those who would answer it compute: they are asked twice, to accept
/// and to answer, and each time all thumbnails may be before it.
fn behind_thumbnails(inputs: &Inputs, threads: f64) -> (f64, String) {
    let longest = inputs.longest("upload");
    let round = f64::from(CLIENTS) * (longest + BESIDES) / threads;
    let reason = format!(
        "who accepts and who answers may each be behind {CLIENTS} thumbnails of {longest:.0} ms"
    );
    (2.0 * round + KERNEL, reason)
}

/// How long it takes where those who answer never compute.
fn behind_nobody() -> (f64, String) {
    let reason = "who answers it never computes, and has a core as soon as the kernel lets it";
    (2.0 * KERNEL, reason.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inputs() -> Inputs {
        let inputs = Inputs::default().with_parts("upload", &[20.0; ALL as usize]);
        inputs.with_fact("all answered", 340.0)
    }

    /// From what to what a figure is expected.
    fn range(predictions: &[Prediction], figure: &str) -> (f64, f64) {
        let mut all = predictions.iter();
        let prediction = all.find(|it| it.figure == figure).expect("a prediction");
        (prediction.at_least.round(), prediction.at_most.round())
    }

    #[test]
    fn one_at_a_time_all_waits_add_up_and_the_last_one_has_them_all() {
        let predicted = one_at_a_time(&inputs(), 1.0);
        assert_eq!(range(&predicted, "all answered"), (1129.0, 1541.0));
        assert_eq!(range(&predicted, "worst title page"), (1129.0, 1541.0));
        assert_eq!(range(&predicted, "99th percentile").0, 990.0);
        assert_eq!(range(&predicted, "median upload"), (20.0, 83.0));
        assert_eq!(range(&one_at_a_time(&inputs(), 2.0), "all answered").0, 812.0);
    }

    #[test]
    fn all_at_once_only_compute_adds_up() {
        let one_core = all_at_once(&inputs(), 1.0, behind_thumbnails(&inputs(), 1.0));
        assert_eq!(range(&one_core, "all answered").0, 653.0);
        assert_eq!(range(&one_core, "worst title page"), (0.0, 388.0));
        let two_cores = all_at_once(&inputs(), 2.0, behind_nobody());
        assert_eq!(range(&two_cores, "all answered").0, 337.0);
        assert_eq!(range(&two_cores, "median upload"), (20.0, 128.0));
        assert_eq!(range(&two_cores, "worst title page"), (0.0, 40.0));
    }

    #[test]
    fn however_many_cores_each_client_has_its_own_waits() {
        let predicted = all_at_once(&inputs(), 1e9, behind_nobody());
        // Four waits, and four thumbnails that take 20 ms each.
        assert_eq!(range(&predicted, "all answered").0, 158.0);
    }
}

//! What is promised of `video-game`, and the model of what its player feels.

use lab::order::{Order, line, par, seq};
use words::Quadrant;

use super::felt::{Inputs, Prediction, certainly};
use super::table::{System, Way};

/// The system.
pub(super) const SYSTEM: System = System {
    name: "video-game",
    summary: "a video game: keys, physics, pictures and music, thirty times a second",
    leaves: "png",
    ways: &[
        Way {
            name: "neither",
            summary: "one loop by hand, on one thread",
            quadrant: Quadrant::Neither,
            contract: by_hand,
            predict: |inputs| one_after_the_other(inputs, 1.0),
        },
        Way {
            name: "single-threaded",
            summary: "a schedule, on one thread",
            quadrant: Quadrant::Neither,
            contract: scheduled,
            predict: |inputs| one_after_the_other(inputs, 1.0),
        },
        Way {
            name: "concurrent-only",
            summary: "a schedule, several threads on one core",
            quadrant: Quadrant::ConcurrentOnly,
            contract: scheduled,
            predict: |inputs| at_once(inputs, 1.0),
        },
        Way {
            name: "parallel-only",
            summary: "one loop by hand, each tick and each picture on all cores",
            quadrant: Quadrant::ParallelOnly,
            contract: by_hand,
            predict: |inputs| one_after_the_other(inputs, inputs.cores),
        },
        Way {
            name: "both",
            summary: "a schedule, several threads on all cores",
            quadrant: Quadrant::Both,
            contract: scheduled,
            predict: |inputs| at_once(inputs, inputs.cores),
        },
    ],
    scale: None,
};

/// The frames that tell lines: where the lantern flies to then, and what the state is afterwards.
const TOLD: [(u32, &str, &str); 5] = [
    (15, "up", "16ba2762d745566b"),
    (30, "left", "17b78f06e5db1db9"),
    (45, "down", "e5b46c80c30cd469"),
    (60, "right", "c2d442352a740695"),
    (75, "stay", "aecad996ddfe4e33"),
];

/// How the game ends: whatever computes it, and on however many threads.
const END: [&str; 2] =
    ["20 caught: state aecad996ddfe4e33", "Pictures 2d3b160e78bb3cbb, sound b384e39f21ecd287"];

/// How many fireflies there are, and how many samples the sound of a frame has.
const FLIES: u32 = 2_150;
const SAMPLES: u32 = 1_600;

/// How many frames the game has, how long each is shown, and how many ticks it has.
const FRAMES: f64 = 75.0;
const FRAME: f64 = 1e3 / 30.0;
const TICKS: f64 = 4.0;

/// What a frame takes besides what its systems compute: to wake threads, and to tell lines.
const BESIDES: f64 = 5.0;

/// What each system tells of a frame: keys, physics, picture, sound and handover.
fn lines((frame, flies, state): (u32, &str, &str)) -> [Order; 5] {
    let done = [
        format!("keys: {flies}"),
        format!("physics: {state}"),
        format!("picture of {FLIES} fireflies"),
        format!("sound of {} samples", frame * SAMPLES),
        "handed over".to_owned(),
    ];
    done.map(|done| line(format!("Frame {frame} - {done}")))
}

/// The whole game, by what is promised of a frame.
fn game(frame: impl Fn([Order; 5]) -> Order) -> Order {
    let frames = TOLD.map(|told| frame(lines(told)));
    seq(frames.into_iter().chain(END.map(line)))
}

/// A loop by hand: one system after the other, and always in the same order.
fn by_hand() -> Order {
    game(seq)
}

/// A schedule promises no more than it was asked for: keys before physics, and everything before it is
/// handed over.
fn scheduled() -> Order {
    game(|[keys, physics, picture, sound, handover]| {
        seq([par([seq([keys, physics]), picture, sound]), handover])
    })
}

/// How long a frame takes on average, at the soonest and at the latest, in milliseconds, and why.
struct Frame {
    soonest: f64,
    latest: f64,
    why: String,
}

/// What the systems of a frame execute on average, in milliseconds: all together, and the one that takes
/// longest. Keys cost nothing to speak of.
fn work_and_span(inputs: &Inputs) -> (f64, f64) {
    let systems = ["physics", "picture", "sound", "handover"];
    let each = systems.map(|system| inputs.executed(system) / FRAMES);
    (each.iter().sum(), each.into_iter().fold(0.0, f64::max))
}

/// One system after the other, each on so many cores.
fn one_after_the_other(inputs: &Inputs, cores: f64) -> Vec<Prediction> {
    let (work, _) = work_and_span(inputs);
    let soonest = work / cores;
    let why = match cores {
        1.0 => format!("its systems compute for {work:.1} ms, one after the other"),
        cores => format!("its systems compute for {work:.1} ms, which {cores:.0} cores share"),
    };
    predict(inputs, &Frame { soonest, latest: soonest, why })
}

/// Whatever is ready and not yet begun, on any core that has nothing to do.
///
/// No schedule is done sooner than its longest chain, or than all cores together; and none that leaves no
/// core idle while anything is ready takes longer than the second bound (R. L. Graham, *Bounds for certain
/// multiprocessing anomalies*, 1966).
fn at_once(inputs: &Inputs, cores: f64) -> Vec<Prediction> {
    let (work, span) = work_and_span(inputs);
    let (soonest, latest) = (span.max(work / cores), work / cores + span * (1.0 - 1.0 / cores));
    let why = match cores {
        1.0 => format!("its systems compute for {work:.1} ms, and none waits for anything"),
        cores => format!(
            "the longest of its systems computes for {span:.1} ms, and all of them on {cores:.0} \
             cores for {:.1} ms",
            work / cores
        ),
    };
    predict(inputs, &Frame { soonest, latest, why })
}

fn predict(inputs: &Inputs, frame: &Frame) -> Vec<Prediction> {
    let figure = |figure, unit, at_least, at_most, reason| {
        Prediction::expected(figure, unit, certainly(at_least), at_most, reason)
    };
    // How many ticks are missed where every frame takes so long: the game stands still meanwhile.
    let missed = |time: f64| (time - FRAME).max(0.0) * FRAMES * TICKS / FRAME;
    let worst = inputs.fact("99th percentile").unwrap_or(frame.latest);
    let Frame { soonest, latest, why } = frame;
    vec![
        figure(
            "missed ticks",
            "",
            missed(certainly(*soonest)),
            missed(worst + 1.0),
            format!("a frame is shown for {FRAME:.1} ms, and at worst computed for {worst:.1} ms"),
        ),
        figure("mean frame", "ms", *soonest, latest * 1.2 + BESIDES, why.clone()),
        figure(
            "99th percentile",
            "ms",
            *soonest,
            latest * 1.6 + BESIDES,
            "no frame has much more to do than the others".to_owned(),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inputs() -> Inputs {
        let per_frame = |milliseconds: f64| vec![milliseconds; FRAMES as usize];
        let inputs = Inputs::default().with_parts("physics", &per_frame(15.0));
        let inputs = inputs.with_parts("picture", &per_frame(24.0));
        inputs.with_parts("sound", &per_frame(1.0)).with_fact("99th percentile", 41.0)
    }

    /// From what to what a figure is expected.
    fn range(predictions: &[Prediction], figure: &str) -> (f64, f64) {
        let mut all = predictions.iter();
        let prediction = all.find(|it| it.figure == figure).expect("a prediction");
        (prediction.at_least.round(), prediction.at_most.round())
    }

    #[test]
    fn on_one_core_it_does_not_matter_who_decides_what_comes_next() {
        for predicted in [one_after_the_other(&inputs(), 1.0), at_once(&inputs(), 1.0)] {
            assert_eq!(range(&predicted, "mean frame"), (40.0, 53.0));
            assert_eq!(range(&predicted, "missed ticks"), (56.0, 78.0));
        }
    }

    #[test]
    fn a_schedule_takes_as_long_as_its_longest_system_on_however_many_cores() {
        assert_eq!(range(&at_once(&inputs(), 2.0), "mean frame"), (24.0, 43.0));
        assert_eq!(range(&at_once(&inputs(), 1e9), "mean frame"), (24.0, 34.0));
        assert_eq!(range(&at_once(&inputs(), 2.0), "missed ticks").0, 0.0);
    }

    #[test]
    fn what_is_split_goes_on_becoming_faster() {
        assert_eq!(range(&one_after_the_other(&inputs(), 2.0), "mean frame").0, 20.0);
        assert_eq!(range(&one_after_the_other(&inputs(), 16.0), "mean frame").0, 2.0);
    }
}

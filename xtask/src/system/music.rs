//! What is promised of `music`, and the model of what one hears of it.

use std::time::Duration;

use lab::order::{Order, line, par, seq};
use words::Quadrant;

use super::felt::{Inputs, KERNEL, Prediction, ms};
use super::table::{System, Way};

/// The system.
pub(super) const SYSTEM: System = System {
    name: "music",
    summary: "a player, an editor and a compiler: is there a gap in the music?",
    leaves: "wav",
    ways: &[
        Way {
            name: "neither",
            summary: "all of the music, then the keys, then the compiler",
            quadrant: Quadrant::Neither,
            contract: || seq(chains()),
            predict: one_after_the_other,
        },
        Way {
            name: "concurrent-only",
            summary: "a thread each, on one core",
            quadrant: Quadrant::ConcurrentOnly,
            contract: || par(chains()),
            predict: |inputs| undisturbed(inputs, "the kernel takes the core from the compiler"),
        },
        Way {
            name: "one-thread",
            summary: "three tasks of one thread",
            quadrant: Quadrant::ConcurrentOnly,
            contract: || par(chains()),
            predict: in_the_compilers_hands_for_whole_files,
        },
        Way {
            name: "yielding",
            summary: "the same, and the compiler yields each millisecond",
            quadrant: Quadrant::ConcurrentOnly,
            contract: || par(chains()),
            predict: |inputs| in_the_compilers_hands(inputs, 2.0),
        },
        Way {
            name: "both",
            summary: "a thread each, on all cores",
            quadrant: Quadrant::Both,
            contract: || par(chains()),
            predict: |inputs| undisturbed(inputs, "whoever is due has a core"),
        },
    ],
    scale: None,
};

/// The tune.
const NOTES: [&str; 12] = ["E", "E", "F", "G", "G", "F", "E", "D", "C", "C", "D", "E"];

/// What is typed.
const TEXT: &str = "for task in tasks { go }";

/// How many files are compiled, and what comes of each: the primes below two million.
const FILES: usize = 6;
const PRIMES: usize = 148_933;

/// How long a buffer lasts. A card has room for two: from when it has room until it is empty it takes as
/// long as one, and when it is full it lasts as long as both.
const BUFFER: f64 = ms(Duration::from_millis(20));

/// How many buffers a note lasts.
const BUFFERS_A_NOTE: usize = 8;

/// How far apart the keys come.
const BETWEEN_KEYS: f64 = ms(Duration::from_millis(60));

/// What each of the three prints, in its order.
fn chains() -> [Order; 3] {
    let notes = (1..).zip(NOTES).map(|(number, note)| format!("Music - note {number} {note}"));
    let keys =
        (1..).zip(TEXT.chars()).map(|(number, key)| format!("Editor - key {number} `{key}`"));
    let files = (1..=FILES).map(|number| format!("Compiler - file {number}: {PRIMES} primes"));
    [seq(notes.map(line)), seq(keys.map(line)), seq(files.map(line))]
}

/// What is expected of a figure: a least, a most, and a reason.
type Expected = (f64, f64, String);

/// Gaps, silence, and how long the unluckiest buffer and key wait.
fn predictions(
    gaps: Expected,
    silence: Expected,
    buffer: Expected,
    key: Expected,
) -> Vec<Prediction> {
    let figure = |figure, unit, (at_least, at_most, reason)| {
        Prediction::expected(figure, unit, at_least, at_most, reason)
    };
    vec![
        figure("gaps", "", gaps),
        figure("silence", "ms", silence),
        figure("worst buffer", "ms", buffer),
        figure("worst key", "ms", key),
    ]
}

fn one_after_the_other(inputs: &Inputs) -> Vec<Prediction> {
    let last_buffer = (NOTES.len() * BUFFERS_A_NOTE - 1) as f64 * BUFFER;
    let waits = last_buffer - BETWEEN_KEYS;
    let buffer = inputs.longest("music") + KERNEL;
    let undisturbed = "nobody else is in progress while it plays".to_owned();
    let none = (0.0, 0.0, undisturbed.clone());
    let key = "the first key is answered when all of the music has been played".to_owned();
    predictions(none.clone(), none, (0.0, buffer, undisturbed), (waits, waits + buffer, key))
}

/// Threads: nobody depends on anybody else's kindness.
fn undisturbed(inputs: &Inputs, why: &str) -> Vec<Prediction> {
    let buffer = inputs.longest("music");
    let gaps = format!("{why}, and the card lasts for another {BUFFER:.0} ms");
    let wait = |what| {
        let why = format!("{why}: within {KERNEL:.0} ms, and {what} ({buffer:.1} ms)");
        (0.0, KERNEL + buffer, why)
    };
    predictions(
        (0.0, 0.0, gaps.clone()),
        (0.0, 0.0, gaps),
        wait("then it is computed"),
        wait("after a buffer at worst"),
    )
}

/// Tasks of one thread: all wait for as long as the compiler computes at a time.
///
/// When it begins the card has between one buffer and two. A key may come while it computes, and be seen
/// after so many stretches in a row: who yields may be asked again before timers are looked at.
fn in_the_compilers_hands(inputs: &Inputs, in_a_row: f64) -> Vec<Prediction> {
    let stretches = inputs.parts("compiler");
    let buffer = inputs.longest("music");
    // What a stretch that is too long takes besides: a tick, and the buffers that are due by then.
    let late = KERNEL + 2.0 * buffer;
    let over = |time: f64| stretches.iter().filter(|&&stretch| stretch > time).count() as f64;
    let many = over(BUFFER - late.min(BUFFER / 2.0));
    let longest = inputs.longest("compiler");
    let at_a_time = format!("the compiler computes for {longest:.1} ms at a time");
    let gaps = format!("{at_a_time}, and the card has 20 to 40 ms left when it begins");
    let wait = (0.0, in_a_row * longest + late, format!("{at_a_time}, and nobody else meanwhile"));
    predictions(
        (0.0, many, gaps.clone()),
        (0.0, silence(stretches, BUFFER) + many * late, gaps),
        wait.clone(),
        wait,
    )
}

/// The same where it never yields. Then it is ready long after the music would have been, and whatever it
/// takes is taken from the music: on a machine that was busy just then from one file to the next, in one
/// gap. At the latest one distance of keys after the first file is begun a key comes, and within a buffer the
/// card has room for the next.
fn in_the_compilers_hands_for_whole_files(inputs: &Inputs) -> Vec<Prediction> {
    let files = inputs.parts("compiler");
    let silence = silence(files, 2.0 * BUFFER);
    let [buffer, key] =
        [BUFFER, BETWEEN_KEYS].map(|after| files.first().map_or(0.0, |first| first - after));
    let mut predicted = in_the_compilers_hands(inputs, 1.0);
    for (prediction, least) in predicted.iter_mut().zip([silence.min(1.0), silence, buffer, key]) {
        prediction.at_least = least.max(0.0);
    }
    predicted
}

/// How long the card is silent during stretches of compute if it has so much left when each begins.
fn silence(stretches: &[f64], left: f64) -> f64 {
    stretches.iter().map(|stretch| (stretch - left).max(0.0)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inputs(stretches: &[f64]) -> Inputs {
        Inputs::default().with_parts("compiler", stretches).with_parts("music", &[0.5])
    }

    /// From what to what a figure is expected.
    fn range(predictions: &[Prediction], figure: &str) -> (f64, f64) {
        let mut all = predictions.iter();
        let prediction = all.find(|it| it.figure == figure).expect("a prediction");
        (prediction.at_least, prediction.at_most)
    }

    #[test]
    fn a_compiler_that_keeps_the_thread_makes_a_gap_a_file() {
        let predicted = in_the_compilers_hands_for_whole_files(&inputs(&[150.0; FILES]));
        assert_eq!(range(&predicted, "gaps"), (1.0, 6.0));
        assert_eq!(range(&predicted, "silence"), (660.0, 906.0));
        assert_eq!(range(&predicted, "worst buffer"), (130.0, 171.0));
        assert_eq!(range(&predicted, "worst key"), (90.0, 171.0));
    }

    #[test]
    fn a_compiler_that_yields_makes_none() {
        let predicted = in_the_compilers_hands(&inputs(&[1.0; 900]), 2.0);
        assert_eq!(range(&predicted, "gaps"), (0.0, 0.0));
        assert_eq!(range(&predicted, "silence"), (0.0, 0.0));
        assert_eq!(range(&predicted, "worst buffer"), (0.0, 23.0));
        assert_eq!(range(&predicted, "worst key"), (0.0, 23.0));
    }

    #[test]
    fn one_after_the_other_the_first_key_waits_for_the_last_note() {
        let predicted = one_after_the_other(&inputs(&[150.0; FILES]));
        assert_eq!(range(&predicted, "worst buffer"), (0.0, 20.5));
        assert_eq!(range(&predicted, "worst key"), (1840.0, 1860.5));
    }
}

//! What is promised of `big-data`, and the model of how soon it has counted.

use std::time::Duration;

use lab::order::{Order, line, seq};
use words::Quadrant;

use super::felt::{Inputs, Prediction, certainly, ms};
use super::scale::Scale;
use super::table::{System, Way};

/// The system.
pub(super) const SYSTEM: System = System {
    name: "big-data",
    summary: "words that stand near each other: when does an engine overtake a plain thread?",
    leaves: "txt",
    ways: &[
        Way {
            name: "plain",
            summary: "one thread, without an engine",
            quadrant: Quadrant::Neither,
            contract,
            predict: |inputs| {
                predict(inputs.executed("plain"), inputs.executed("plain"), plainly())
            },
        },
        Way {
            name: "one-worker",
            summary: "the engine, with one worker",
            quadrant: Quadrant::Neither,
            contract,
            predict: |inputs| on_engine(inputs, 1.0),
        },
        Way {
            name: "workers",
            summary: "the engine, with a worker a core",
            quadrant: Quadrant::ParallelOnly,
            contract,
            predict: |inputs| on_engine(inputs, inputs.cores),
        },
        Way {
            name: "processes",
            summary: "the engine, in two processes",
            quadrant: Quadrant::ParallelOnly,
            contract,
            predict: in_processes,
        },
    ],
    scale: Some(Scale {
        figure: "counted",
        one: "one-worker",
        all: "workers",
        predict: |inputs, cores| besides(inputs) / cores as f64,
    }),
};

/// How long the engine sleeps where another process is not there yet, and how often that may be.
const SLEEP: f64 = ms(Duration::from_secs(1));
const SLEEPS: f64 = 2.0;

/// How long the kernel may take to give a core to who wants one, and to start threads and processes.
const STARTING: f64 = ms(Duration::from_millis(100));

/// Whoever counts, and however many, comes to the same.
fn contract() -> Order {
    seq(["Pairs - counted on a plain thread", "Pairs - the same again"].map(line))
}

fn plainly() -> String {
    "it counts, and does nothing else".to_owned()
}

/// What was executed after the plain thread was done, all told: to read the text is a little of it.
fn besides(inputs: &Inputs) -> f64 {
    (inputs.cpu - inputs.executed("plain")).max(0.0)
}

/// The engine with so many workers, which have a core each.
fn on_engine(inputs: &Inputs, workers: f64) -> Vec<Prediction> {
    let (counting, all) = (inputs.executed("count"), besides(inputs));
    let plain = inputs.executed("plain");
    let cost = (all / plain.max(1.0)).ceil();
    let why = format!(
        "{workers:.0} of its workers count for {counting:.0} ms and add up what others counted: {all:.0} \
         ms. The plain thread executed for {plain:.0} ms: the engine's COST is about {cost:.0}"
    );
    predict(counting / workers, all / workers * 1.2, why)
}

/// The same in processes that have to find each other.
fn in_processes(inputs: &Inputs) -> Vec<Prediction> {
    let all = besides(inputs);
    let why = format!(
        "both read the text, and execute for {all:.0} ms together; and the engine looks only once a second \
         whether the other process is there"
    );
    predict(0.0, all + SLEEPS * SLEEP, why)
}

/// How soon it has counted, and what no machine can be in the way of.
fn predict(soonest: f64, latest: f64, reason: String) -> Vec<Prediction> {
    let same = "what is added up comes to the same, whoever counted it and when";
    vec![
        Prediction::time("counted", certainly(soonest), latest * 1.25 + STARTING, reason),
        Prediction::promised("different", "", 0.0, 0.0, same),
    ]
}

#[cfg(test)]
mod tests {
    use words::Outcome;

    use super::*;
    use crate::system::felt::Felt;

    fn inputs() -> Inputs {
        let inputs =
            Inputs::default().with_parts("plain", &[1000.0]).with_parts("count", &[1000.0]);
        inputs.with_cpu(2500.0)
    }

    #[test]
    fn the_engine_divides_what_it_counts_among_its_workers() {
        let range = |workers| {
            let counted = &on_engine(&inputs(), workers)[0];
            (counted.at_least.round(), counted.at_most.round())
        };
        assert_eq!((range(1.0), range(2.0)), ((990.0, 2350.0), (495.0, 1225.0)));
        assert!(on_engine(&inputs(), 1.0)[0].reason.ends_with("the engine's COST is about 2"));
    }

    #[test]
    fn another_answer_is_no_fault_of_the_machine() {
        let prediction = on_engine(&inputs(), 2.0)[1].clone();
        let felt = Felt { value: Some(1.0), prediction };
        assert_eq!(felt.outcome(), Outcome::Failed);
    }
}

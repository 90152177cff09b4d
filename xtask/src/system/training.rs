//! What is promised of `training`, and the model of when its networks have learned.

use lab::order::{Order, line, par, seq};
use words::Quadrant;

use super::felt::{Inputs, KERNEL, Prediction, certainly};
use super::scale::{Scale, whoever_is_free};
use super::table::{System, Way};

/// The system.
pub(super) const SYSTEM: System = System {
    name: "training",
    summary: "networks that learn to read: what do more workers bring, and do they learn the same?",
    leaves: "png",
    ways: &[
        Way {
            name: "neither",
            summary: "one network after the other, on one core",
            quadrant: Quadrant::Neither,
            contract: || seq(networks(WEIGHTS)),
            predict: |inputs| predict(inputs, work(inputs), work(inputs), SAME),
        },
        Way {
            name: "concurrent-only",
            summary: "all networks at once, on one core",
            quadrant: Quadrant::ConcurrentOnly,
            contract: || par(networks(WEIGHTS)),
            predict: |inputs| predict(inputs, work(inputs), work(inputs), SAME),
        },
        Way {
            name: "parallel-only",
            summary: "one network after the other, its batches on all cores",
            quadrant: Quadrant::ParallelOnly,
            contract: || seq(networks(WEIGHTS)),
            predict: |inputs| {
                predict(inputs, ideal(inputs), by_batches(inputs, BATCH, inputs.cores), SAME)
            },
        },
        Way {
            name: "both",
            summary: "all networks at once, a core each",
            quadrant: Quadrant::Both,
            contract: || par(networks(WEIGHTS)),
            predict: |inputs| {
                let done = whoever_is_free(&costs(inputs), inputs.cores as usize);
                predict(inputs, ideal(inputs), done, SAME)
            },
        },
        Way {
            name: "by-worker",
            summary: "as parallel-only, and each worker adds up what it has",
            quadrant: Quadrant::ParallelOnly,
            contract: || seq(networks(["that depend on how many workers there were"; NETWORKS])),
            predict: |inputs| {
                predict(inputs, ideal(inputs), by_batches(inputs, BATCH, inputs.cores), OTHERS)
            },
        },
        Way {
            name: "small-batches",
            summary: "as parallel-only, with batches of eight",
            quadrant: Quadrant::ParallelOnly,
            contract: || seq(networks(WEIGHTS_OF_SMALL_BATCHES)),
            predict: |inputs| {
                predict(inputs, ideal(inputs), by_batches(inputs, SMALL, inputs.cores), SAME)
            },
        },
    ],
    scale: Some(Scale {
        figure: "all trained",
        one: "neither",
        all: "parallel-only",
        predict: |inputs, cores| by_batches(inputs, BATCH, cores as f64),
    }),
};

/// How many networks there are, how many pictures they learn from, and how often.
const NETWORKS: usize = 4;
const PICTURES: f64 = 1437.0;
const EPOCHS: usize = 48;

/// What all bits of their weights come to, on any machine.
const WEIGHTS: [&str; NETWORKS] =
    ["0d018df2de3c34ef", "585b23e0196bdff7", "4faa6881c1ab78bb", "61e6b09880a4a6ce"];
const WEIGHTS_OF_SMALL_BATCHES: [&str; NETWORKS] =
    ["7730e575d3dd326e", "f8291fee7b8d6fbd", "8d3e5df7e6d6a1ee", "a3805d7e9325b33e"];

/// How many pictures a batch has, and into how many shares it is split.
const BATCH: f64 = 64.0;
const SMALL: f64 = 8.0;
const SHARES: f64 = 8.0;

/// What it costs to share out a batch and to wait for the last share, in milliseconds: who waits while others
/// add up has fallen asleep by then, and is woken by the kernel.
const WAIT: f64 = 0.12;

/// Which share of the cores' time goes into networks, where nobody has to wait. The rest goes into telling
/// the trace of each batch.
const EFFICIENCY: f64 = 0.9;

/// How many different networks one, two, three and eight workers make, at least and at most, and why.
type Answers = (f64, f64, &'static str);
const SAME: Answers = (1.0, 1.0, "shares are added up in their order, whoever was first");
const OTHERS: Answers = (2.0, 4.0, "sums of other shares are rounded at other places");

/// What is printed of each network, which has these weights in the end.
fn networks(weights: [&'static str; NETWORKS]) -> impl Iterator<Item = Order> {
    (1..).zip(weights).map(|(number, weights)| {
        let epochs = (1..=4).map(|quarter| EPOCHS / 4 * quarter);
        let epochs = epochs.map(|epoch| format!("Network {number} - epoch {epoch}"));
        seq(epochs.chain([format!("Network {number} - weights {weights}")]).map(line))
    })
}

/// What each network costs, in milliseconds of a core.
fn costs(inputs: &Inputs) -> Vec<f64> {
    (1..=NETWORKS).map(|number| inputs.executed(&format!("network {number}"))).collect()
}

/// What all of them cost.
fn work(inputs: &Inputs) -> f64 {
    costs(inputs).iter().sum()
}

/// When all cores are done, where none is ever idle.
fn ideal(inputs: &Inputs) -> f64 {
    work(inputs) / inputs.cores
}

/// When the first network can have learned: the cheapest of all, on all cores.
fn first(inputs: &Inputs) -> f64 {
    costs(inputs).into_iter().reduce(f64::min).unwrap_or(0.0) / inputs.cores
}

/// What nobody shares: shares are added up, and weights changed.
fn serial(inputs: &Inputs) -> f64 {
    inputs.fact("adding up").unwrap_or(0.0)
}

/// When so many cores are done that wait for each other after each batch of so many pictures: by Amdahl's
/// law, with as many shares as there are, and what it costs to wait.
fn by_batches(inputs: &Inputs, batch: f64, cores: f64) -> f64 {
    let shared = (work(inputs) - serial(inputs)).max(0.0);
    let rounds = (SHARES / cores).ceil() / SHARES;
    let batches = (PICTURES / batch).ceil() * (NETWORKS * EPOCHS) as f64;
    let waits = if cores > 1.0 { batches * WAIT } else { 0.0 };
    shared * rounds + serial(inputs) + waits
}

/// What is felt of networks that have learned at this time at the soonest, and at that one where the machine
/// is its own.
fn predict(
    inputs: &Inputs,
    soonest: f64,
    done: f64,
    (fewest, most, why): Answers,
) -> Vec<Prediction> {
    let (work, cores) = (work(inputs), inputs.cores);
    let told = inputs.fact("all trained").unwrap_or(f64::INFINITY);
    let share = inputs.share(work, told);
    let done = done / EFFICIENCY + KERNEL;
    let reason = format!(
        "they cost {work:.0} ms of a core, of which {:.0} ms cannot be shared; of {cores:.0} cores' time \
         {share:.0} % went into them, and to share out a batch costs some {:.0} µs",
        serial(inputs),
        WAIT * 1e3
    );
    let soonest = certainly(soonest);
    let sooner = "no network has learned after the last one";
    let reads = "of a hundred digits a network of this kind reads ninety-seven";
    vec![
        Prediction::time("all trained", soonest, done, reason),
        Prediction::time("first trained", certainly(first(inputs)), told.min(done), sooner),
        Prediction::promised("answers", "", fewest, most, why),
        Prediction::promised("worst network", "% wrong", 0.0, 3.0, reads),
        Prediction::promised("all together", "% wrong", 0.0, 3.0, reads),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Networks that cost a second of a core, of which an eighth cannot be shared.
    fn inputs() -> Inputs {
        let inputs = Inputs::default().with_cores(2.0).with_fact("adding up", 125.0);
        (1..=4).fold(inputs, |inputs, it| inputs.with_parts(&format!("network {it}"), &[250.0]))
    }

    #[test]
    fn what_cannot_be_shared_and_what_sharing_costs_are_left_however_many_cores_there_are() {
        let done =
            [1.0, 2.0, 3.0, 8.0, 64.0].map(|cores| by_batches(&inputs(), BATCH, cores).round());
        assert_eq!(done, [1000.0, 1092.0, 983.0, 764.0, 764.0]);
    }

    #[test]
    fn small_batches_are_waited_for_eight_times_as_often() {
        let [large, small] = [BATCH, SMALL].map(|batch| by_batches(&inputs(), batch, 2.0).round());
        assert_eq!((large, small), (1092.0, 4710.0));
    }
}

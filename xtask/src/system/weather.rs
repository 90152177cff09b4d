//! What is promised of `weather`, and the model of when its forecasts are there.

use lab::order::{Order, line, par, seq};
use words::Quadrant;

use super::felt::{Inputs, KERNEL, Prediction, certainly};
use super::scale::{Scale, whoever_is_free};
use super::table::{System, Way};

/// The system.
pub(super) const SYSTEM: System = System {
    name: "weather",
    summary: "forecasts of a sea that turns: what is shared out, and is the answer the same?",
    leaves: "png",
    ways: &[
        Way {
            name: "neither",
            summary: "one forecast after the other, on one core",
            quadrant: Quadrant::Neither,
            contract: || seq(members()),
            predict: |inputs| predict(inputs, work(inputs), work(inputs), Waits::Never, ONE_ANSWER),
        },
        Way {
            name: "concurrent-only",
            summary: "all forecasts at once, on one core",
            quadrant: Quadrant::ConcurrentOnly,
            contract: || par(members()),
            predict: |inputs| predict(inputs, work(inputs), work(inputs), Waits::Never, ONE_ANSWER),
        },
        Way {
            name: "parallel-only",
            summary: "one forecast after the other, its rows on all cores",
            quadrant: Quadrant::ParallelOnly,
            contract: || seq(members()),
            predict: |inputs| {
                predict(inputs, ideal(inputs), by_stages(inputs), Waits::EachStage, ONE_ANSWER)
            },
        },
        Way {
            name: "both",
            summary: "all forecasts at once, a core each",
            quadrant: Quadrant::Both,
            contract: || par(members()),
            predict: |inputs| {
                let done = whoever_is_free(&costs(inputs), inputs.cores as usize);
                predict(inputs, ideal(inputs), done, Waits::Never, ONE_ANSWER)
            },
        },
        Way {
            name: "by-core",
            summary: "as parallel-only, and each core adds up its own rows",
            quadrant: Quadrant::ParallelOnly,
            contract: || seq(members()),
            predict: |inputs| {
                predict(inputs, ideal(inputs), by_stages(inputs), Waits::EachStage, MANY_ANSWERS)
            },
        },
    ],
    scale: Some(Scale {
        figure: "all forecasts",
        one: "neither",
        all: "both",
        predict: |inputs, cores| whoever_is_free(&costs(inputs), cores),
    }),
};

/// How many days a forecast reaches.
const DAYS: usize = 6;

/// What all bits of each forecast's sea come to, on any machine.
const MEMBERS: [&str; 4] =
    ["7a137cc3c1bc22ca", "19d3aff2e07b5966", "5d476a3fb1d080d8", "b1db09124e88b902"];

/// How many stages all forecasts have, after each of which all cores wait for the last.
const STAGES: f64 = (MEMBERS.len() * DAYS * 8 * 40 * 3) as f64;

/// Which share of the cores' time goes into forecasts, where nobody has to wait. The rest goes into telling
/// the trace of each of their stages.
const EFFICIENCY: f64 = 0.9;

/// How many different energies there are on one, two, three and eight cores, at least and at most, and why.
type Answers = (f64, f64, &'static str);
const ONE_ANSWER: Answers =
    (1.0, 1.0, "each row is added up alone, and then all rows in their order");
const MANY_ANSWERS: Answers =
    (2.0, 4.0, "each core adds up what it has, and so sums are rounded at other places");

/// What is printed of each forecast.
fn members() -> impl Iterator<Item = Order> {
    (1..).zip(MEMBERS).map(|(number, sea)| {
        let days = (1..=DAYS).map(|day| format!("Member {number} - day {day}"));
        seq(days.chain([format!("Member {number} - sea {sea}")]).map(line))
    })
}

/// What each forecast costs, in milliseconds of a core.
fn costs(inputs: &Inputs) -> Vec<f64> {
    (1..=MEMBERS.len()).map(|number| inputs.executed(&format!("member {number}"))).collect()
}

/// What all of them cost.
fn work(inputs: &Inputs) -> f64 {
    costs(inputs).iter().sum()
}

/// When all cores are done, where none is ever idle.
fn ideal(inputs: &Inputs) -> f64 {
    work(inputs) / inputs.cores
}

/// When they are, where all wait for the last one after each stage.
fn by_stages(inputs: &Inputs) -> f64 {
    ideal(inputs) + STAGES * wait(inputs) / 1e3
}

/// What such a wait costs, in microseconds, as the run itself has measured it on a few stages.
fn wait(inputs: &Inputs) -> f64 {
    inputs.fact("wait a stage").unwrap_or(0.0)
}

/// When the first forecast can be there: the cheapest of all, on all cores.
fn first(inputs: &Inputs) -> f64 {
    costs(inputs).into_iter().reduce(f64::min).unwrap_or(0.0) / inputs.cores
}

/// When cores wait for each other.
#[derive(Clone, Copy)]
enum Waits {
    Never,
    EachStage,
}

/// What is felt of forecasts that are done at this time at the soonest, and at that one where the machine is
/// its own.
fn predict(
    inputs: &Inputs,
    soonest: f64,
    done: f64,
    waits: Waits,
    (fewest, most, why): Answers,
) -> Vec<Prediction> {
    let (work, cores) = (work(inputs), inputs.cores);
    let told = inputs.fact("all forecasts").unwrap_or(f64::INFINITY);
    let share = inputs.share(work, told);
    let done = done / EFFICIENCY + KERNEL;
    let waits = match waits {
        Waits::EachStage => format!(
            ", and after each of {STAGES:.0} stages all cores wait for {:.1} µs",
            wait(inputs)
        ),
        Waits::Never => String::new(),
    };
    let reason = format!(
        "they cost {work:.0} ms of a core; of {cores:.0} cores' time {share:.0} % went into them{waits}"
    );
    let soonest = certainly(soonest);
    let sooner = "no forecast is done after the last one";
    let lost = "what flows out of one cell flows into its neighbour";
    let asked = "a sea of 0.3 MB stays in the caches, and needs no more than memory has";
    vec![
        Prediction::time("all forecasts", soonest, done, reason),
        Prediction::time("first forecast", certainly(first(inputs)), told.min(done), sooner),
        Prediction::promised("answers", "", fewest, most, why),
        Prediction::promised("water lost", "in 10¹²", 0.0, 1.0, lost),
        Prediction::expected("memory asked", "%", 0.0, 100.0, asked),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inputs() -> Inputs {
        let inputs = Inputs::default().with_cores(2.0).with_fact("wait a stage", 15.0);
        (1..=4).fold(inputs, |inputs, it| inputs.with_parts(&format!("member {it}"), &[500.0]))
    }

    #[test]
    fn four_forecasts_gain_nothing_by_a_fifth_core() {
        let done = [1, 2, 3, 4, 64].map(|cores| whoever_is_free(&costs(&inputs()), cores));
        assert_eq!(done, [2000.0, 1000.0, 1000.0, 500.0, 500.0]);
    }

    #[test]
    fn who_waits_after_each_stage_is_later_done() {
        assert_eq!(ideal(&inputs()), 1000.0);
        assert_eq!(by_stages(&inputs()).round(), 1346.0);
    }

    #[test]
    fn the_first_forecast_may_be_the_cheapest_of_all() {
        let inputs = inputs().with_cores(1.0).with_parts("member 1", &[400.0]);
        let predicted = predict(&inputs, work(&inputs), work(&inputs), Waits::Never, ONE_ANSWER);
        assert_eq!((predicted[0].at_least, predicted[1].at_least), (1881.0, 396.0));
    }
}

//! Bounds and the exact amount, of programs that nobody has thought of, on this machine as it is.
//!
//! The kernel's own record says exactly how much was executed beside other execution. The accounts and the
//! recorder say how much it was at least and at most, and must be right, whatever the program did and
//! however busy the machine was. To try more of it, and with every core kept busy:
//!
//!     NATURE=2000 cargo test -p xtask --test nature -- --nocapture
//!     NATURE=2000 NATURE_BUSY=1 cargo test -p xtask --test nature -- --nocapture

#![cfg(target_os = "linux")]

mod common;

use std::process::Command;

use command::envelope;
use serde_json::Value;

use common::{busily, number};

/// What two clocks may differ by: the record's is read where a thread gets a core and loses it, and the
/// accounts' where the kernel charges for it.
const CLOCKS: f64 = 0.1;

/// What sources say of one run, in milliseconds.
struct Said {
    exact: [f64; 2],
    /// The name of the source, at least, at most.
    others: Vec<(String, f64, Option<f64>)>,
    report: Value,
}

fn run(seed: u64) -> Option<Said> {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["classify", "--format", "json", "--time-limit", "60", "--"])
        .args([env!("CARGO_BIN_EXE_random"), &seed.to_string()])
        .output()
        .expect("the task runner runs");
    let report: Value = envelope::read(&output.stdout).expect("a report");
    assert_eq!(report["exit"], 0, "seed {seed}: {report:#}");
    let claims = report["parallel"]["claims"].as_array().expect("a list").clone();
    let bounds = |claim: &Value| (claim["at_least_ms"].as_f64(), claim["at_most_ms"].as_f64());
    let exact = claims.iter().find(|claim| claim["source"] == "switches")?;
    let exact = [bounds(exact).0?, bounds(exact).1?];
    let others = claims.iter().filter(|claim| claim["source"] != "switches");
    let others = others.filter_map(|claim| {
        let (at_least, at_most) = bounds(claim);
        Some((claim["source"].as_str()?.to_owned(), at_least?, at_most))
    });
    Some(Said { exact, others: others.collect(), report })
}

#[test]
fn no_bound_is_wrong_whatever_a_program_does() {
    let (runs, busy) = (number("NATURE", 25), number("NATURE_BUSY", 0) > 0);
    let first = number("NATURE_SEED", 0);
    let mut tally = Tally::default();
    busily(busy, || {
        for seed in first..first + runs {
            let Some(said) = run(seed) else {
                eprintln!("skipped: the kernel's own record is not to be had here");
                return;
            };
            tally.add(seed, &said);
        }
    });
    eprintln!("{tally:#?}");
    assert!(tally.wrong.is_empty(), "{}", tally.wrong.join("\n"));
}

/// How close the bounds are.
#[derive(Debug, Default)]
struct Tally {
    runs: u64,
    /// Of how many runs the exact amount was more than 0.2 ms.
    parallel: u64,
    exact_ms: f64,
    /// By source: in how many runs it said something, and how much at least, all told.
    at_least_ms: std::collections::BTreeMap<String, (u64, f64)>,
    contradictions: u64,
    wrong: Vec<String>,
}

impl Tally {
    fn add(&mut self, seed: u64, said: &Said) {
        let [least, most] = said.exact;
        self.runs += 1;
        self.parallel += u64::from(least > 0.2);
        self.exact_ms += least;
        for (source, at_least, at_most) in &said.others {
            let sum = self.at_least_ms.entry(source.clone()).or_default();
            *sum = (sum.0 + 1, sum.1 + at_least);
            // A trace knows nothing of what was not recorded: only its lower bound is of the whole run.
            let is_of_all = source == "accounts";
            let too_much = *at_least > most + CLOCKS;
            let too_little = is_of_all && at_most.is_some_and(|at_most| at_most + CLOCKS < least);
            if too_much || too_little {
                let report = &said.report["parallel"];
                self.wrong.push(format!("seed {seed}, {source}: {report:#}"));
            }
        }
        let contradictions = said.report["contradictions"].as_array().map_or(0, Vec::len);
        if contradictions > 0 {
            self.contradictions += 1;
            self.wrong.push(format!("seed {seed}: {}", said.report["contradictions"]));
        }
    }
}

//! What the witness makes of what was seen.

use std::time::Duration;

use evidence::verdict::{Answer, THRESHOLD};
use serde_json::{Value, json};

use super::Witness;
use crate::show::{count, duration};

/// An answer to the question whether several threads were executing at once, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Opinion {
    /// The answer.
    pub(crate) answer: Answer,
    /// The reasons, in full sentences.
    pub(crate) sentence: String,
}

impl Witness {
    /// Whether several threads were executing at once.
    pub(crate) fn opinion(&self) -> Opinion {
        let ruled_out = |sentence| Opinion { answer: Answer::RuledOut, sentence };
        if self.at_least > THRESHOLD {
            return Opinion { answer: Answer::Proven, sentence: self.proof() };
        }
        if self.cores == Some(1) {
            let looks = count(self.looks, "look");
            return ruled_out(format!("In {looks}, all its threads were allowed one core only."));
        }
        match self.at_most {
            Some(at_most) if at_most <= THRESHOLD => ruled_out(format!(
                "One thread executed for all of the {} that the process tree did but for {}: there \
                 was next to nothing that it could have executed beside.",
                duration(self.usage.cpu()),
                duration(at_most)
            )),
            _ => Opinion { answer: Answer::Inconclusive, sentence: self.doubts().join(" ") },
        }
    }

    fn proof(&self) -> String {
        if let Some((window, [first, second])) = &self.window {
            let length = window.to.saturating_sub(window.from);
            return format!(
                "Between {} and {} its threads executed for at least {}, which is more than one \
                 core has time for in {}; most of it were {first} and {second}.",
                duration(window.from),
                duration(window.to),
                duration(window.executed),
                duration(length)
            );
        }
        format!(
            "Its threads executed for {} in {}: at least {} of it beside each other.",
            duration(self.usage.cpu()),
            duration(self.usage.whole),
            duration(self.at_least)
        )
    }

    /// Why the question is open.
    fn doubts(&self) -> Vec<String> {
        let cpu = self.usage.cpu();
        let mut doubts = Vec::new();
        match self.at_most {
            Some(at_most) => doubts.push(format!(
                "Of the {} that its threads executed, one thread executed {}. The other {} may have \
                 been beside it or not.",
                duration(cpu),
                duration(cpu.saturating_sub(at_most)),
                duration(at_most)
            )),
            None => doubts.push(
                "Nobody knows how long all its threads executed: the system does not tell, or the \
                 program told the kernel not to keep account of its children."
                    .to_owned(),
            ),
        }
        if self.run_delay > Duration::from_millis(1).max(cpu / 4) {
            let delay = duration(self.run_delay);
            doubts.push(format!("They waited {delay} for a core: the machine was busy."));
        } else if cpu < self.usage.whole / 10 {
            doubts.push(format!(
                "The run took {}, so that it mostly waited.",
                duration(self.usage.whole)
            ));
        } else if let [(first, _), (second, executed), ..] = self.busiest.as_slice()
            && *executed > cpu / 10
        {
            doubts.push(format!(
                "Threads {first} and {second} may well have taken turns, as with a lock around \
                 the work."
            ));
        }
        doubts
    }

    /// Describes the opinion and what it rests on to a program.
    pub(crate) fn to_json(&self) -> Value {
        let Opinion { answer, sentence } = self.opinion();
        let milliseconds = |time: Duration| time.as_secs_f64() * 1e3;
        let window = self.window.as_ref().map(|(window, threads)| {
            json!({
                "from_ms": milliseconds(window.from),
                "to_ms": milliseconds(window.to),
                "executed_ms": milliseconds(window.executed),
                "busiest_threads": threads,
            })
        });
        let busiest = self.busiest.iter().map(
            |(name, executed)| json!({ "name": name, "executed_ms": milliseconds(*executed) }),
        );
        json!({
            "verdict": answer.name(),
            "sentence": sentence,
            "evidence": {
                "cpu_ms": milliseconds(self.usage.cpu()),
                "wall_ms": milliseconds(self.usage.whole),
                "at_least_ms": milliseconds(self.at_least),
                "at_most_ms": self.at_most.map(milliseconds),
                "window": window,
                "busiest_threads": busiest.collect::<Vec<_>>(),
                "processes_seen": self.processes,
                "threads_seen": self.threads,
                "most_threads_running": self.most_running,
                "looks": self.looks,
                "looks_at_several_running": self.looks_at_several,
                "cores": self.cores,
                "run_delay_ms": milliseconds(self.run_delay),
                "steal_ms": self.steal.map(milliseconds),
            },
        })
    }
}

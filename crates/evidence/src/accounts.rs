//! The source *accounts*: what the kernel tells of any program, without having recorded it.
//!
//! A program cannot forge it and need not help. It rests on two things:
//!
//! - the kernel's account of the finished process tree, to the microsecond;
//! - looks at all threads while the tree runs: how long each has executed so
//!   far, what it is doing, and on which cores it may.
//!
//! From these follow two bounds on how much was executed *beside* other
//! execution, that is, while another thread was executing as well:
//!
//! - **At least** what is more than one core has time for, in the whole run or
//!   in windows of it.
//! - **At most** what all threads but the busiest executed: beside a thread that
//!   is alone nothing is executed.

use std::time::Duration;

use serde_json::{Value, json};
use words::{Answer, Axis, Time, milliseconds};

use crate::THRESHOLD;
use crate::circumstances::Circumstances;
use crate::claim::{Amount, Claim, Evidence, Party, Proof, Source, Testimony};
use crate::reason::{Blame, Reason};

/// What was seen of a run from outside.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Accounts {
    /// How long the whole process tree executed, by the kernel's accounts of the finished processes:
    /// user and system time together. That it exceeds the time from start to end proves nothing by
    /// itself: a thread is accounted for from the moment at which it is woken, which is a little before
    /// it gets its core.
    pub cpu: Duration,
    /// Whether this is known to be all. The kernel forgets what a process used whose parent said that
    /// it does not want to know of its end.
    pub complete: bool,
    /// From the start of the program to the end of the last process that it started.
    pub wall: Duration,
    /// For how long threads executed beside others, at least.
    pub at_least: Duration,
    /// For how long threads can have executed beside others; `None` where nobody knows.
    pub at_most: Option<Duration>,
    /// A window in which more was executed than one core has time for.
    pub window: Option<Window>,
    /// The threads that executed for longest, longest first, and for how long.
    pub busiest: Vec<(String, Duration)>,
    /// How many processes and threads were seen.
    pub processes: usize,
    /// How many threads were seen.
    pub threads: usize,
    /// The most threads that were executing, or waiting for a core, in one look.
    pub most_running: usize,
    /// How many looks there were, and in how many two threads or more were executing or waiting for a core.
    pub looks: usize,
    /// In how many of them two threads or more were executing, or waiting for a core.
    pub looks_at_several: usize,
    /// To how many cores the program restricted itself, as far as it was seen, where it was allowed more.
    pub pinned: Option<usize>,
    /// Whether all cores that there are, are one: no program can have used a second.
    pub only_core: bool,
    /// What the machine allowed and withheld, as the judge knows it.
    pub circumstances: Circumstances,
}

/// A window of time in which more was executed than one core has time for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// When it began, since the start of the program.
    pub from: Duration,
    /// When it ended.
    pub to: Duration,
    /// How long all threads together executed in it, at least.
    pub executed: Duration,
    /// For how much of that beside others, at least.
    pub beside: Duration,
    /// The two threads that executed for longest in it.
    pub busiest: [String; 2],
}

impl Testimony for Accounts {
    fn testify(&self, evidence: &mut Evidence) {
        // The judge knows better than the judged.
        evidence.circumstances = self.circumstances.clone().or(&evidence.circumstances);
        evidence.claims.push(self.claim());
    }
}

impl Accounts {
    fn claim(&self) -> Claim {
        let (answer, reasons) = if self.at_least > THRESHOLD {
            (Answer::Proven, Vec::new())
        } else if self.only_core {
            let reason = Reason::new("one-core", "This machine has one core only.");
            (Answer::RuledOut, vec![reason.blaming(Blame::Machine)])
        } else if self.at_most.is_some_and(|at_most| at_most <= THRESHOLD) {
            (Answer::RuledOut, vec![self.alone()])
        } else {
            (Answer::Inconclusive, self.doubts())
        };
        Claim {
            axis: Axis::Parallel,
            source: Source::Accounts,
            answer,
            amount: Amount {
                at_least: self.at_least,
                at_most: self.at_most,
                of: self.complete.then_some(self.cpu),
            },
            proof: (answer == Answer::Proven).then(|| self.proof()),
            reasons,
            details: self.details(),
        }
    }

    fn alone(&self) -> Reason {
        let rest = match self.at_most.unwrap_or_default() {
            Duration::ZERO => "there was nothing".to_owned(),
            rest => format!("there was no more than {} of others", Time(rest)),
        };
        let all = Time(self.cpu);
        let sentence = format!(
            "One thread executed for all of the {all} that the process tree did, or nearly: {rest} that \
             it could have executed beside."
        );
        Reason::new("one-thread", sentence).blaming(Blame::Program)
    }

    fn proof(&self) -> Proof {
        let Some(Window { from, to, executed, beside, busiest }) = &self.window else {
            let sentence = format!(
                "Its threads executed for {} in {}: at least {} of it beside each other.",
                Time(self.cpu),
                Time(self.wall),
                Time(self.at_least)
            );
            let names = [0, 1].map(|place| self.busiest.get(place).map(|(name, _)| name.clone()));
            let both = names.map(|name| party(name.unwrap_or_else(|| "?".to_owned())));
            let (start, end) = (Duration::ZERO, self.wall);
            return Proof { both, start, end, at_least: self.at_least, sentence };
        };
        let sentence = format!(
            "Between {} and {} its threads executed for at least {}, which is more than one \
             core has time for in {}; most of it were {} and {}. All in all at least {} of {} were \
             executed beside other execution.",
            Time(*from),
            Time(*to),
            Time(*executed),
            Time(to.saturating_sub(*from)),
            busiest[0],
            busiest[1],
            Time(self.at_least),
            Time(self.cpu)
        );
        let both = busiest.clone().map(party);
        Proof { both, start: *from, end: *to, at_least: *beside, sentence }
    }

    /// Why the question is open.
    fn doubts(&self) -> Vec<Reason> {
        let mut doubts = vec![match self.at_most {
            Some(at_most) => {
                let sentence = format!(
                    "Of the {} that its threads executed, one thread executed {}. The other {} may \
                     have been beside it or not.",
                    Time(self.cpu),
                    Time(self.cpu.saturating_sub(at_most)),
                    Time(at_most)
                );
                Reason::new("beside-or-not", sentence)
            }
            None => {
                let sentence = "Nobody knows how long all its threads executed: the system does \
                                not tell, or the program told the kernel not to keep account of \
                                its children.";
                Reason::new("no-account", sentence)
            }
        }];
        doubts.extend(self.guess());
        doubts
    }

    /// What it most likely was.
    fn guess(&self) -> Option<Reason> {
        if self.circumstances.cores == Some(1) {
            let sentence = "It was allowed one core only, and never seen to change that.";
            return Some(Reason::new("allowed-one-core", sentence).blaming(Blame::Machine));
        }
        if self.pinned == Some(1) {
            let sentence = "It restricted itself to one core.";
            return Some(Reason::new("pinned", sentence).blaming(Blame::Program));
        }
        if self.cpu < self.wall / 10 {
            let sentence = format!("The run took {}, so that it mostly waited.", Time(self.wall));
            return Some(Reason::new("mostly-waiting", sentence));
        }
        let [(first, _), (second, executed), ..] = self.busiest.as_slice() else { return None };
        (*executed > self.cpu / 10 && self.circumstances.hindrances(Axis::Parallel).is_empty())
            .then(|| {
                let sentence = format!(
                    "Threads {first} and {second} may well have taken turns, as with a lock around \
                 the work."
                );
                Reason::new("perhaps-turns", sentence)
            })
    }

    fn details(&self) -> Value {
        let window = self.window.as_ref().map(|window| {
            json!({
                "from_ms": milliseconds(window.from),
                "to_ms": milliseconds(window.to),
                "executed_ms": milliseconds(window.executed),
                "busiest_threads": window.busiest,
            })
        });
        let busiest = self.busiest.iter().map(
            |(name, executed)| json!({ "name": name, "executed_ms": milliseconds(*executed) }),
        );
        json!({
            "cpu_ms": milliseconds(self.cpu),
            "complete": self.complete,
            "wall_ms": milliseconds(self.wall),
            "window": window,
            "busiest_threads": busiest.collect::<Vec<_>>(),
            "processes_seen": self.processes,
            "threads_seen": self.threads,
            "most_threads_running": self.most_running,
            "looks": self.looks,
            "looks_at_several_running": self.looks_at_several,
        })
    }
}

fn party(name: String) -> Party {
    Party { name, number: None, system: None }
}

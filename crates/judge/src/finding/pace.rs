//! What can be wrong with who gets on, and who has to wait for it.

use words::count;

use super::{Person, list, sentences};

/// What did not get on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Tasks that waited for a long one, with nobody else to do them.
    Behind {
        /// The tasks.
        tasks: Vec<String>,
        /// What took long.
        long: String,
    },
    /// The heart did not beat while a task computed.
    NoBeat {
        /// The tasks that had asked for leave to compute.
        tasks: Vec<String>,
        /// What the program's threads did meanwhile.
        threads: Vec<Person>,
    },
    /// Threads that execute, and do nothing.
    Busy {
        /// What the program's threads did.
        threads: Vec<Person>,
    },
    /// A thread that looks again and again, by the clock.
    LooksAgain {
        /// What the program's threads did.
        threads: Vec<Person>,
    },
    /// More threads wanted to compute than there are cores.
    Crowd {
        /// How many at once.
        at_once: usize,
        /// How many cores there are.
        cores: usize,
    },
    /// A page was fetched more than once, where all are to be waited for at once.
    FetchedAgain {
        /// Its task.
        task: String,
        /// How often.
        times: usize,
    },
    /// A task was computed more than once.
    Again {
        /// The task.
        task: String,
        /// How often.
        times: usize,
    },
}

impl Pace {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Pace::Behind { .. } => "waited-behind",
            Pace::NoBeat { .. } => "no-beat",
            Pace::Busy { .. } => "busy",
            Pace::LooksAgain { .. } => "looks-again",
            Pace::Crowd { .. } => "crowd",
            Pace::FetchedAgain { .. } => "fetched-again",
            Pace::Again { .. } => "computed-again",
        }
    }

    pub(super) fn seen(&self) -> String {
        match self {
            Pace::Behind { tasks, long } => {
                let them = if tasks.len() == 1 { "it" } else { "them" };
                format!(
                    "{long} took longer than everything else. {} waited behind it, and nobody went on with \
                     {them} meanwhile.",
                    list(tasks)
                )
            }
            Pace::NoBeat { tasks, threads } => format!(
                "From the moment that {} asked to be computed, no heart beat. {}",
                list(tasks),
                sentences(threads)
            ),
            Pace::Busy { threads } => format!(
                "The program executed for a second, asked for nothing, and computed no task. {}",
                sentences(threads)
            ),
            Pace::LooksAgain { threads } => format!(
                "A thread slept by a clock of its own, woke, found nothing, and slept again, and again. {}",
                sentences(threads)
            ),
            Pace::Crowd { at_once, cores } => {
                let cores = count(*cores, "core");
                format!("{at_once} threads wanted to compute at once, on {cores}.")
            }
            Pace::FetchedAgain { task, times } => {
                format!("The page of {task} was fetched {times} times.")
            }
            Pace::Again { task, times } => format!("Task {task} was computed {times} times."),
        }
    }

    pub(super) fn matters(&self) -> &'static str {
        match self {
            Pace::Behind { .. } => {
                "While one thing takes long, there is something else to do, and nobody does it."
            }
            Pace::NoBeat { .. } => {
                "A heart beats when its thread polls it, and a thread that computes, or waits, polls nobody."
            }
            Pace::Busy { .. } => {
                "Who spins takes a core from those who have work, and what it waits for comes no sooner."
            }
            Pace::LooksAgain { .. } => {
                "Who looks by the clock looks in vain, mostly, and is late when something has happened."
            }
            Pace::Crowd { .. } => {
                "What has no core waits for one. Each such thread costs memory and turns, and is no faster."
            }
            Pace::FetchedAgain { .. } => {
                "What is waited for twice is waited for once too often, whatever overlaps with it."
            }
            Pace::Again { .. } => "Work that is done twice is no faster on two cores.",
        }
    }

    pub(super) fn look(&self) -> &'static str {
        match self {
            Pace::Behind { .. } => {
                "Look at when it is decided who does what, and what has to be over before that."
            }
            Pace::NoBeat { .. } => {
                "Look at what the heart's thread does meanwhile, and at what the heart waits for."
            }
            Pace::Busy { .. } => "Look for the loop that asks again and again.",
            Pace::LooksAgain { .. } => {
                "Look for the sleep, and for what could wake the thread instead."
            }
            Pace::Crowd { .. } => "Look at how many threads there can be of what is used here.",
            Pace::FetchedAgain { .. } => "Look for the second place where pages are fetched.",
            Pace::Again { .. } => "Look for the second place where tasks are computed.",
        }
    }
}

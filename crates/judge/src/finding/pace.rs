//! What can be wrong with who gets on, and who has to wait for it.

use std::time::Duration;

use words::{Time, count};

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
    /// A page came, and nobody went on with it, though nothing else happened any more.
    PageUnseen {
        /// Its task.
        task: String,
        /// Who said a line when it came, and the task whose line it was, if anybody did.
        during: Option<(String, String)>,
        /// What the program's threads did in the end.
        threads: Vec<Person>,
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
    /// Other threads than the one that worked executed for long.
    BusyBeside {
        /// For how long.
        executed: Duration,
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
            Pace::PageUnseen { during: Some(_), .. } => "wake-lost",
            Pace::PageUnseen { during: None, .. } => "page-unseen",
            Pace::NoBeat { .. } => "no-beat",
            Pace::Busy { .. } | Pace::BusyBeside { .. } => "busy",
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
            Pace::PageUnseen { task, during: Some((by, line)), threads } => format!(
                "The page of {task} came while {by} said the line of {line}: nobody was asleep who could have \
                 been woken. {by} ended that line, and nobody has gone on with {task} since. {}",
                sentences(threads)
            ),
            Pace::PageUnseen { task, during: None, threads } => format!(
                "The page of {task} came, nothing else happened any more, and nobody has gone on with it. {}",
                sentences(threads)
            ),
            Pace::NoBeat { tasks, threads } => format!(
                "From the moment that {} asked to be computed, no heart beat. {}",
                list(tasks),
                sentences(threads)
            ),
            Pace::Busy { threads } => format!(
                "The program executed for a second, asked for nothing, and computed no task. {}",
                sentences(threads)
            ),
            Pace::BusyBeside { executed } => format!(
                "One thread did all tasks. Others executed for {} beside it, and nobody had asked for that.",
                Time(*executed)
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
            Pace::PageUnseen { during: Some(_), .. } => {
                "Who is woken before it sleeps is not woken at all, unless something keeps that it was."
            }
            Pace::PageUnseen { during: None, .. } => {
                "What can get on has to be looked at, whatever else is still to come."
            }
            Pace::NoBeat { .. } => {
                "A heart beats when its thread polls it, and a thread that computes, or waits, polls nobody."
            }
            Pace::Busy { .. } | Pace::BusyBeside { .. } => {
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
            Pace::PageUnseen { during: Some(_), .. } => {
                "Look at what a waking leaves behind that comes after a task was looked at, and before the sleep."
            }
            Pace::PageUnseen { during: None, .. } => {
                "Look at which tasks are looked at after a waking, and which of them can have been meant."
            }
            Pace::NoBeat { .. } => {
                "Look at what the heart's thread does meanwhile, and at what the heart waits for."
            }
            Pace::Busy { .. } | Pace::BusyBeside { .. } => {
                "Look for the loop that asks again and again."
            }
            Pace::LooksAgain { .. } => {
                "Look for the sleep, and for what could wake the thread instead."
            }
            Pace::Crowd { .. } => "Look at how many threads there can be of what is used here.",
            Pace::FetchedAgain { .. } => "Look for the second place where pages are fetched.",
            Pace::Again { .. } => "Look for the second place where tasks are computed.",
        }
    }
}

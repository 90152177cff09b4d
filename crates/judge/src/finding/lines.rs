//! What can be wrong with the lines that a program prints, and with when it prints them.

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lines {
    /// Nobody has said it.
    Missing {
        /// What it had to say.
        what: String,
    },
    /// A task's line was said more than once.
    Again {
        /// The task.
        task: String,
        /// How often.
        times: usize,
    },
    /// It came before another one that it had to wait for.
    Early {
        /// The line.
        line: String,
        /// What it should have waited for.
        before: String,
    },
    /// It was kept back, although what it says was known.
    HeldBack {
        /// The task whose find it says.
        task: String,
        /// What it waited for.
        until: String,
    },
    /// More was made than may wait to be printed.
    TooFarAhead {
        /// How many were made.
        made: usize,
        /// How many of these had been said, or were about to be.
        said: usize,
        /// How many may wait between.
        bound: usize,
    },
    /// Nothing had been made, by the time that a line was printed, that was not said.
    LockStep {
        /// How many finds had been said, or were about to be.
        said: usize,
    },
}

impl Lines {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Lines::Missing { .. } => "line-missing",
            Lines::Again { .. } => "line-again",
            Lines::Early { .. } => "line-early",
            Lines::HeldBack { .. } => "line-held-back",
            Lines::TooFarAhead { .. } => "too-far-ahead",
            Lines::LockStep { .. } => "lock-step",
        }
    }

    pub(super) fn seen(&self) -> String {
        match self {
            Lines::Missing { what } => format!("No line says {what}."),
            Lines::Again { task, times } => {
                format!("What task {task} had found was said in {times} lines.")
            }
            Lines::Early { line, before } => {
                format!("“{line}” was said before {before}, which came late in this run.")
            }
            Lines::HeldBack { task, until } => format!(
                "What task {task} had found was known, and no line said so until {until}, for which it did \
                 not have to wait."
            ),
            Lines::TooFarAhead { made, said, bound } => format!(
                "Find {said} took its time to be said. By then {made} finds had been made: {} waited, and {bound} \
                 may.",
                // One more is in the hand of whoever makes them.
                (made - said).saturating_sub(1)
            ),
            Lines::LockStep { said } => format!(
                "Find {said} took its time to be said. By then none had been made that was still to be said: \
                 whoever makes them waited for it."
            ),
        }
    }

    pub(super) fn matters(&self) -> &'static str {
        match self {
            Lines::Missing { .. } => "What is not said cannot come first or last.",
            Lines::Again { .. } => "What is said twice is new once, and nobody knows when.",
            Lines::Early { .. } => {
                "An order that nothing forces is luck. Here the luck was bad, as it will be one day."
            }
            Lines::HeldBack { .. } => "Who waits for more than it needs is late for nothing.",
            Lines::TooFarAhead { .. } => {
                "Where nothing bounds what waits, the memory does: it grows until there is none."
            }
            Lines::LockStep { .. } => {
                "Where nothing is made while a line is said, two threads are no faster than one."
            }
        }
    }

    pub(super) fn look(&self) -> &'static str {
        match self {
            Lines::Missing { .. } => "`work.say` prints a line and lets the judge know of it.",
            Lines::Again { .. } => "Look at what tells that a line was said already.",
            Lines::Early { .. } => "Look for what the line waits for: a time, or an event?",
            Lines::HeldBack { .. } => "Look at which line of code says it, and what comes before.",
            Lines::TooFarAhead { .. } => "Look at what can make the faster one wait.",
            Lines::LockStep { .. } => {
                "Look for what could be made while a line is printed, and waits."
            }
        }
    }
}

//! What can be wrong with how a program ends when it is to.

use super::list;

/// What is wrong with the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Nobody waited to be told.
    Unheard,
    /// Tasks began although everything was to end.
    Begun {
        /// The tasks.
        tasks: Vec<String>,
    },
    /// Tasks that had begun were not finished.
    CutOff {
        /// The tasks.
        tasks: Vec<String>,
    },
    /// When everything was to end, fewer than two tasks were going on, or everything had begun.
    NothingToStop {
        /// How many tasks were being computed.
        in_progress: usize,
        /// How many had not begun.
        left: usize,
        /// Whether somebody had waited for it before all tasks were done.
        awaited: bool,
    },
}

impl Stop {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Stop::Unheard => "stop-unheard",
            Stop::Begun { .. } => "begun-after-stop",
            Stop::CutOff { .. } => "cut-off",
            Stop::NothingToStop { .. } => "nothing-to-stop",
        }
    }

    pub(super) fn seen(&self) -> String {
        match self {
            Stop::Unheard => "Nobody waited for Ctrl-C, and so nobody heard of it.".to_owned(),
            Stop::Begun { tasks } => {
                let them = if tasks.len() == 1 { "It" } else { "They" };
                format!(
                    "Ctrl-C was pressed, and everybody had time to hear of it. {them} began all the same: {}.",
                    list(tasks)
                )
            }
            Stop::CutOff { tasks } => {
                format!(
                    "When the program ended, it had begun to compute {}, and not ended.",
                    list(tasks)
                )
            }
            Stop::NothingToStop { awaited: false, .. } => {
                "Nobody waited for Ctrl-C before every task was done. Nothing was left to stop."
                    .to_owned()
            }
            Stop::NothingToStop { in_progress, left, .. } => {
                let words = match (in_progress, left) {
                    (_, 0) => "every task had begun: nothing was left to stop.",
                    (0, _) => "no task was being computed, and some were left.",
                    _ => "one task was being computed, and no other one beside it.",
                };
                format!("When Ctrl-C was pressed, {words}")
            }
        }
    }

    pub(super) fn matters(&self) -> &'static str {
        match self {
            Stop::Unheard => "Who asks for an end and is not heard pulls the plug.",
            Stop::Begun { .. } => {
                "Who asks for an end should not wait for work that has not begun."
            }
            Stop::CutOff { .. } => {
                "Half a transfer, half a file: what has begun is finished first."
            }
            Stop::NothingToStop { .. } => "An end is graceful where there is something to end.",
        }
    }

    pub(super) fn look(&self) -> &'static str {
        match self {
            Stop::Unheard => "`work.ctrl_c()` returns when everything is to end.",
            Stop::Begun { .. } => "Look at what each worker asks before it takes its next task.",
            Stop::CutOff { .. } => "Look at who waits for the workers before `main` returns.",
            Stop::NothingToStop { awaited: false, .. } => {
                "Look at what is waited for before `work.ctrl_c()`."
            }
            Stop::NothingToStop { .. } => "Leave two workers, each with one task at a time.",
        }
    }
}

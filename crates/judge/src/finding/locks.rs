//! What can be wrong with locks, and with what they are for.

use std::fmt;

use words::count;

use super::list;

/// What is wrong with locks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Locks {
    /// Threads that wait for each other, in a ring.
    Deadlock {
        /// Who waits for whom.
        ring: Vec<Waits>,
    },
    /// Threads were to wait for each other, and did not.
    NoDeadlock {
        /// How often a thread delayed itself.
        delays: usize,
    },
    /// Threads waited for each other in a ring, and none that a delay had brought there.
    NotByDelay {
        /// Who waits for whom.
        ring: Vec<Waits>,
    },
    /// What a task found was not moved as it should be.
    TransferMissing {
        /// The task.
        task: String,
    },
    /// Something else was moved as well, or it the wrong way.
    OtherTransfer {
        /// From which account.
        from: usize,
        /// To which.
        to: usize,
    },
    /// It was moved by a thread that did not have both locks.
    NotLocked {
        /// The task.
        task: String,
    },
    /// A signal was given before the thread waited for which it was meant.
    LostSignal {
        /// What the thread is called that waits.
        waits: String,
        /// What the thread is called that gave the signal.
        by: String,
    },
    /// A signal was given, woke the thread for which it was meant, and that slept again.
    SleptAgain {
        /// What the thread is called that waits.
        waits: String,
        /// What the thread is called that gave the signal.
        by: String,
    },
    /// A signal was given, and nobody waited for any, though there was nothing else to do.
    SignalUnheard {
        /// A task that was done before.
        first: String,
        /// What the thread is called that gave the signal.
        by: String,
    },
    /// Nobody has given a signal.
    NoSignal,
    /// Transfers waited for one that was no business of theirs.
    LockedOut {
        /// Their tasks.
        tasks: Vec<String>,
        /// The task whose transfer took long.
        long: String,
        /// Who waited meanwhile for a lock, as far as the judge has these locks.
        barred: Vec<Barred>,
    },
}

/// A thread that waits for a lock which another one has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Barred {
    /// What the thread is called.
    pub thread: String,
    /// The account whose lock it waited for.
    pub account: usize,
    /// What the thread is called that had it.
    pub owner: String,
}

impl fmt::Display for Barred {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Barred { thread, account, owner } = self;
        write!(f, "{thread} waited for the lock of account {account}, which {owner} had.")
    }
}

/// Who had which lock, and waited for which.
fn sentence(ring: &[Waits]) -> String {
    let waits = ring.iter().map(|Waits { thread, wants, has }| {
        format!("{thread} had the lock of account {has} and waited for that of account {wants}")
    });
    format!("Everybody waited: {}.", waits.collect::<Vec<_>>().join("; "))
}

/// A thread that waits for a lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waits {
    /// What the thread is called.
    pub thread: String,
    /// The account whose lock it waited for.
    pub wants: usize,
    /// The account whose lock it had, which the one before it in the ring waited for.
    pub has: usize,
}

impl Locks {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Locks::Deadlock { .. } => "deadlock",
            Locks::NoDeadlock { delays: 0 } => "no-delay",
            Locks::NoDeadlock { .. } => "no-deadlock",
            Locks::NotByDelay { .. } => "not-by-delay",
            Locks::TransferMissing { .. } => "transfer-missing",
            Locks::OtherTransfer { .. } => "other-transfer",
            Locks::NotLocked { .. } => "not-locked",
            Locks::LockedOut { .. } => "locked-out",
            Locks::LostSignal { .. } => "lost-signal",
            Locks::SleptAgain { .. } => "slept-again",
            Locks::SignalUnheard { .. } => "signal-unheard",
            Locks::NoSignal => "no-signal",
        }
    }

    pub(super) fn seen(&self) -> String {
        match self {
            Locks::Deadlock { ring } => sentence(ring),
            Locks::NotByDelay { ring } => format!(
                "{} But none of these had called `delay` with its one lock: something else held them up.",
                sentence(ring)
            ),
            Locks::NoDeadlock { delays: 0 } => {
                "The judge let each thread have both locks before the next took one, as a kind machine may. \
                 All went well, for no thread called `delay`."
                    .to_owned()
            }
            Locks::NoDeadlock { delays } => {
                let times = count(*delays, "time");
                format!("Threads stood still {times}, and still none waited for another for ever.")
            }
            Locks::TransferMissing { task } => {
                format!("What task {task} found was not moved, once, between the accounts of its thread.")
            }
            Locks::OtherTransfer { from, to } => {
                format!("From account {from} to {to} was moved what nobody had asked for.")
            }
            Locks::NotLocked { task } => format!(
                "What task {task} found was moved by a thread that did not have the locks of both accounts."
            ),
            Locks::LostSignal { waits, by } => format!(
                "{waits} sleeps until there is a signal. {by} gave it before {waits} slept, when nobody was \
                 there to hear it; no other one will come."
            ),
            Locks::SleptAgain { waits, by } => format!(
                "{by} gave the signal, and it woke {waits}, which then slept again until there is another one; \
                 none will come."
            ),
            Locks::SignalUnheard { first, by } => format!(
                "{first} was computed long before {by} gave the signal, and nobody waited for one meanwhile: it \
                 was something else that was waited for."
            ),
            Locks::NoSignal => "Nobody gave a signal.".to_owned(),
            Locks::LockedOut { tasks, long, barred } => {
                let barred: Vec<String> = barred.iter().map(|it| format!(" {it}")).collect();
                format!(
                    "The transfer of {long} took long. Those of {} waited for it, which are between other \
                     accounts.{}",
                    list(tasks),
                    barred.concat()
                )
            }
        }
    }

    pub(super) fn matters(&self) -> &'static str {
        match self {
            Locks::Deadlock { .. } => "It need not come, and once it has come it stays for ever.",
            Locks::NoDeadlock { .. } => {
                "A bug that shows by luck is not understood. One that you can force is."
            }
            Locks::NotByDelay { .. } => {
                "A delay may come to any thread at any place. That others keep it there is what you wrote."
            }
            Locks::TransferMissing { .. } => "Nobody is stuck where nobody does anything.",
            Locks::OtherTransfer { .. } => {
                "What an account has in the end is what all transfers have made of it."
            }
            Locks::NotLocked { .. } => {
                "Between taking and giving the money is nowhere, and whoever looks sees that."
            }
            Locks::LostSignal { .. } => {
                "Signals are not kept: who is not asleep when one is given has missed it."
            }
            Locks::SleptAgain { .. } => {
                "A signal says that something may have changed, and whoever is woken has to look whether it has."
            }
            Locks::SignalUnheard { .. } | Locks::NoSignal => {
                "Other ways lead there, too. This exercise is about the one that others are made of."
            }
            Locks::LockedOut { .. } => {
                "Locks are there so that strangers need not wait for each other."
            }
        }
    }

    pub(super) fn look(&self) -> &'static str {
        match self {
            Locks::Deadlock { .. } => "Look at the order in which each of them took its two locks.",
            Locks::NoDeadlock { delays: 0 } => {
                "Call `work.delay()` where a thread must not be alone."
            }
            Locks::NoDeadlock { .. } => "Look at what the thread has when it stands still.",
            Locks::NotByDelay { .. } => "Look at what threads wait for between their two locks.",
            Locks::TransferMissing { .. } => "Follow this task through the program.",
            Locks::OtherTransfer { .. } => {
                "Look at which of the two accounts comes first, and how often something is moved."
            }
            Locks::NotLocked { .. } => "Look at how long each of the two guards lives.",
            Locks::LostSignal { .. } => {
                "Look at what is asked before the sleep, and whether a signal can come between the two."
            }
            Locks::SleptAgain { .. } => {
                "Look at what is asked after waking: can it have become true, and by when?"
            }
            Locks::SignalUnheard { .. } | Locks::NoSignal => {
                "Leave `wait` on one side, and `notify` on the other."
            }
            Locks::LockedOut { .. } => "Look for what all of them take.",
        }
    }
}

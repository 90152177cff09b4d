//! When each request is replied to.
//!
//! The judge is the scheduler here: it lets nobody go on before it wants to. So what an exercise asks for is
//! not hoped for and timed; it is *needed*, or *forced*. What a schedule knows is who has asked for what,
//! and that nobody goes on without being let. A program that spins, or looks again and again by the clock, never
//! stands still: then a schedule may lose its [patience](Schedule::impatience).
//!
//! A new schedule is a file here, a name in [`Kind`], and a paragraph in `AUTHORS.md`.
//!
//! 1. [`Free`]: everybody at once, as if nobody judged;
//! 2. [`Together`]: so many at a time. Whoever comes alone waits, and is caught;
//! 3. [`OneAtATime`]: one update of a counter after the other, unless the program delays itself;
//! 4. [`Between`]: between two operations of one thread, always somebody else's;
//! 5. [`Late`]: a page that comes when nothing else goes on any more;
//! 6. [`OneTakesLong`]: a task that computes until nothing else goes on any more;
//! 7. [`SlowLines`]: lines that are printed when nothing else goes on any more;
//! 8. [`Beats`]: tasks that compute once there was a sign of life;
//! 9. [`Polite`]: locks for one thread at a time, unless the program delays itself;
//! 10. [`Crossed`]: locks that others take before anybody goes on with theirs;
//! 11. [`LongTransfer`]: a transfer that takes until nothing else goes on any more;
//! 12. [`Signals`]: whoever waits for a signal falls asleep when nothing else goes on any more;
//! 13. [`Stop`]: everything is to end, while tasks are being computed;
//! 14. [`DuringLines`]: pages that come while somebody is at another one's line;
//! 15. [`Refilled`]: pages that come one at a time, each when as many are on their way as may be.

mod beats;
mod between;
mod crossed;
mod during_lines;
mod free;
mod late;
mod long_transfer;
mod one_at_a_time;
mod one_takes_long;
mod polite;
mod refilled;
mod signals;
mod slow_lines;
mod stop;
#[cfg(test)]
mod tests;
mod together;

use classroom::wire::Request;

pub use beats::Beats;
pub use between::Between;
pub use crossed::Crossed;
pub use during_lines::DuringLines;
pub use free::Free;
pub use late::Late;
pub use long_transfer::LongTransfer;
pub use one_at_a_time::{Ahead, OneAtATime};
pub use one_takes_long::OneTakesLong;
pub use polite::Polite;
pub use refilled::Refilled;
pub use signals::Signals;
pub use slow_lines::SlowLines;
pub use stop::Stop;
pub use together::Together;

use crate::hall::{Hall, has_written};
use crate::log::{Ticket, Worker};
use crate::seed::Seed;

/// Says when each request is replied to.
pub trait Schedule: Send {
    /// A request has come, and waits.
    fn came(&mut self, ticket: Ticket, hall: &mut Hall);

    /// Everybody waits: nothing will happen until somebody is released. Whoever is left waiting now waits
    /// for ever.
    fn standstill(&mut self, hall: &mut Hall) {
        let _ = hall;
    }

    /// The program does not stand still, and does not get on either: it has executed for half a second and asked
    /// for nothing, or has slept for as long by a clock of its own. No busy machine brings that about.
    fn impatience(&mut self, hall: &mut Hall) {
        let _ = hall;
    }
}

/// A schedule by name, as the exercises' manifest has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// [`Free`].
    Free,
    /// [`Together`]: so many fetches at a time, and so many computes.
    Together {
        /// How many fetches. 1 lets each go by itself.
        fetches: usize,
        /// How many computes. 1 lets each go by itself.
        computes: usize,
    },
    /// [`OneAtATime`].
    OneAtATime {
        /// Which thread goes ahead of the others.
        ahead: Ahead,
    },
    /// [`Between`].
    Between,
    /// [`Late`].
    Late {
        /// The task whose page is late.
        last: usize,
    },
    /// [`DuringLines`].
    DuringLines {
        /// The task whose page comes first.
        first: usize,
    },
    /// [`OneTakesLong`].
    OneTakesLong {
        /// The task.
        task: usize,
    },
    /// [`SlowLines`].
    SlowLines,
    /// [`Beats`].
    Beats,
    /// [`Polite`].
    Polite,
    /// [`Crossed`].
    Crossed,
    /// [`LongTransfer`].
    LongTransfer,
    /// [`Signals`].
    Signals {
        /// The task whose page is late.
        last: usize,
        /// From which of a thread's locks on they are held; 0 if none are.
        held: usize,
    },
    /// [`Stop`].
    Stop {
        /// After so many rounds of computes.
        after: usize,
        /// Whether the youngest thread goes on first then, and not the oldest.
        youngest: bool,
    },
    /// [`Refilled`].
    Refilled {
        /// How many fetches.
        fetches: usize,
    },
}

impl Kind {
    /// The schedule, before anything has come. What it decides by chance it draws from this seed.
    #[must_use]
    pub fn schedule(self, seed: Seed) -> Box<dyn Schedule> {
        match self {
            Kind::Free => Box::new(Free),
            Kind::Together { fetches, computes } => Box::new(Together { fetches, computes }),
            Kind::OneAtATime { ahead } => Box::new(OneAtATime::new(ahead)),
            Kind::Between => Box::new(Between),
            Kind::Late { last } => Box::new(Late { last }),
            Kind::DuringLines { first } => Box::new(DuringLines::new(first)),
            Kind::OneTakesLong { task } => Box::new(OneTakesLong { task }),
            Kind::SlowLines => Box::new(SlowLines),
            Kind::Beats => Box::new(Beats::default()),
            Kind::Polite => Box::new(Polite::default()),
            Kind::Crossed => Box::new(Crossed),
            Kind::LongTransfer => Box::new(LongTransfer::default()),
            Kind::Signals { last, held } => Box::new(Signals::new(last, held, seed)),
            Kind::Stop { after, youngest } => Box::new(Stop::new(after, youngest)),
            Kind::Refilled { fetches } => Box::new(Refilled { fetches }),
        }
    }
}

/// Whether this is an operation on a counter.
fn is_operation(request: &Request) -> bool {
    matches!(
        request,
        Request::Load { .. }
            | Request::Store { .. }
            | Request::Add { .. }
            | Request::Exchange { .. }
    )
}

/// Whether this asks for a page.
fn is_fetch(request: &Request) -> bool {
    matches!(request, Request::Fetch { .. })
}

/// Whether this asks for a lock.
fn is_lock(request: &Request) -> bool {
    matches!(request, Request::Lock { .. })
}

/// Releases a delay, or whoever else waits for that, once `writer` has changed a counter.
fn release_after_write(hall: &mut Hall, writer: Worker, waits: impl Fn(&Request) -> bool) {
    for ticket in hall.held_for(waits) {
        if hall.worker(ticket) != writer {
            hall.release(ticket);
        }
    }
}

/// Does an operation and replies; whether it has changed a counter.
fn release_operation(hall: &mut Hall, ticket: Ticket) -> bool {
    hall.release(ticket);
    has_written(&hall.log.entries[ticket])
}

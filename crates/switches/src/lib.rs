//! The kernel's own record of who executed when: for a whole process tree, exact, and without privilege.
//!
//! On Linux [`Recorder::attach`] opens one ring a core (`perf_event_open` with a software event that
//! counts nothing, `context_switch`, `task`, `comm` and `inherit`, on the monotonic clock) on a process
//! that stands ready and has not begun. The kernel writes there when each thread of it, and of all that
//! it begets, gets a core and loses it, and whether it left or was preempted. That is allowed to
//! ordinary users where `kernel.perf_event_paranoid` is 2 or less. Elsewhere [`NotAllowed`] says why not,
//! and what would allow it.
//!
//! **A thread's end gives no record of leaving its core**: who reads no exits has dead threads execute
//! for ever.
//!
//! The rings are read while the program runs, and what is read is folded into sums at once, so that
//! memory is bounded: see [`Record`]. Records that the kernel had no room for are counted, and leave the
//! limits of what is asked apart.
//!
//! The rings are opened and mapped by `perf-event2` (with `perf-event-open-sys2`), so that no `unsafe`
//! stands here. `perf-event-open` cannot read the rings of several cores without own mapping, and
//! `linux-perf-event-reader` reads what others have opened.
//!
//! 1. [`Recorder`], and what it comes to: a [`Record`];
//! 2. `rings`, `decode` and `merge`: from the kernel's bytes to events in the order of time;
//! 3. `fold`: from events to sums;
//! 4. [`Beside`]: how much executed beside other execution;
//! 5. [`AtOnce`]: was that work, or handing over; [`Cause`]: and if not, what was it; [`Helpers`]: what a
//!    runtime did for itself.

mod beside;
mod cause;
#[cfg(target_os = "linux")]
mod decode;
#[cfg(not(target_os = "linux"))]
mod elsewhere;
mod event;
mod fold;
mod helpers;
mod judge;
mod merge;
mod not_allowed;
mod record;
#[cfg(target_os = "linux")]
mod recorder;
#[cfg(target_os = "linux")]
mod rings;
#[cfg(target_os = "linux")]
mod system;
mod withheld;

pub use beside::Beside;
pub use cause::Cause;
#[cfg(not(target_os = "linux"))]
pub use elsewhere::{Recorder, now};
pub use helpers::{Helpers, is_helper};
pub use judge::{AtOnce, MUCH, STRETCH, WORK};
pub use not_allowed::NotAllowed;
pub use record::{
    Blind, Change, Coarsened, Core, Ending, Exec, Interval, Lengths, OutOfSight, Pair, Process,
    Ready, Record, Stretch, Thread,
};
#[cfg(target_os = "linux")]
pub use recorder::Recorder;
#[cfg(target_os = "linux")]
pub use system::now;

//! Runs one program as a child process, and survives everything it may do.
//!
//! [`run`] passes the program's lines on as they are printed, ends it once it
//! has had its time, and reports how it ended, what it cost and what was wrong
//! with it. Memory stays bounded whatever the program prints.
//!
//! Read in this order:
//!
//! 1. [`request`]: which program, and how much time and output it gets;
//! 2. [`report`]: what is known of it afterwards;
//! 3. [`finding`]: what was wrong, as sentences;
//! 4. [`lines`]: how bytes become lines;
//! 5. [`supervise`]: the loop that listens, watches the clock, and ends what must end;
//! 6. `keeper`: the small process that stands between us and the program, and
//!    from which nothing that the program starts can hide; `kept`: our end of
//!    the connection to it; `unkept`: what is left of both on other systems than Unix;
//! 7. [`tree`]: what the kernel tells about running processes and their threads;
//! 8. `interrupt`: Ctrl-C.

mod finding;
mod interrupt;
#[cfg(unix)]
mod keeper;
#[cfg_attr(not(unix), path = "unkept.rs")]
mod kept;
mod lines;
mod report;
mod request;
mod supervise;
pub mod tree;

pub use finding::Finding;
pub use interrupt::{EXIT_CODE as INTERRUPTED, Interrupted, ended_by_ctrl_c, interrupted, listen};
pub use lines::{Line, Stream};
pub use report::{CannotRun, Ending, Report, Survivor, Usage};
pub use request::{Input, Request};
pub use supervise::{Lines, Watcher, run, watch};
pub use tree::Activity;

/// Becomes a keeper, and never returns, where this program was started as one.
///
/// A program that runs others under supervision runs itself once more for each of them, to stand
/// between it and them. It has to call this first of all.
pub fn keep_if_asked() {
    #[cfg(unix)]
    keeper::keep_if_asked();
}

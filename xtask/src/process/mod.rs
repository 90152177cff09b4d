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
pub(crate) mod keeper;
#[cfg_attr(not(unix), path = "unkept.rs")]
mod kept;
mod lines;
mod report;
mod request;
mod supervise;
#[cfg(test)]
mod tests;
pub(crate) mod tree;

pub(crate) use finding::Finding;
pub(crate) use interrupt::{
    EXIT_CODE as INTERRUPTED, Interrupted, ended_by_ctrl_c, interrupted, listen,
};
pub(crate) use lines::{Line, Stream};
pub(crate) use report::{CannotRun, Ending, Report, Usage};
pub(crate) use request::{Input, Request};
pub(crate) use supervise::{Lines, Watcher, run, watch};

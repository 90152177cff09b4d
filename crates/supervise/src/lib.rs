//! Runs any program as a child process, survives whatever it does, and says what was wrong with it.
//!
//! [`run`] passes the program's lines on as they are printed, ends it once it has had its time or more than
//! its share of anything, and tells how it ended, what it cost and what was wrong with it. Memory stays
//! bounded whatever the program prints. What a program does to itself, to its keeper or to its limits is
//! a [`Finding`] about that program, and never an error of whoever runs it.
//!
//! Who wants to watch more than lines takes three steps: [`Prepared::prepare`], attach whatever is to
//! watch, [`Prepared::go`].
//!
//! A program that uses this runs itself once more for each program that it runs (see `keeper`), so
//! its `main` begins with [`keep_if_asked`].
//!
//! Read in this order:
//!
//! 1. `request`: which program, where, and how much of everything it gets;
//! 2. what is known afterwards: `ending`, `usage`, `confinement`, [`machine`], `finding` (what was
//!    wrong, as sentences), and all of them together in `ended`; `error`, where there was nothing to run;
//! 3. `lines`: how bytes become lines;
//! 4. `prepared`: the three steps; `supervise`: the loop that listens, watches the clock (`stopwatch`),
//!    looks at all processes (`census`) and at how long they wait for cores
//!    (`queue`), and ends what must end;
//! 5. `interrupt`: Ctrl-C and Ctrl-Z; `control`: whom to tell of it;
//! 6. `keeper`: the small processes that stand between us and the program, and from which nothing that it
//!    starts can hide; `kept`: our end of the connections to them; `wire`: what a connection is; `group`:
//!    the control group that a program is put into, where we may make one; `orphans`: what is left to us
//!    should a keeper be ended; `unkept`: what is left of all this on other systems than Unix;
//! 7. [`tree`]: what the kernel tells about running processes and their threads.

mod census;
mod confinement;
#[cfg(unix)]
mod control;
mod ended;
mod ending;
mod error;
mod finding;
mod finish;
#[cfg(unix)]
#[cfg_attr(not(target_os = "linux"), path = "no_group.rs")]
mod group;
mod interrupt;
#[cfg(unix)]
mod keeper;
#[cfg_attr(not(unix), path = "unkept.rs")]
mod kept;
mod lines;
pub mod machine;
#[cfg(unix)]
mod orphans;
mod prepared;
mod queue;
mod request;
mod stopwatch;
mod supervise;
pub mod tree;
mod usage;
#[cfg(unix)]
mod wire;

pub use confinement::{Confinement, Namespace};
pub use ended::Ended;
pub use ending::Ending;
pub use error::Error;
pub use finding::Finding;
pub use interrupt::{Interrupted, ended_by_ctrl_c, exit_code, interrupted, listen};
pub use lines::{Line, Stream};
pub use machine::Machine;
pub use prepared::Prepared;
pub use request::{Input, Isolation, Limits, Request};
pub use supervise::{Lines, Watcher, run, watch};
pub use tree::Activity;
pub use usage::{Missing, Survivor, Usage};

/// Becomes a keeper, and never returns, where this program was started as one.
///
/// A program that runs others under supervision runs itself once more for each of them, to stand
/// between it and them. It has to call this first of all.
pub fn keep_if_asked() {
    #[cfg(unix)]
    keeper::keep_if_asked();
}

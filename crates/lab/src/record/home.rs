//! Whether this is still the process that a trace belongs to.
//!
//! A process can be copied (`fork`), with the trace's mapping and everything that is noted of it here:
//! the copy must not write into its parent's file. To ask the system for the number of the process
//! before each event would cost more than the event, so a page is asked that Linux wipes in copies.

use std::process;

use super::map::Map;

/// The process that a trace belongs to.
#[derive(Debug)]
pub(super) struct Home {
    /// Its number.
    process: u32,
    /// A word that is 1 there and 0 in its copies; nothing where the system wipes no page.
    mark: Option<Map>,
}

impl Home {
    /// This process.
    pub(super) fn here() -> Home {
        Home { process: process::id(), mark: mark() }
    }

    /// The number of the process.
    pub(super) fn process(&self) -> u32 {
        self.process
    }

    /// Whether it is the process that asks.
    #[inline]
    pub(super) fn is_here(&self) -> bool {
        use std::sync::atomic::Ordering::Relaxed;

        match &self.mark {
            Some(mark) => mark.words()[0].load(Relaxed) != 0,
            None => is_this(self.process),
        }
    }
}

#[cfg(target_os = "linux")]
fn mark() -> Option<Map> {
    // Before Linux 4.14 the request is unknown.
    let mark = Map::wiped_on_fork().ok()?;
    mark.words()[0].store(1, std::sync::atomic::Ordering::Relaxed);
    Some(mark)
}

#[cfg(not(target_os = "linux"))]
fn mark() -> Option<Map> {
    None
}

/// Where processes can be copied and no page is wiped, their numbers are compared. (On macOS, the
/// number is at hand without asking the system.)
#[cfg(unix)]
#[cold]
fn is_this(process: u32) -> bool {
    process::id() == process
}

/// Here no process is ever copied.
#[cfg(not(unix))]
fn is_this(_process: u32) -> bool {
    true
}

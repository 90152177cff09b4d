//! How many files may be open at once: a connection is one at each of its ends.

use super::Load;
use crate::clients::CLIENTS;
use crate::server::MOST;

/// What there is besides connections: the database, what waits for them, what was inherited.
const OTHERS: u64 = 64;

/// Sees to it that a load can have as many files as it needs.
///
/// # Errors
///
/// A sentence, where the machine allows fewer.
pub fn enough(load: Load) -> Result<(), String> {
    let clients = u64::from(load.connections + CLIENTS);
    let needed = clients + clients.min(MOST as u64 + 1) + OTHERS;
    match most() {
        Some(most) if most < needed => Err(format!(
            "so many connections need {needed} open files, and this process may have {most}: \
             raise the limit (`ulimit -Hn`), or ask for fewer with --connections"
        )),
        _ => Ok(()),
    }
}

/// How many there may be at most, having raised the limit as far as one may; nothing where there is none.
#[cfg(unix)]
fn most() -> Option<u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    // Where it is not to be raised, it is as it was.
    let raised = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    if raised.is_ok() { maximum } else { current }
}

/// How many there may be at most: nothing that anybody here has asked for is too much.
#[cfg(not(unix))]
fn most() -> Option<u64> {
    None
}

//! Ctrl-C: end the program that runs, report what was found so far, and stop.

use std::fmt;
use std::io;
use std::process::ExitStatus;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use signal_hook::consts::SIGINT;
use signal_hook::flag;

/// The exit code of a command that was interrupted: 128 and the number of the signal.
pub const EXIT_CODE: u8 = 130;

static FLAG: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// Whether somebody pressed Ctrl-C since [`listen`] was first called.
///
/// A command that runs several programs asks this after each of them, prints
/// what it has, and returns [`Interrupted`].
pub fn interrupted() -> bool {
    FLAG.get().is_some_and(|flag| flag.load(Ordering::SeqCst))
}

/// Whether a program that hears of Ctrl-C as we do, and obeys it, ended in this way because of it.
pub fn ended_by_ctrl_c(status: ExitStatus) -> bool {
    #[cfg(unix)]
    if std::os::unix::process::ExitStatusExt::signal(&status) == Some(SIGINT) {
        return true;
    }
    status.code() == Some(EXIT_CODE.into())
}

/// From now on Ctrl-C is noted rather than obeyed. The second one in a row
/// ends us at once, should anything ever wait for too long.
pub fn listen() -> io::Result<()> {
    if FLAG.get().is_some() {
        return Ok(());
    }
    let pressed = Arc::clone(FLAG.get_or_init(Arc::default));
    flag::register_conditional_shutdown(SIGINT, EXIT_CODE.into(), Arc::clone(&pressed))?;
    flag::register(SIGINT, pressed)?;
    Ok(())
}

/// The error of a command that was interrupted; `main` turns it into exit code 130.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interrupted;

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("interrupted")
    }
}

impl std::error::Error for Interrupted {}

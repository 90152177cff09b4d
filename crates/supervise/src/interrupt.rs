//! Being asked to end (Ctrl-C, `SIGTERM`, `SIGHUP`), and being stopped (Ctrl-Z).
//!
//! Who is asked to end, ends the program that runs, reports what was found so far, removes what is
//! only of use to himself, and ends with the exit code that says by which signal. Who is to stop has
//! the program stopped first, so that its clocks can stand still as long as he does.

use std::fmt;
use std::io;
use std::process::ExitStatus;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use signal_hook::consts::SIGINT;

/// The signal that asked us to end; 0 if none did.
static ASKED: OnceLock<Arc<AtomicUsize>> = OnceLock::new();

/// Whether somebody asked us to end since [`listen`] was first called.
///
/// A command that runs several programs asks this after each of them, prints
/// what it has, and returns [`Interrupted`].
#[must_use]
pub fn interrupted() -> bool {
    asked_by() != 0
}

fn asked_by() -> usize {
    ASKED.get().map_or(0, |asked| asked.load(Ordering::SeqCst))
}

/// The exit code of a command that was asked to end: 128 and the number of the signal.
#[must_use]
pub fn exit_code() -> u8 {
    let signal = if interrupted() { asked_by() } else { SIGINT.unsigned_abs() as usize };
    u8::try_from(128 + signal).unwrap_or(u8::MAX)
}

/// Whether a program that hears of Ctrl-C as we do, and obeys it, ended in this way because of it.
#[must_use]
pub fn ended_by_ctrl_c(status: ExitStatus) -> bool {
    #[cfg(unix)]
    if std::os::unix::process::ExitStatusExt::signal(&status) == Some(SIGINT) {
        return true;
    }
    status.code() == Some(128 + SIGINT)
}

/// From now on requests to end are noted rather than obeyed. A second one, later than the first by a
/// second at least, ends us at once, should anything ever wait for too long.
///
/// A signal that is ignored already (by `nohup`, or by the shell for a command in the background)
/// stays so.
///
/// # Errors
///
/// If the system does not let us listen.
pub fn listen() -> io::Result<()> {
    if ASKED.get().is_some() {
        return Ok(());
    }
    let asked = Arc::clone(ASKED.get_or_init(Arc::default));
    platform::listen(asked)
}

/// The error of a command that was interrupted; `main` turns it into the [exit code](exit_code).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interrupted;

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("interrupted")
    }
}

impl std::error::Error for Interrupted {}

#[cfg(unix)]
mod platform {
    use std::io;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;
    use std::time::{Duration, Instant};

    use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level;

    use crate::control;
    use crate::tree;

    /// A terminal that is closed, and a shell that ends with it, may each say so.
    const AT_ONCE: Duration = Duration::from_secs(1);

    pub(super) fn listen(asked: Arc<AtomicUsize>) -> io::Result<()> {
        let ignored = tree::ignored_signals(std::process::id()).unwrap_or(0);
        let heard = [SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT];
        let heard = heard.into_iter().filter(|signal| ignored & (1 << (signal - 1)) == 0);
        let mut signals = Signals::new(heard)?;
        thread::Builder::new().name("signals".to_owned()).spawn(move || {
            let mut first: Option<Instant> = None;
            for signal in signals.forever() {
                match signal {
                    SIGTSTP => stop(),
                    SIGCONT => control::resume_all(),
                    _ => {
                        let since = first.get_or_insert_with(Instant::now).elapsed();
                        if since > AT_ONCE {
                            low_level::exit(128 + signal);
                        }
                        asked.store(signal.unsigned_abs() as usize, Ordering::SeqCst);
                    }
                }
            }
        })?;
        Ok(())
    }

    /// Has all programs stopped, and then ourselves. Returns when we run again.
    fn stop() {
        control::pause_all();
        // The only thing that can be wrong is the number of the signal.
        let _stopped = low_level::emulate_default_handler(SIGTSTP);
        control::resume_all();
    }
}

#[cfg(not(unix))]
mod platform {
    use std::io;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, AtomicUsize};

    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::flag;

    pub(super) fn listen(asked: Arc<AtomicUsize>) -> io::Result<()> {
        for signal in [SIGINT, SIGTERM] {
            let again = Arc::new(AtomicBool::new(false));
            flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&again))?;
            flag::register(signal, again)?;
            flag::register_usize(signal, Arc::clone(&asked), signal.unsigned_abs() as usize)?;
        }
        Ok(())
    }
}

//! Ctrl-C: what has begun comes to its end early, and nothing of it is lost.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use signal_hook::consts::TERM_SIGNALS;
use signal_hook::flag;

static ASKED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);
/// The number of the signal by which somebody did, or 0.
static SIGNAL: LazyLock<Arc<AtomicUsize>> = LazyLock::new(Arc::default);

/// From now on a request to end is noted rather than obeyed. Who asks a second time is obeyed.
pub(crate) fn listen() -> io::Result<()> {
    for &signal in TERM_SIGNALS {
        flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&ASKED))?;
        flag::register(signal, Arc::clone(&ASKED))?;
        let number = usize::try_from(signal).unwrap_or(0);
        flag::register_usize(signal, Arc::clone(&SIGNAL), number)?;
    }
    Ok(())
}

/// Whether somebody has asked the process to end. Whatever goes on for long asks this every now and
/// then, and comes to its end.
#[must_use]
pub fn stopped() -> bool {
    ASKED.load(Ordering::SeqCst)
}

/// The exit code of who ends because somebody asked: 128 and the number of the signal, as a shell has it.
pub(crate) fn exit_code() -> u8 {
    u8::try_from(128 + SIGNAL.load(Ordering::SeqCst)).unwrap_or(u8::MAX)
}

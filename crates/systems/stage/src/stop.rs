//! Ctrl-C: what has begun comes to its end early, and nothing of it is lost.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};

use signal_hook::consts::TERM_SIGNALS;
use signal_hook::flag;

static ASKED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// From now on a request to end is noted rather than obeyed. Who asks a second time is obeyed.
pub(crate) fn listen() -> io::Result<()> {
    for &signal in TERM_SIGNALS {
        flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&ASKED))?;
        flag::register(signal, Arc::clone(&ASKED))?;
    }
    Ok(())
}

/// Whether somebody has asked the process to end. Whatever goes on for long asks this every now and
/// then, and comes to its end.
#[must_use]
pub fn stopped() -> bool {
    ASKED.load(Ordering::SeqCst)
}

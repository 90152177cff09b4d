//! What a program inherits of its parent's signals, and should not.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::FORBIDDEN;

use crate::tree;

/// Ends the ignoring of signals, in this process and in what it becomes.
///
/// A parent may ignore any of them (`nohup` does, and a shell script in which somebody wrote `trap ''`),
/// and a program inherits that, though it knows nothing of it: one that inherits an ignored `SIGCHLD`
/// can neither wait for its children nor is told what they used. A handler is what no program inherits:
/// where there is one, whoever comes after us finds the signal's default.
pub(super) fn reset_ignored() {
    const MOST: i32 = 64;
    let ignored = tree::ignored_signals(std::process::id());
    let is_ignored = |signal: &i32| ignored.is_none_or(|mask| mask & (1 << (signal - 1)) != 0);
    let candidates = (1..=MOST).filter(|signal| !FORBIDDEN.contains(signal));
    for signal in candidates.filter(is_ignored) {
        // Nobody ever asks whether it came. Some numbers are no signals here.
        let _no_signal = signal_hook::flag::register(signal, Arc::new(AtomicBool::new(false)));
    }
}

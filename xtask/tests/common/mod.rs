//! What several tests of whole commands need.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// A number that whoever starts the tests can choose.
pub(crate) fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|word| word.parse().ok()).unwrap_or(default)
}

/// Keeps every core busy with two threads each while something is done.
pub(crate) fn busily<T>(busy: bool, what: impl FnOnce() -> T) -> T {
    let over = &AtomicBool::new(!busy);
    let threads = if busy { 2 * thread::available_parallelism().map_or(1, Into::into) } else { 0 };
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    std::hint::black_box(
                        (0..1000).fold(0_u32, |sum, n| sum ^ std::hint::black_box(n)),
                    );
                }
            });
        }
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(what));
        over.store(true, Ordering::Relaxed);
        result.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

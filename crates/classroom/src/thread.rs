//! The number that the system gave to a thread, so that the kernel's record and ours can be laid side by side.

/// The number of the thread that calls this.
#[cfg(target_os = "linux")]
pub(crate) fn number() -> u64 {
    u64::from(rustix::thread::gettid().as_raw_nonzero().get().unsigned_abs())
}

/// The number of the thread that calls this: one of our own, where the system's is not to be had.
#[cfg(not(target_os = "linux"))]
pub(crate) fn number() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    std::thread_local!(static NUMBER: u64 = NEXT.fetch_add(1, Relaxed));
    NUMBER.with(|number| *number)
}

/// The name of the thread that calls this; the first is called `main`.
pub(crate) fn name() -> String {
    let thread = std::thread::current();
    thread.name().map_or_else(|| format!("thread {}", number()), str::to_owned)
}

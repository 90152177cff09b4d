//! Waiting, for whoever is a task; and one thread that has tasks.

use std::time::Instant;

use tokio::runtime::Builder;

/// Waits until this moment. Meanwhile the thread is free for its other tasks, where it has any.
pub async fn until(moment: Instant) {
    tokio::time::sleep_until(moment.into()).await;
}

/// Has the calling thread do this, and what it is made of, to its end.
///
/// # Panics
///
/// If the system has no timers left for us.
pub fn on_this_thread<T>(work: impl Future<Output = T>) -> T {
    Builder::new_current_thread().enable_time().build().expect("a runtime").block_on(work)
}

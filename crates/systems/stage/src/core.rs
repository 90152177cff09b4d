//! How many cores there are, and how a way keeps to one.

/// How many cores the process may use at once.
#[must_use]
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, Into::into)
}

/// Restricts the process to one core: the one that the calling thread is on. Threads that it starts
/// from now on inherit that, those that it has do not.
///
/// # Errors
///
/// A sentence, where the system does not let a process choose its cores (only Linux does, here).
#[cfg(target_os = "linux")]
pub fn one_core() -> Result<(), String> {
    use rustix::thread::{CpuSet, sched_getcpu, sched_setaffinity};

    let mut only = CpuSet::new();
    only.set(sched_getcpu());
    sched_setaffinity(None, &only).map_err(|error| format!("no core for us alone: {error}"))
}

/// Restricts the process to one core, where the system can.
///
/// # Errors
///
/// Always, with a sentence: it cannot.
#[cfg(not(target_os = "linux"))]
pub fn one_core() -> Result<(), String> {
    Err("this system does not let a program keep to one core; the ways on all cores do run".into())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn threads_inherit_the_one_core() {
        let cores = || rustix::thread::sched_getaffinity(None).expect("our cores").count();
        std::thread::spawn(move || {
            one_core().expect("Linux lets us");
            assert_eq!(std::thread::spawn(cores).join().expect("a count"), 1);
        })
        .join()
        .expect("one core");
    }
}

//! The clocks that a trace is timed by, in nanoseconds.

pub(super) use platform::{core, now, number, process_cpu, thread_cpu};

/// The CPU clock, read between two readings of the monotonic clock.
pub(super) struct Reading {
    pub(super) before: u64,
    pub(super) cpu: u64,
    pub(super) after: u64,
}

impl Reading {
    fn new() -> Reading {
        let before = now();
        let cpu = thread_cpu();
        Reading { before, cpu, after: now() }
    }

    /// Takes another reading where the thread lost its core in between. That
    /// is not rare: reading the CPU clock is a system call, and the end of a
    /// system call is where Linux likes to give the core to another thread.
    pub(super) fn narrow() -> Reading {
        const WIDE: u64 = 5_000;
        const READINGS: usize = 3;
        let mut reading = Reading::new();
        for _ in 1..READINGS {
            if reading.after - reading.before < WIDE {
                break;
            }
            reading = Reading::new();
        }
        reading
    }
}

/// The step in which a clock advances, or 0 if it was not seen to advance: all
/// differences of its readings are multiples of it. (What the system says of a
/// clock's resolution is often not what the clock does.)
pub(super) fn step(clock: fn() -> u64) -> u64 {
    const READINGS: usize = 16;
    let mut before = clock();
    let differences = (0..READINGS).map(|_| {
        let now = clock();
        now - std::mem::replace(&mut before, now)
    });
    differences.fold(0, greatest_common_divisor)
}

/// Euclid's algorithm; that of zero and another number is the other number.
fn greatest_common_divisor(mut a: u64, mut b: u64) -> u64 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(unix)]
mod platform {
    use rustix::time::{ClockId, clock_gettime};

    fn read(clock: ClockId) -> u64 {
        let time = clock_gettime(clock);
        // Neither is negative, and how wide they are differs between systems.
        time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
    }

    /// The monotonic clock. All threads and processes of a machine share it.
    pub(in crate::record) fn now() -> u64 {
        read(ClockId::Monotonic)
    }

    /// Which monotonic clock this is: on Linux one for each time namespace.
    pub(in crate::record) fn number() -> u64 {
        use std::os::unix::fs::MetadataExt as _;

        // Where there are no such namespaces, there is one clock.
        std::fs::metadata("/proc/self/ns/time").map_or(0, |namespace| namespace.ino())
    }

    /// How long the calling thread has been executing, all told.
    pub(in crate::record) fn thread_cpu() -> u64 {
        #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
        return read(ClockId::ThreadCPUTime);
        #[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
        return trace::layout::UNKNOWN_TIME;
    }

    /// How long the threads of this process have been executing, all told.
    pub(in crate::record) fn process_cpu() -> Option<u64> {
        Some(read(ClockId::ProcessCPUTime))
    }

    /// The core that the calling thread is on.
    pub(in crate::record) fn core() -> u16 {
        #[cfg(any(target_os = "linux", target_os = "android"))]
        return u16::try_from(rustix::thread::sched_getcpu())
            .unwrap_or(trace::layout::UNKNOWN_CORE);
        #[cfg(not(any(target_os = "linux", target_os = "android")))]
        return trace::layout::UNKNOWN_CORE;
    }
}

#[cfg(not(unix))]
mod platform {
    use std::sync::LazyLock;
    use std::time::Instant;

    /// Time since the first reading.
    pub(in crate::record) fn now() -> u64 {
        static ORIGIN: LazyLock<Instant> = LazyLock::new(Instant::now);
        u64::try_from(ORIGIN.elapsed().as_nanos()).expect("a run of less than 500 years")
    }

    /// Which clock this is: one for each process.
    pub(in crate::record) fn number() -> u64 {
        std::process::id().into()
    }

    /// This system has a thread's CPU clock, but not for safe code.
    pub(in crate::record) fn thread_cpu() -> u64 {
        trace::layout::UNKNOWN_TIME
    }

    /// The same goes for the process.
    pub(in crate::record) fn process_cpu() -> Option<u64> {
        None
    }

    /// This system's current core is not for safe code either.
    pub(in crate::record) fn core() -> u16 {
        trace::layout::UNKNOWN_CORE
    }
}

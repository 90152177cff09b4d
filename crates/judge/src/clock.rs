//! The clock that all times here are of: the monotonic one, in nanoseconds, as the kernel's record has it.

/// Now.
#[cfg(unix)]
#[must_use]
pub(crate) fn now() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    let (seconds, nanos) = (time.tv_sec.cast_unsigned(), time.tv_nsec.cast_unsigned());
    #[expect(clippy::useless_conversion, reason = "they are shorter on some systems")]
    let (seconds, nanos) = (u64::from(seconds), u64::from(nanos));
    seconds * 1_000_000_000 + nanos
}

/// Now, since somebody first asked.
#[cfg(not(unix))]
#[must_use]
pub(crate) fn now() -> u64 {
    use std::sync::OnceLock;
    use std::time::Instant;
    static FIRST: OnceLock<Instant> = OnceLock::new();
    let since = FIRST.get_or_init(Instant::now).elapsed();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}

/// So many milliseconds.
pub(crate) const MILLISECOND: u64 = 1_000_000;

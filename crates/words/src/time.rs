//! How times are told: to people in the unit that fits, to programs in milliseconds.

use std::fmt;
use std::time::Duration;

/// A time for a program to read.
#[must_use]
pub fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// A time for people who compare it with others: in the unit in which its number is easy to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time(pub Duration);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match milliseconds(self.0) {
            0.0 => write!(f, "0 ms"),
            time @ ..0.01 => write!(f, "{:.1} µs", time * 1000.0),
            time @ ..10.0 => write!(f, "{time:.2} ms"),
            time @ ..10_000.0 => write!(f, "{time:.1} ms"),
            time => write!(f, "{:.2} s", time / 1000.0),
        }
    }
}

/// A duration as a person reads it: `231 ms`, `4.2 s`.
#[must_use]
pub fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    match seconds {
        0.0..0.000_001 => format!("{} ns", duration.as_nanos()),
        0.000_001..0.001 => format!("{:.0} µs", seconds * 1e6),
        0.001..0.01 => format!("{:.1} ms", seconds * 1e3),
        0.01..9.999 if seconds < 1.0 => format!("{:.0} ms", seconds * 1e3),
        _ => format!("{seconds:.1} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_unit_that_fits() {
        let shown = [0, 830, 61_000, 9_940_000, 231_400_000, 4_210_000_000, 75_000_000_000];
        assert_eq!(
            shown.map(|nanoseconds| duration(Duration::from_nanos(nanoseconds))),
            ["0 ns", "830 ns", "61 µs", "9.9 ms", "231 ms", "4.2 s", "75.0 s"]
        );
    }
}

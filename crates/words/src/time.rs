//! How times are told: to people in the unit that fits, to programs in milliseconds.

use std::fmt;
use std::time::Duration;

/// A time for a program to read.
#[must_use]
pub fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// A time for people: in the unit in which its number is easy to read.
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

//! What its user feels of a system, as numbers.

use std::io::{self, Write};

/// Tells a figure that somebody who uses the system would feel: on the standard error, for people, and
/// in the trace of the run, for whoever judges it.
pub fn figure(name: &str, value: f64, unit: &str) {
    lab::record::fact(name, value, unit);
    // Where nobody reads it there is nobody to tell.
    let line = format!("{name}: {value:.1} {unit}");
    let _unread = writeln!(io::stderr(), "{}", line.trim_end());
}

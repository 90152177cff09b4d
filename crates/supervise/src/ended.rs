//! What is known of a program after its end.

use std::time::Duration;

use crate::confinement::Confinement;
use crate::ending::Ending;
use crate::finding::Finding;
use crate::lines::Line;
use crate::machine::Machine;
use crate::usage::Usage;

/// A program after its end, and all that is known of it.
#[derive(Clone, Debug)]
pub struct Ended {
    /// Its lines in the order in which they arrived, as many as the request keeps.
    pub lines: Vec<Line>,
    /// All bytes that it printed.
    pub printed: u64,
    /// The bytes of those that are in no line of `lines`.
    pub dropped: u64,
    /// How it ended.
    pub ending: Ending,
    /// The time from its start to its end, without that in which it was stopped with us; its children
    /// may have lived on for a moment.
    pub wall: Duration,
    /// How long after its time limit everything had ended; only where it was reached.
    pub overrun: Option<Duration>,
    /// How long it was stopped with us (Ctrl-Z). The lines' times of arrival are without that.
    pub stopped: Duration,
    /// What it and everything that it started cost; `None` where the system does not tell.
    pub usage: Option<Usage>,
    /// To how many cores it was restricted, where it was.
    pub cores: Option<usize>,
    /// What kept it where it belongs.
    pub confinement: Confinement,
    /// What happened on the whole machine from the program's start to its end, by our own readings;
    /// `None` where the system does not tell.
    pub machine: Option<Machine>,
    /// What was wrong, most important first.
    pub findings: Vec<Finding>,
}

impl Ended {
    /// Whether the program ended well and nothing was wrong.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.ending.is_success() && self.findings.is_empty()
    }
}

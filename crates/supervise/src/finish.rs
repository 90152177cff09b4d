//! What whoever watched over a program tells at the end.

use std::time::Instant;

use crate::ending::Ending;
use crate::finding::Finding;
use crate::usage::{Survivor, Usage};

/// How a program and everything that it had started ended.
#[derive(Debug)]
pub(crate) struct Finish {
    /// How it ended by itself; `None` where it had been asked to end before.
    pub(crate) ending: Option<Ending>,
    /// When it had ended.
    pub(crate) ended: Option<Instant>,
    /// When everything had ended.
    pub(crate) all_ended: Option<Instant>,
    pub(crate) usage: Option<Usage>,
    /// What had to be ended that outlived it.
    pub(crate) survivors: Vec<Survivor>,
    /// What could not be ended.
    pub(crate) escaped: Vec<Survivor>,
    pub(crate) cores_refused: Option<String>,
    /// The page faults of children that the program took leave of, where they are known.
    pub(crate) faults_of_children: Option<u64>,
    /// What was wrong with the watching itself.
    pub(crate) findings: Vec<Finding>,
}

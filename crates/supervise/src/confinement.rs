//! What kept a program, and all that it started, where it belongs.

use std::fmt;

/// What was in force while a program ran.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Confinement {
    /// Whether its process numbers were its own.
    pub namespace: Namespace,
    /// Whether it was in a control group of its own, whose members can be ended all at once.
    pub group: bool,
    /// What was asked for and could not be had, a sentence each.
    pub refused: Vec<String>,
}

/// Whether a program was in a process namespace of its own.
///
/// In one it sees itself and what it starts, and nobody else: it can end or rob neither its keeper nor
/// us, and nothing that it starts outlives it, however fast it begets others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Namespace {
    /// It was.
    Own,
    /// Nobody asked for one.
    #[default]
    NotAsked,
    /// It was asked for, and this system refused: with this reason.
    Refused(String),
}

impl Confinement {
    /// Whether everything that the program starts is certain to end, and those who watch over it are
    /// out of its reach.
    #[must_use]
    pub fn is_tight(&self) -> bool {
        self.namespace == Namespace::Own
    }
}

/// A sentence that says what was in force.
impl fmt::Display for Confinement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Namespace::Own => f.write_str(
                "It ran in a process namespace of its own: nothing that it started can have got away.",
            )?,
            Namespace::NotAsked => f.write_str(LOOSE)?,
            Namespace::Refused(why) => {
                write!(f, "{LOOSE} (There could be no process namespace of its own: {why}.)")?;
            }
        }
        if self.group {
            f.write_str(" It was in a control group of its own.")?;
        }
        self.refused.iter().try_for_each(|sentence| write!(f, " {sentence}"))
    }
}

const LOOSE: &str = if cfg!(target_os = "linux") {
    "It ran beside everything else: orphans were handed to its keeper, but a program that wants to can \
     end its keeper, and what begets others fast enough may get away."
} else if cfg!(unix) {
    "It ran beside everything else: its process group was ended with it, and what leaves that group \
     may get away."
} else {
    "It ran beside everything else: it alone was ended, and what it started may live on."
};

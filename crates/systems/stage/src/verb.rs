//! What a system does besides its ways: its first argument names it, as in `chat serve`.

use std::ffi::OsString;

use words::{Outcome, names::unknown};

/// Something that a system does besides its ways.
#[derive(Clone, Copy, Debug)]
pub struct Verb {
    /// Its name, which is the first argument.
    pub name: &'static str,
    /// What may follow the name, as a person types it.
    pub arguments: &'static str,
    /// What it does, in a line.
    pub summary: &'static str,
    /// Does it, with the arguments that follow the name.
    pub run: fn(Vec<OsString>) -> Result<(), Trouble>,
}

/// Why something was not done, in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It does not work, or does not hold.
    Failed(String),
    /// The machine does not allow it, so that nobody knows whether it would.
    NotShown(String),
    /// The arguments make no sense.
    Misused(String),
}

impl Trouble {
    /// The exit code, and the sentence.
    pub(crate) fn told(&self) -> (u8, &str) {
        match self {
            Trouble::Failed(why) => (Outcome::Failed.exit_code(), why),
            Trouble::NotShown(why) => (Outcome::NotShown.exit_code(), why),
            Trouble::Misused(why) => (2, why),
        }
    }
}

impl From<String> for Trouble {
    fn from(why: String) -> Trouble {
        Trouble::Failed(why)
    }
}

impl From<lexopt::Error> for Trouble {
    fn from(error: lexopt::Error) -> Trouble {
        Trouble::Misused(format!("{error} (--help shows how)"))
    }
}

/// The verb with this name.
pub(crate) fn named<'a>(verbs: &'a [Verb], name: &OsString) -> Result<&'a Verb, Trouble> {
    let name = name.to_string_lossy();
    let names: Vec<_> = verbs.iter().map(|verb| verb.name).collect();
    let found = verbs.iter().find(|verb| verb.name == name);
    found.ok_or_else(|| Trouble::Misused(unknown("command", &name, &names)))
}

//! What a system does besides its ways: its first argument names it, as in `chat serve`.

use std::ffi::OsString;

use words::Outcome;
use words::names::unknown;

use crate::trouble::Trouble;

/// Something that a system does besides its ways.
#[derive(Clone, Copy, Debug)]
pub struct Verb {
    /// Its name, which is the first argument.
    pub name: &'static str,
    /// What may follow the name, as a person types it.
    pub arguments: &'static str,
    /// What it does, in a line.
    pub summary: &'static str,
    /// What those arguments mean, in lines; nothing where they say so themselves.
    pub details: &'static str,
    /// Does it, with the arguments that follow the name. What it found out is in the exit code.
    pub run: fn(Vec<OsString>) -> Result<Outcome, Trouble>,
}

impl Verb {
    /// How it is called, for a person, as a verb of this system.
    pub(crate) fn help(&self, system: &str) -> String {
        let Verb { name, arguments, summary, details, .. } = self;
        let more = if details.is_empty() { "" } else { "\n" };
        format!("{summary}\n\n  cargo run -p {system} -- {name} {arguments}\n{more}{details}")
    }
}

/// The verb with this name.
pub(crate) fn named<'a>(verbs: &'a [Verb], name: &OsString) -> Result<&'a Verb, Trouble> {
    let name = name.to_string_lossy();
    let names: Vec<_> = verbs.iter().map(|verb| verb.name).collect();
    let found = verbs.iter().find(|verb| verb.name == name);
    found.ok_or_else(|| Trouble::Misused(unknown("command", &name, &names)))
}

//! Why a system has not done what it was asked for.

use std::fmt;
use std::panic;

use words::Outcome;

/// Why a system has not done what it was asked for, in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It could not do its work.
    Failed(String),
    /// It did its work, or would have, but what was asked for cannot be shown on this machine.
    NotShown(String),
    /// The arguments make no sense.
    Misused(String),
}

impl Trouble {
    /// The exit code that says so: 1, 3 or 2.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Trouble::Failed(_) => Outcome::Failed.exit_code(),
            Trouble::NotShown(_) => Outcome::NotShown.exit_code(),
            Trouble::Misused(_) => 2,
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

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Failed(why) | Trouble::Misused(why) => f.write_str(why),
            Trouble::NotShown(why) => write!(f, "{}: {why}", Outcome::NotShown),
        }
    }
}

/// From now on a panic of any thread undoes this before it tells of itself, on a terminal that would not show
/// it otherwise, say.
pub fn undo_on_panic(undo: fn()) {
    let others = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        undo();
        others(panic);
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_shown_is_told_from_what_has_failed() {
        let failed = Trouble::from("no room".to_owned());
        assert_eq!((failed.to_string().as_str(), failed.exit_code()), ("no room", 1));
        let not_shown = Trouble::NotShown("no keyboard".to_owned());
        assert_eq!(not_shown.to_string(), "not shown: no keyboard");
        assert_eq!(not_shown.exit_code(), 3);
    }
}

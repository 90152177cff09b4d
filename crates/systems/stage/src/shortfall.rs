//! Why a system has not done what it was asked for.

use std::fmt;
use std::panic;

use words::Outcome;

/// Why a system has not done what it was asked for, in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shortfall {
    /// It could not do its work.
    Failed(String),
    /// It did its work, or would have, but what was asked for cannot be shown on this machine.
    NotShown(String),
}

impl Shortfall {
    /// The exit code that says so: 1 or 3.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Shortfall::Failed(_) => Outcome::Failed.exit_code(),
            Shortfall::NotShown(_) => Outcome::NotShown.exit_code(),
        }
    }
}

impl From<String> for Shortfall {
    fn from(why: String) -> Shortfall {
        Shortfall::Failed(why)
    }
}

impl fmt::Display for Shortfall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Shortfall::Failed(why) => f.write_str(why),
            Shortfall::NotShown(why) => write!(f, "{}: {why}", Outcome::NotShown),
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
        let failed = Shortfall::from("no room".to_owned());
        assert_eq!((failed.to_string().as_str(), failed.exit_code()), ("no room", 1));
        let not_shown = Shortfall::NotShown("no keyboard".to_owned());
        assert_eq!(not_shown.to_string(), "not shown: no keyboard");
        assert_eq!(not_shown.exit_code(), 3);
    }
}

//! What became of a check.

use std::fmt;

/// What became of a check, best first.
///
/// There are three. What a machine could not show has neither passed nor failed: a pass would be a
/// lie, and a failure an injustice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// Everything that was checked was seen to hold.
    #[default]
    Passed,
    /// Nothing that was checked is broken, but not everything could be shown.
    NotShown,
    /// Something that was checked does not hold.
    Failed,
}

impl Outcome {
    /// The worse of the two.
    #[must_use]
    pub fn and(self, other: Outcome) -> Outcome {
        self.max(other)
    }

    /// The exit code that says so: 0, 3 or 1. (2 stands for wrong usage.)
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Outcome::Passed => 0,
            Outcome::NotShown => 3,
            Outcome::Failed => 1,
        }
    }

    /// The outcome's name for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Outcome::Passed => "passed",
            Outcome::NotShown => "not-shown",
            Outcome::Failed => "failed",
        }
    }
}

/// The worst of all, or passed where there is nothing that could be worse.
impl FromIterator<Outcome> for Outcome {
    fn from_iter<I: IntoIterator<Item = Outcome>>(outcomes: I) -> Outcome {
        outcomes.into_iter().fold(Outcome::Passed, Outcome::and)
    }
}

/// The outcome for people.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Outcome::NotShown => "not shown",
            Outcome::Passed | Outcome::Failed => self.name(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_counts() {
        use Outcome::{Failed, NotShown, Passed};
        assert_eq!([Passed, NotShown, Passed].into_iter().collect::<Outcome>(), NotShown);
        assert_eq!([NotShown, Failed].into_iter().collect::<Outcome>(), Failed);
        assert_eq!([].into_iter().collect::<Outcome>(), Passed);
    }

    #[test]
    fn each_outcome_has_an_exit_code_of_its_own() {
        let codes = [Outcome::Passed, Outcome::Failed, Outcome::NotShown].map(Outcome::exit_code);
        assert_eq!(codes, [0, 1, 3]);
    }
}

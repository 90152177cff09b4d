//! What to do next: a command to type or, on a terminal that `watch` has, a key to press.

use clap::{Arg, ArgAction, ArgMatches};
use judge::Exercise;

/// The line by which `watch` is told that a program is built, and is run now. No line of a program is printed
/// like that.
pub(crate) const BEGUN: &str = "\u{2}";

/// What somebody can do with an exercise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Predict,
    Judge,
    Hint,
    Explain,
}

/// By what it is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Means {
    /// By a command in a shell.
    #[default]
    Command,
    /// By a key of `watch`.
    Key,
}

/// The argument by which `watch` says that it shows what is said, and listens to keys.
pub(crate) fn argument() -> Arg {
    Arg::new("watched").long("watched").action(ArgAction::SetTrue).global(true).hide(true)
}

impl Means {
    /// What the command line asks for, of a command that has this [argument].
    pub(crate) fn of(arguments: &ArgMatches) -> Means {
        if arguments.get_flag("watched") { Means::Key } else { Means::Command }
    }

    /// What does this with an exercise.
    pub(crate) fn to(self, step: Step, exercise: &Exercise) -> String {
        let (verb, key) = match step {
            Step::Predict => ("predict ", "press p"),
            Step::Judge => ("", "save the file, or press r"),
            Step::Hint => ("hint ", "press h"),
            Step::Explain => ("explain ", "press e"),
        };
        match self {
            Means::Command => format!("cargo xtask exercise {verb}{:02}", exercise.number),
            Means::Key => key.to_owned(),
        }
    }

    /// What goes on to an exercise, whose first step is this.
    pub(crate) fn to_next(self, step: Step, exercise: &Exercise) -> String {
        match self {
            Means::Command => self.to(step, exercise),
            Means::Key => "press n".to_owned(),
        }
    }
}

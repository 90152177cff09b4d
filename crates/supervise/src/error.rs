//! Why a program could not be run at all.

use std::fmt;
use std::io;

/// Why a program could not be run at all. Whatever it does once it runs is no error, but a
/// [finding](crate::Finding).
#[derive(Debug)]
pub enum Error {
    /// The program is not there, or is no program.
    CannotRun {
        /// Which.
        program: String,
        /// What the system says.
        reason: String,
    },
    /// The system refused something without which nothing can be run.
    System {
        /// What was to be done.
        attempt: &'static str,
        /// What the system says.
        error: io::Error,
    },
}

impl Error {
    /// Turns what the system says into an error that says what was to be done.
    pub(crate) fn system(attempt: &'static str) -> impl Fn(io::Error) -> Error {
        move |error| Error::System { attempt, error }
    }

    /// Whether whoever named the program should name another.
    #[must_use]
    pub fn is_of_the_program(&self) -> bool {
        matches!(self, Error::CannotRun { .. })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::CannotRun { program, reason } => {
                write!(f, "`{program}` cannot be run: {reason}")
            }
            Error::System { attempt, error } => write!(f, "cannot {attempt}: {error}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::CannotRun { .. } => None,
            Error::System { error, .. } => Some(error),
        }
    }
}

//! What can be wrong with a trace.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use ::trace::layout::VERSION;

/// Something that should have been a trace, or holds one that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file, or the folder where that is at fault as a whole.
    pub file: PathBuf,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What is wrong with a file or a folder of traces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// A folder in which no trace was ever made.
    NeverMade,
    /// A trace, or a folder, that was there and has been removed or renamed.
    Removed,
    /// A folder without a trace, and nobody watched whether there was one.
    NoTrace,
    /// Something else than a file: a pipe, a folder, a link.
    NotAFile(&'static str),
    /// A file that holds no trace: nothing was recorded into it, or it was emptied.
    Empty,
    /// A file in a folder of traces that holds none: whoever makes one there has its trace begin first.
    Emptied,
    /// A file that is no trace.
    Foreign,
    /// A trace of another version.
    Version(u64),
    /// A trace that ends too early.
    CutShort {
        /// How long it is, in bytes.
        length: u64,
        /// How long it would have to be at least.
        needed: u64,
    },
    /// A trace that holds what is no event.
    Damaged {
        /// At which byte of the file.
        offset: u64,
    },
    /// A trace timed by a clock that has nothing to do with that of the other traces of the folder.
    OtherClock,
    /// A trace of the very process that another file of the folder is of.
    Copy,
    /// One file too many: a folder is read up to a number of files, and of bytes.
    TooMuch,
    /// What the system said to whoever wanted to read it.
    System {
        /// Its kind.
        kind: io::ErrorKind,
        /// The same in words.
        message: String,
    },
}

impl Problem {
    /// With the file that it is the problem of.
    pub(super) fn of(self, file: &Path) -> Fault {
        Fault { file: file.to_owned(), problem: self }
    }
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Problem {
        Problem::System { kind: error.kind(), message: error.to_string() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Problem::NeverMade => "holds no trace: no program recorded one",
            Problem::Removed => "was there and has been removed",
            Problem::NoTrace => "holds no trace: no program recorded one, or it was removed",
            Problem::NotAFile(kind) => return write!(f, "is no file but a {kind}"),
            Problem::Empty => {
                "holds no trace: no program recorded into it yet, or it was emptied"
            }
            Problem::Emptied => "holds no trace: it was emptied",
            Problem::Foreign => "is not a trace",
            Problem::Version(version) => {
                return write!(
                    f,
                    "is a trace of version {version}, and this program reads version {VERSION}: \
                     record it anew"
                );
            }
            Problem::CutShort { length, needed } => {
                return write!(
                    f,
                    "is cut short: it has {length} bytes of at least {needed}; copy or record it anew"
                );
            }
            Problem::Damaged { offset } => {
                return write!(
                    f,
                    "is damaged: there is no event of any known kind at byte {offset}"
                );
            }
            Problem::OtherClock => {
                "is timed by another clock than the other traces: its process was in a time \
                 namespace of its own, or on a system without a common clock; read it alone"
            }
            Problem::Copy => "is a copy of another trace in its folder",
            Problem::TooMuch => {
                "is not read: there are too many traces, or too long ones; read it alone"
            }
            Problem::System { message, .. } => return write!(f, "cannot be read: {message}"),
        })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.file.display(), self.problem)
    }
}

/// Why nothing of a trace can be read.
///
/// Without a source: what the system said is told already, and whoever prints the sources as well
/// would tell it twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// What was found instead: one fault at least.
    pub faults: Vec<Fault>,
}

impl ReadError {
    /// Whether nothing is wrong but that no program has recorded anything (yet).
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.faults.iter().all(|fault| {
            matches!(fault.problem, Problem::NeverMade | Problem::NoTrace | Problem::Empty)
        })
    }
}

impl From<Fault> for ReadError {
    fn from(fault: Fault) -> ReadError {
        ReadError { faults: vec![fault] }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// A folder full of them is not worth a page.
        const TOLD: usize = 5;
        for (place, fault) in self.faults.iter().take(TOLD).enumerate() {
            let separator = if place == 0 { "" } else { "; " };
            write!(f, "{separator}{fault}")?;
        }
        match self.faults.len().saturating_sub(TOLD) {
            0 => Ok(()),
            more => write!(f, "; and {more} more"),
        }
    }
}

impl std::error::Error for ReadError {}

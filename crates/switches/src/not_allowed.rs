//! Why there is no record, and what would allow one.

use std::fmt;
use std::io;

/// Why the kernel's record is not to be had.
#[derive(Debug)]
#[non_exhaustive]
pub enum NotAllowed {
    /// Only Linux has this record.
    OtherSystem,
    /// This kernel is older than the record, which came with Linux 4.3.
    OldKernel,
    /// There is no such process.
    NoSuchProcess {
        /// The number asked for.
        pid: u32,
    },
    /// The process has several threads: it has begun, and what it did until now is not on record.
    HasBegun {
        /// The number asked for.
        pid: u32,
        /// How many threads it has.
        threads: usize,
    },
    /// The system's setting keeps ordinary users from it, as Debian's and Ubuntu's do.
    Setting {
        /// What `/proc/sys/kernel/perf_event_paranoid` says.
        paranoid: i64,
    },
    /// The setting would allow it, but something else does not: a container's filter of system
    /// calls, as a rule.
    Filtered {
        /// What the kernel said.
        error: io::Error,
    },
    /// The process belongs to somebody else, or has more rights than whoever asks.
    NotYours {
        /// The number asked for.
        pid: u32,
    },
    /// There is no room for rings: a user may only lock so much memory.
    NoMemory {
        /// What the kernel said.
        error: io::Error,
    },
    /// One file a core is needed, and so many may not be open.
    TooManyFiles {
        /// How many cores there are.
        cores: usize,
    },
    /// Something else went wrong.
    Other {
        /// What was being done.
        doing: &'static str,
        /// What the system said.
        error: io::Error,
    },
}

impl NotAllowed {
    /// How to allow it, in one line; `None` where nothing helps.
    pub fn remedy(&self) -> Option<&'static str> {
        match self {
            NotAllowed::OtherSystem | NotAllowed::OldKernel | NotAllowed::NoSuchProcess { .. } => {
                None
            }
            NotAllowed::HasBegun { .. } => Some("attach before the program begins"),
            NotAllowed::Setting { .. } => Some(
                "until the next start of the machine: sudo sysctl kernel.perf_event_paranoid=2",
            ),
            NotAllowed::Filtered { .. } => Some(
                "in a container: start it with --cap-add=PERFMON \
                 (or --security-opt seccomp=unconfined)",
            ),
            NotAllowed::NotYours { .. } => Some("start the program yourself, as the same user"),
            NotAllowed::NoMemory { .. } => {
                Some("allow more memory to be locked: sudo sysctl kernel.perf_event_mlock_kb=4096")
            }
            NotAllowed::TooManyFiles { .. } => Some("allow more open files: ulimit -n 4096"),
            NotAllowed::Other { .. } => None,
        }
    }
}

impl fmt::Display for NotAllowed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotAllowed::OtherSystem => write!(out, "only Linux records who was executing when"),
            NotAllowed::OldKernel => {
                write!(out, "this kernel does not record switches: Linux 4.3 does")
            }
            NotAllowed::NoSuchProcess { pid } => write!(out, "there is no process {pid}"),
            NotAllowed::HasBegun { pid, threads } => {
                write!(out, "process {pid} has begun: it has {threads} threads already")
            }
            NotAllowed::Setting { paranoid } => write!(
                out,
                "kernel.perf_event_paranoid is {paranoid}, and more than 2 keeps ordinary users out"
            ),
            NotAllowed::Filtered { error } => {
                write!(
                    out,
                    "something that stands before the kernel forbids perf_event_open: {error}"
                )
            }
            NotAllowed::NotYours { pid } => {
                write!(out, "process {pid} may not be watched by this user")
            }
            NotAllowed::NoMemory { error } => {
                write!(out, "no memory for the kernel's rings: {error}")
            }
            NotAllowed::TooManyFiles { cores } => {
                write!(out, "{cores} cores need as many open files, and they are too many")
            }
            NotAllowed::Other { doing, error } => write!(out, "{doing}: {error}"),
        }
    }
}

impl std::error::Error for NotAllowed {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            NotAllowed::Filtered { error }
            | NotAllowed::NoMemory { error }
            | NotAllowed::Other { error, .. } => Some(error),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_setting_is_named_with_the_command_that_changes_it() {
        let error = NotAllowed::Setting { paranoid: 4 };
        assert!(error.to_string().contains("kernel.perf_event_paranoid is 4"));
        assert!(error.remedy().expect("a remedy").contains("sysctl kernel.perf_event_paranoid=2"));
    }

    #[test]
    fn a_remedy_is_one_line() {
        let error = || io::Error::from_raw_os_error(1);
        for error in [
            NotAllowed::Filtered { error: error() },
            NotAllowed::NoMemory { error: error() },
            NotAllowed::TooManyFiles { cores: 8 },
            NotAllowed::Setting { paranoid: 3 },
        ] {
            assert_eq!(error.remedy().expect("a remedy").lines().count(), 1, "{error}");
        }
    }
}

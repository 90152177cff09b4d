//! How a program came to its end.

use std::fmt;
#[cfg(unix)]
use std::process::ExitStatus;

/// How a program came to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It ended by itself, with this exit code.
    Exited(i32),
    /// It was ended by a signal that did not come from us.
    Signal {
        /// The signal's number on this system.
        number: i32,
        /// Its name, `SIGSEGV` for example.
        name: String,
    },
    /// We ended it, for its time was up.
    TimedOut,
    /// We ended it, for it had printed too much.
    OutputLimit,
    /// We ended it, for it had taken more of something than it may have: what, says a
    /// [finding](crate::Finding).
    Exhausted,
    /// We ended it, for somebody pressed Ctrl-C, or wants us to end.
    Interrupted,
    /// Nobody knows: the process that watched over it was ended before.
    Unknown,
}

impl Ending {
    /// The end by a signal with this number.
    #[cfg(unix)]
    pub(crate) fn from_signal(number: i32) -> Ending {
        let name = signal_hook::low_level::signal_name(number);
        Ending::Signal { number, name: name.unwrap_or("an unknown signal").to_owned() }
    }

    /// The end that the system tells of.
    #[cfg(unix)]
    pub(crate) fn from_status(status: ExitStatus) -> Ending {
        use std::os::unix::process::ExitStatusExt;

        let signal = status.signal().map(Ending::from_signal);
        signal.unwrap_or_else(|| Ending::Exited(status.code().unwrap_or(-1)))
    }

    /// Whether the program ended by itself and said that all was well.
    #[must_use]
    pub fn is_success(&self) -> bool {
        *self == Ending::Exited(0)
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ending::Exited(code) => write!(f, "exited with code {code}"),
            Ending::Signal { number, name } => write!(f, "killed by {name} (signal {number})"),
            Ending::TimedOut => f.write_str("ended after its time limit"),
            Ending::OutputLimit => f.write_str("ended after its output limit"),
            Ending::Exhausted => f.write_str("ended for taking more than it may have"),
            Ending::Interrupted => f.write_str("interrupted"),
            Ending::Unknown => f.write_str("ended, nobody knows how"),
        }
    }
}

//! What happens where the standard output cannot be written.
//!
//! `println!` panics there. Where its reader has gone, as `head` does once it has seen enough, that
//! is no fault of anybody's, and the command ends quietly (`anstream::println!` does not even panic
//! then: the command goes on without a word). Anything else, such as a full disk, is an error like
//! another.

use std::any::Any;
use std::fmt;
use std::io;
use std::panic::{self, AssertUnwindSafe};

use anyhow::Result;

/// The error of a command that cannot write its standard output.
#[derive(Debug)]
pub struct CannotPrint(pub io::Error);

impl fmt::Display for CannotPrint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot print: {}", self.0)
    }
}

impl std::error::Error for CannotPrint {}

impl CannotPrint {
    /// The same error, as what it is where it came from writing the standard output.
    pub fn from_output(error: anyhow::Error) -> anyhow::Error {
        match error.downcast::<io::Error>() {
            Ok(error) => CannotPrint(error).into(),
            Err(error) => error,
        }
    }

    /// What `println!` panicked with, if that is what panicked.
    fn from_panic(payload: &(dyn Any + Send)) -> Option<CannotPrint> {
        let message: &str = payload.downcast_ref::<String>()?;
        let cause = message.strip_prefix("failed printing to stdout: ")?;
        // The text ends with the system's number of the error, which tells of what kind it is.
        let code = cause.rsplit_once("(os error ").and_then(|(_, code)| code.strip_suffix(')'));
        let error = match code.and_then(|code| code.parse().ok()) {
            Some(code) => io::Error::from_raw_os_error(code),
            None => io::Error::other(cause),
        };
        Some(CannotPrint(error))
    }
}

/// Whether a command failed because nobody reads its output any longer.
pub fn nobody_reads(error: &anyhow::Error) -> bool {
    let cannot_print = error.downcast_ref::<CannotPrint>();
    cannot_print.is_some_and(|error| error.0.kind() == io::ErrorKind::BrokenPipe)
}

/// Runs a command, and makes an error of what `println!` panics with. It unwinds before, so that
/// what the command has begun comes to its end: the programs that it runs, and its folders.
pub fn or_cannot_print<T>(command: impl FnOnce() -> Result<T>) -> Result<T> {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if CannotPrint::from_panic(panic.payload()).is_none() {
            usual(panic);
        }
    }));
    panic::catch_unwind(AssertUnwindSafe(command)).unwrap_or_else(|payload| {
        match CannotPrint::from_panic(&*payload) {
            Some(error) => Err(error.into()),
            None => panic::resume_unwind(payload),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_println_panics_with_is_told_from_other_panics() {
        let read = |message: &str| CannotPrint::from_panic(&message.to_owned());
        let gone = io::Error::from(io::ErrorKind::BrokenPipe);
        assert!(nobody_reads(&CannotPrint(gone).into()));
        let full = read("failed printing to stdout: out of room").expect("it is one");
        assert_eq!(full.to_string(), "cannot print: out of room");
        assert!(!nobody_reads(&full.into()));
        assert!(read("failed printing to stderr: out of room").is_none());
        assert!(read("index out of bounds").is_none());
        assert!(CannotPrint::from_panic(&"a text that is no message").is_none());
    }

    #[cfg(unix)]
    #[test]
    fn the_systems_number_tells_that_nobody_reads() {
        let gone = io::Error::from(rustix::io::Errno::PIPE);
        let message = format!("failed printing to stdout: {gone}");
        let error = CannotPrint::from_panic(&message).expect("it is one");
        assert!(nobody_reads(&error.into()));
    }

    #[test]
    fn only_an_error_of_the_system_is_one_of_printing() {
        let error = CannotPrint::from_output(io::Error::other("no room").into());
        assert_eq!(error.to_string(), "cannot print: no room");
        assert!(!CannotPrint::from_output(anyhow::anyhow!("no rank")).is::<CannotPrint>());
    }
}

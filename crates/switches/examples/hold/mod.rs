//! Starting a program that waits until it is let go.
//!
//! The examples start themselves once more, with a word instead of a program. That copy waits for a
//! byte from a pipe and then becomes the program, so that its process is there, ready, and has not
//! begun.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{PipeWriter, Read, Write, pipe};
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitCode, ExitStatus};

/// Stands where a program's name would.
pub(crate) const WORD: &str = "--held";

/// A program that stands ready.
pub(crate) struct Held {
    child: Child,
    hand: PipeWriter,
}

/// Starts a program, as far as its first step.
pub(crate) fn hold(program: &OsStr, arguments: impl Iterator<Item = OsString>) -> Held {
    let (wait, hand) = pipe().expect("a pipe");
    rustix::io::fcntl_setfd(wait.as_fd(), rustix::io::FdFlags::empty()).expect("a pipe to inherit");
    let own = std::env::current_exe().expect("this program's own path");
    let child = Command::new(own)
        .arg(WORD)
        .arg(wait.as_raw_fd().to_string())
        .arg(program)
        .args(arguments)
        .spawn()
        .expect("a copy of this program");
    let mut held = Held { child, hand };
    held.settle();
    held
}

/// What the copy does: it waits, and becomes the program.
pub(crate) fn wait_and_begin(mut words: impl Iterator<Item = OsString>) -> ExitCode {
    let pipe = words.next().expect("the number of a pipe");
    let program = words.next().expect("a program");
    let mut pipe = File::open(format!("/dev/fd/{}", pipe.display())).expect("the pipe");
    let mut byte = [0];
    if pipe.read_exact(&mut byte).is_err() {
        return ExitCode::FAILURE;
    }
    drop(pipe);
    let error = Command::new(&program).args(words).exec();
    eprintln!("{} does not start: {error}", program.display());
    ExitCode::from(127)
}

impl Held {
    /// Its number.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits until the copy waits. It is recorded wherever it is; but then all that is recorded is the
    /// program's.
    fn settle(&mut self) {
        let stat = format!("/proc/{}/stat", self.child.id());
        while std::fs::read_to_string(&stat).is_ok_and(|stat| !stat.contains(") S ")) {
            std::thread::yield_now();
        }
    }

    /// Lets it go.
    pub(crate) fn go(&mut self) {
        self.hand.write_all(b"!").expect("somebody who waits");
    }

    /// Waits for its end.
    pub(crate) fn wait(mut self) -> ExitStatus {
        self.child.wait().expect("its end")
    }
}

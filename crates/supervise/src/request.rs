//! Which program to run, and how much time and output it gets.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

/// Where a program's standard input comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Input {
    /// Nowhere: the program reads the end of the file at once.
    #[default]
    Nothing,
    /// From where ours comes. A program under supervision is in the terminal's
    /// background and would be stopped for reading from it, so that a terminal
    /// counts as [`Nothing`](Input::Nothing).
    Ours,
}

/// One program to run.
#[derive(Clone, Debug)]
pub struct Request {
    /// The program: a path, or a name to look up in `PATH`.
    pub program: OsString,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// Variables to set, or with `None` to remove, in what is otherwise our own environment.
    pub environment: Vec<(OsString, Option<OsString>)>,
    /// The folder to run it in, where that is not ours. A relative program path starts there, too.
    pub folder: Option<PathBuf>,
    /// Where its standard input comes from.
    pub input: Input,
    /// How long it may run; without a limit it may run for ever.
    pub time_limit: Option<Duration>,
    /// How many bytes of lines are passed on and kept. What comes after is
    /// read and counted, so that the program can go on, but not kept.
    pub kept_output: usize,
    /// How many bytes it may print before it is ended.
    pub output_limit: Option<u64>,
    /// To how many of the cores that we may use it is restricted.
    pub cores: Option<usize>,
    /// How long after the program's own end its children may take to end as well.
    pub grace: Duration,
    /// The program that is run as a keeper: one that calls
    /// [`keep_if_asked`](crate::keep_if_asked). It is this program itself, unless named.
    pub keeper: Option<PathBuf>,
}

impl Request {
    /// A request with the limits that suit a lesson: 30 seconds, 1 MiB of
    /// lines that are kept, 4 GiB of output before it is ended.
    pub fn new(program: impl Into<OsString>) -> Request {
        Request {
            program: program.into(),
            arguments: Vec::new(),
            environment: Vec::new(),
            folder: None,
            input: Input::Nothing,
            time_limit: Some(Duration::from_secs(30)),
            kept_output: 1 << 20,
            output_limit: Some(4 << 30),
            cores: None,
            grace: Duration::from_millis(200),
            keeper: None,
        }
    }

    /// The same request with more arguments.
    pub fn arguments<A: Into<OsString>>(
        mut self,
        arguments: impl IntoIterator<Item = A>,
    ) -> Request {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// The same request with one more variable in the environment.
    pub fn variable(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Request {
        self.environment.push((name.into(), Some(value.into())));
        self
    }

    /// The same request with another time limit.
    pub fn time_limit(self, limit: impl Into<Option<Duration>>) -> Request {
        Request { time_limit: limit.into(), ..self }
    }
}

//! Which program to run, where, and how much of everything it gets.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

/// Where a program's standard input comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Input {
    /// Nowhere: the program reads the end of the file at once.
    #[default]
    Nothing,
    /// From where ours comes. A program under supervision has no terminal, and could not be given
    /// ours: a terminal counts as [`Nothing`](Input::Nothing).
    Ours,
}

/// What keeps a program from everything else, where the system has it and allows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Isolation {
    /// A process namespace and a control group of its own. Then the program cannot reach its keeper, and
    /// nothing that it starts outlives it. It is process 2 there, and its own `/proc` shows what it
    /// started alone.
    #[default]
    IfAllowed,
    /// A control group of its own, and nothing besides: all that it starts can be ended at one moment, and
    /// the account is whole whoever takes leave of whom; but for the group, it finds everything as it
    /// would without supervision.
    GroupIfAllowed,
    /// Nothing.
    Never,
}

/// How much of everything a program gets. Nothing is limited that is `None`.
///
/// Each limit has a [finding](crate::Finding) that says that it was reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// How long it may run. While it is stopped with us (Ctrl-Z) this clock stands still.
    pub time: Option<Duration>,
    /// How much longer it may run than `time` for having waited for cores that others had: as long as it
    /// waited, and no longer than this. A program that has had all that, and waited for more, was
    /// [starved](crate::Finding::Starved). Where the system does not tell (it is Linux that does), it is
    /// nothing.
    pub time_for_waiting: Option<Duration>,
    /// How long each of its processes may execute, all its threads together; in whole seconds.
    pub cpu: Option<Duration>,
    /// How many bytes of memory it may have, with all that it started: of its own, and not shared
    /// with a file.
    pub memory: Option<u64>,
    /// How many bytes long a file may become to which it writes.
    pub file_size: Option<u64>,
    /// How many processes it may be at once, with all that it started.
    pub processes: Option<usize>,
    /// How many files each of its processes may have open.
    pub open_files: Option<u64>,
    /// How many bytes it may print.
    pub output: Option<u64>,
}

impl Limits {
    /// What suits a lesson or an exercise: 30 seconds, 2 GiB of memory, files of 4 GiB, 200 processes
    /// with 4096 open files each, and 4 GiB of output.
    ///
    /// (A file may be longer than all memory: that of a trace is a gigabyte, and has holes.)
    #[must_use]
    pub fn of_a_lesson() -> Limits {
        Limits {
            time: Some(Duration::from_secs(30)),
            time_for_waiting: None,
            cpu: Some(Duration::from_secs(600)),
            memory: Some(2 << 30),
            file_size: Some(4 << 30),
            processes: Some(200),
            open_files: Some(4096),
            output: Some(4 << 30),
        }
    }

    /// No limits at all, for a program that is somebody else's business.
    #[must_use]
    pub fn none() -> Limits {
        Limits::default()
    }
}

/// One program to run.
#[derive(Clone, Debug)]
pub struct Request {
    /// The program: a path, or a name to look up in `PATH`.
    pub program: OsString,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// Variables to set, or with `None` to remove.
    pub environment: Vec<(OsString, Option<OsString>)>,
    /// Whether these variables are all that it gets, and none of ours.
    pub clean_environment: bool,
    /// The folder to run it in, where that is not ours. A relative program path starts there, too.
    pub folder: Option<PathBuf>,
    /// Where its standard input comes from.
    pub input: Input,
    /// How much of everything it gets.
    pub limits: Limits,
    /// How many bytes of lines are passed on and kept. What comes after is
    /// read and counted, so that the program can go on, but not kept.
    pub kept_output: usize,
    /// To how many of the cores that we may use it is restricted.
    pub cores: Option<usize>,
    /// How long after the program's own end its children may take to end as well.
    pub grace: Duration,
    /// What keeps it from everything else.
    pub isolation: Isolation,
    /// What new files of the program's are protected from, as `umask` has it; `None` for what we
    /// protect ours from.
    pub umask: Option<u32>,
    /// Folders that are removed, with all that is in them, should we be killed before we can do so.
    pub scratch: Vec<PathBuf>,
    /// The program that is run as a keeper: one that calls
    /// [`keep_if_asked`](crate::keep_if_asked). It is this program itself, unless named.
    pub keeper: Option<PathBuf>,
}

impl Request {
    /// A request that suits a lesson: with its [limits](Limits::of_a_lesson), 1 MiB of lines that are
    /// kept, and a process namespace of its own where there can be one.
    pub fn new(program: impl Into<OsString>) -> Request {
        Request {
            program: program.into(),
            arguments: Vec::new(),
            environment: Vec::new(),
            clean_environment: false,
            folder: None,
            input: Input::Nothing,
            limits: Limits::of_a_lesson(),
            kept_output: 1 << 20,
            cores: None,
            grace: Duration::from_millis(200),
            isolation: Isolation::IfAllowed,
            umask: Some(0o022),
            scratch: Vec::new(),
            keeper: None,
        }
    }

    /// A request for a program that is somebody else's business: without limits, and in the
    /// surroundings in which it would be if nobody looked.
    pub fn of_a_stranger(program: impl Into<OsString>) -> Request {
        Request {
            limits: Limits::none(),
            isolation: Isolation::GroupIfAllowed,
            umask: None,
            ..Request::new(program)
        }
    }

    /// The same request with more arguments.
    #[must_use]
    pub fn arguments<A: Into<OsString>>(
        mut self,
        arguments: impl IntoIterator<Item = A>,
    ) -> Request {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// The same request with one more variable in the environment.
    #[must_use]
    pub fn variable(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Request {
        self.environment.push((name.into(), Some(value.into())));
        self
    }

    /// The same request with another time limit.
    #[must_use]
    pub fn time_limit(mut self, limit: impl Into<Option<Duration>>) -> Request {
        self.limits.time = limit.into();
        self
    }

    /// All variables that the program gets.
    pub(crate) fn variables(&self) -> Vec<(OsString, OsString)> {
        let ours = std::env::vars_os().filter(|_| !self.clean_environment);
        let mut variables: Vec<(OsString, OsString)> = ours.collect();
        for (name, value) in &self.environment {
            variables.retain(|(known, _)| known != name);
            variables.extend(value.iter().map(|value| (name.clone(), value.clone())));
        }
        variables
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clean_environment_has_nothing_of_ours() {
        let request = Request { clean_environment: true, ..Request::new("x") };
        let variables = request.variable("A", "1").variable("A", "2").variables();
        assert_eq!(variables, [("A".into(), "2".into())]);
    }

    #[test]
    fn a_variable_can_be_taken_out_of_ours() {
        let (name, _) = std::env::vars_os().next().expect("cargo sets many");
        let environment = vec![(name.clone(), None)];
        let request = Request { environment, ..Request::new("x") };
        assert!(!request.variables().iter().any(|(known, _)| *known == name));
    }
}

//! How a test calls a system: as a person would, who may have a full disk, a port that is taken, or a
//! change of mind.

mod watch;

use std::ffi::OsStr;
#[cfg(unix)]
use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
#[cfg(unix)]
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

#[cfg(unix)]
use rustix::process::{Pid, Signal, kill_process};

#[cfg(target_os = "linux")]
pub use terminal::Terminal;
use watch::{IN_VAIN, Watch};

/// A call of a system that is about to be made.
#[derive(Debug)]
pub struct Call(Command);

/// What came of it.
#[derive(Debug)]
pub struct Answer {
    /// The call, as it is shown where a test has failed.
    call: String,
    /// The exit code; nothing where a signal has ended it.
    pub code: Option<i32>,
    /// The lines on the standard output.
    pub lines: Vec<String>,
    /// What was said on the standard error.
    pub errors: String,
}

impl Call {
    /// A call of the program in this file, by somebody who types nothing.
    #[must_use]
    pub fn of(program: impl AsRef<OsStr>, arguments: &[&str]) -> Call {
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null()).env_remove("LAB_TRACE");
        Call(command)
    }

    /// The same call with one more argument.
    #[must_use]
    pub fn with(mut self, argument: impl AsRef<OsStr>) -> Call {
        self.0.arg(argument);
        self
    }

    /// The same call by somebody who types this: a file, or a pipe of whoever disturbs it.
    #[must_use]
    pub fn given(mut self, input: impl Into<Stdio>) -> Call {
        self.0.stdin(input);
        self
    }

    /// The same call where a variable of the environment has this value.
    #[must_use]
    pub fn with_variable(mut self, variable: &str, value: impl AsRef<OsStr>) -> Call {
        self.0.env(variable, value);
        self
    }

    /// The same call on a machine on which one program alone can play sound, one of stage's `players`: `heard`
    /// keeps what it is given in the file that the variable `HEARD` names, `deaf` has no device, and `dying`
    /// loses it in the middle. Where there is none of this name, no sound can be played.
    #[cfg(unix)]
    #[must_use]
    pub fn with_player(self, player: &str) -> Call {
        let players = Path::new(env!("CARGO_MANIFEST_DIR")).join("players");
        self.with_variable("PATH", players.join(player))
    }

    /// The same call where no file can have more than so many blocks of 512 or 1024 bytes: a disk that is
    /// full, as far as the program can tell.
    #[cfg(unix)]
    #[must_use]
    pub fn with_room_for(self, blocks: u32) -> Call {
        self.in_a_shell(&format!("trap '' XFSZ; ulimit -f {blocks}"), "")
    }

    /// The same call where what is printed goes into this file: `/dev/full`, say.
    #[cfg(unix)]
    #[must_use]
    pub fn printing_to(self, file: &str) -> Call {
        self.in_a_shell(":", &format!(">{file}"))
    }

    /// The same call by a shell that does something before, and has its output go elsewhere.
    #[cfg(unix)]
    fn in_a_shell(self, before: &str, elsewhere: &str) -> Call {
        let script = format!("{before}; exec \"$0\" \"$@\" {elsewhere}");
        let shell = Call::of("sh", &["-c", &script]).with(self.0.get_program());
        self.0.get_args().fold(shell, Call::with)
    }

    /// Runs it in a terminal.
    ///
    /// # Panics
    ///
    /// If it cannot be started.
    #[cfg(target_os = "linux")]
    #[must_use]
    pub fn in_a_terminal(self) -> Terminal {
        Terminal::of(&self.0)
    }

    /// Runs it to its end.
    ///
    /// # Panics
    ///
    /// If it cannot be started, or is not done in five minutes.
    #[must_use]
    pub fn answer(self) -> Answer {
        self.disturbed(|_child| ())
    }

    /// Runs it to its end, and does something to it in the middle.
    ///
    /// # Panics
    ///
    /// If it cannot be started, or is not done in five minutes.
    #[must_use]
    pub fn disturbed(self, disturb: impl FnOnce(&mut Child)) -> Answer {
        self.disturbed_and_done_within(IN_VAIN, disturb)
    }

    fn disturbed_and_done_within(
        mut self,
        patience: Duration,
        disturb: impl FnOnce(&mut Child),
    ) -> Answer {
        let child = self.0.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = child.expect("it runs");
        let watch = Watch::over(&child, patience);
        disturb(&mut child);
        let answer = Answer::of(&self, &child.wait_with_output().expect("it ends"));
        assert!(!watch.was_in_vain(), "not done after {patience:?}, and ended: {answer:#?}");
        answer
    }

    /// Runs it, and presses Ctrl-C when it has printed a line.
    ///
    /// # Panics
    ///
    /// If it cannot be started, prints nothing, cannot be told, or does not say that it has stopped early.
    #[cfg(unix)]
    #[track_caller]
    pub fn interrupted(self) -> Answer {
        let mut first = String::new();
        let mut answer = self.disturbed(|child| {
            first = line(child.stdout.as_mut().expect("a pipe"));
            interrupt(child);
        });
        answer.lines.insert(0, first);
        answer.failed(130, "stopped early")
    }

    /// The same of a system that has nothing to print before its end, but says how far it is on the standard
    /// error.
    ///
    /// # Panics
    ///
    /// As [`Call::interrupted`].
    #[cfg(unix)]
    #[track_caller]
    pub fn interrupted_on_its_way(self) -> Answer {
        let answer = self.disturbed(|child| {
            line(child.stderr.as_mut().expect("a pipe"));
            interrupt(child);
        });
        answer.failed(130, "stopped early")
    }

    /// Runs it with `--port` and a port that somebody else listens on.
    ///
    /// # Panics
    ///
    /// If it cannot be started, or does not say that it is refused this port.
    #[track_caller]
    pub fn refused_its_port(self) -> Answer {
        let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = taken.local_addr().expect("its address").port().to_string();
        let answer = self.with("--port").with(&port).answer();
        answer.failed(1, &format!("port {port} cannot be listened on"))
    }
}

/// Presses Ctrl-C, as far as this process can tell.
///
/// # Panics
///
/// If the process is not there.
#[cfg(unix)]
#[track_caller]
pub fn interrupt(child: &Child) {
    kill_process(Pid::from_child(child), Signal::INT).expect("it is there");
}

/// The next line. A buffer of one byte takes nothing of what comes after it.
#[cfg(unix)]
fn line(output: impl Read) -> String {
    let next = BufReader::with_capacity(1, output).lines().next();
    next.expect("a first line").expect("text")
}

impl Answer {
    fn of(call: &Call, output: &Output) -> Answer {
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        Answer {
            call: format!("{:?}", call.0),
            code: output.status.code(),
            lines: text(&output.stdout).lines().map(str::to_owned).collect(),
            errors: text(&output.stderr),
        }
    }

    /// The same answer, of a system that has done its work.
    ///
    /// # Panics
    ///
    /// If it has not.
    #[track_caller]
    pub fn succeeded(self) -> Answer {
        assert_eq!(self.code, Some(0), "{}: {}", self.call, self.errors);
        self
    }

    /// The same answer, of a system that ended with this code, and said why in its last sentence.
    ///
    /// # Panics
    ///
    /// If it did not.
    #[track_caller]
    pub fn failed(self, code: i32, why: &str) -> Answer {
        let Answer { call, errors, .. } = &self;
        assert_eq!(self.code, Some(code), "{call}: {errors}");
        let last = errors.lines().last().unwrap_or_default();
        assert!(last.contains(why), "{call}: its last word is not `{why}`: {errors}");
        assert!(!errors.contains("panicked"), "{call}: {errors}");
        self
    }

    /// A figure that was told on the standard error.
    ///
    /// # Panics
    ///
    /// If it was not.
    #[must_use]
    #[track_caller]
    pub fn figure(&self, name: &str) -> f64 {
        let mut lines = self.errors.lines();
        let told = lines.find_map(|line| line.strip_prefix(&format!("{name}: ")));
        let number = told.and_then(|told| told.split(' ').next()?.parse().ok());
        number.unwrap_or_else(|| panic!("{}: no {name} in {}", self.call, self.errors))
    }

    /// Whether this was said on the standard error.
    #[must_use]
    pub fn says(&self, text: &str) -> bool {
        self.errors.contains(text)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Call {
        Call::of("sh", &["-c", script])
    }

    #[test]
    fn who_is_interrupted_has_told_its_first_line_and_its_last() {
        let script = "trap 'echo two; echo stopped early >&2; exit 130' INT; echo one; \
                      while :; do :; done";
        assert_eq!(shell(script).interrupted().lines, ["one", "two"]);
    }

    #[test]
    #[should_panic(expected = "not done after 100ms, and ended")]
    fn who_is_never_done_is_ended() {
        let patience = Duration::from_millis(100);
        let _never = shell("echo one; exec sleep 600").disturbed_and_done_within(patience, |_| ());
    }

    #[cfg(target_os = "linux")]
    #[test]
    #[should_panic(expected = "not done after 100ms, and ended")]
    fn what_somebody_has_started_who_is_never_done_is_ended_as_well() {
        let patience = Duration::from_millis(100);
        let script = "(sleep 600; :) & wait";
        let _never = shell(script).disturbed_and_done_within(patience, |_| ());
    }

    #[test]
    fn who_says_how_far_it_is_can_be_interrupted() {
        let script = "trap 'echo two; echo stopped early >&2; exit 130' INT; echo 1 of 2 >&2; \
                      while :; do :; done";
        assert_eq!(shell(script).interrupted_on_its_way().lines, ["two"]);
    }

    #[test]
    #[should_panic(expected = "its last word is not `no`")]
    fn a_reason_that_is_not_the_last_word_is_none() {
        shell("echo no >&2; echo yes >&2; exit 1").answer().failed(1, "no");
    }

    #[test]
    #[should_panic(expected = "left: Some(2)")]
    fn another_exit_code_is_no_success() {
        shell("exit 2").answer().succeeded();
    }

    #[test]
    fn arguments_are_the_same_where_there_is_no_room() {
        let call = shell("echo \"$0, $1\"").with("a b").with("c");
        assert_eq!(call.with_room_for(0).answer().lines, ["a b, c"]);
    }
}

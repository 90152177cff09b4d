//! Commands in processes of their own.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, SyncSender, TryRecvError};
use std::thread;
use std::time::{Duration, Instant};

use anstream::{AutoStream, ColorChoice};
use anyhow::{Context, Result};
use command::show::width;

use crate::means::BEGUN;

/// How long a run may take to end once it is asked to. Then it is not asked any more.
const GRACE: Duration = Duration::from_secs(2);

/// How many lines may wait for us: a run that prints more has to wait itself.
const LINES: usize = 100;

/// How commands are called.
pub(super) struct Commands {
    program: PathBuf,
    /// The folder of exercises.
    folder: PathBuf,
    /// Whether there are keys to press.
    has_keys: bool,
}

/// What there is to hear of a run.
pub(super) enum Heard {
    /// It is built; its program is run.
    Begun,
    Line(String),
    Nothing,
    End,
}

/// A command that runs.
pub(super) struct Running {
    child: Child,
    lines: Receiver<String>,
}

impl Commands {
    /// Commands about these exercises, for somebody who has keys to press or has none.
    pub(super) fn of(folder: &Path, has_keys: bool) -> Result<Commands> {
        Ok(Commands { program: std::env::current_exe()?, folder: folder.to_owned(), has_keys })
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("exercise").args(arguments).arg("--exercises").arg(&self.folder);
        command.args(self.has_keys.then_some("--watched"));
        command
    }

    /// A command whose lines we read, and show as it would itself.
    fn silent(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.env("COLUMNS", width().to_string());
        if AutoStream::choice(&std::io::stdout()) != ColorChoice::Never {
            command.env("CLICOLOR_FORCE", "1");
        }
        command
    }

    /// What a command says that takes no time.
    pub(super) fn say(&self, arguments: &[&str]) -> Result<Vec<String>> {
        let output = self.silent(arguments).output().context(STARTED)?;
        let text = [output.stdout, output.stderr].concat();
        Ok(String::from_utf8_lossy(&text).lines().map(str::to_owned).collect())
    }

    /// Has a command use our terminal until it ends.
    pub(super) fn ask(&self, arguments: &[&str]) -> Result<()> {
        self.command(arguments).status().context(STARTED)?;
        Ok(())
    }

    /// Begins to run a command.
    pub(super) fn begin(&self, arguments: &[&str]) -> Result<Running> {
        let mut command = self.silent(arguments);
        #[cfg(unix)]
        // What it starts besides, cargo and compilers, can be ended with it.
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn().context(STARTED)?;
        let (to, lines) = mpsc::sync_channel(LINES);
        read(child.stdout.take().expect("a pipe"), to.clone());
        read(child.stderr.take().expect("a pipe"), to);
        Ok(Running { child, lines })
    }
}

const STARTED: &str = "the command could not be started";

/// Starts the thread that reads an output line by line.
fn read(output: impl Read + Send + 'static, to: SyncSender<String>) {
    thread::spawn(move || {
        for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
            if to.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                return;
            }
        }
    });
}

impl Running {
    /// What there is to hear now.
    pub(super) fn hear(&mut self) -> Result<Heard> {
        match self.lines.try_recv() {
            Ok(line) if line == BEGUN => Ok(Heard::Begun),
            Ok(line) => Ok(Heard::Line(line)),
            Err(TryRecvError::Empty) => Ok(Heard::Nothing),
            Err(TryRecvError::Disconnected) => {
                self.child.wait()?;
                Ok(Heard::End)
            }
        }
    }

    /// Ends it, with all that it runs: what it had still to say.
    pub(super) fn end(mut self) -> Result<Vec<String>> {
        let lines = self.lines.try_iter().filter(|line| line != BEGUN).collect();
        self.signal(false);
        let asked = Instant::now();
        while self.child.try_wait()?.is_none() {
            if asked.elapsed() > GRACE {
                self.signal(true);
                self.child.wait()?;
                break;
            }
            // It may wait for us to read what it has to say, and that is of no interest any more.
            let _ = self.lines.recv_timeout(Duration::from_millis(5));
        }
        Ok(lines)
    }

    /// Asks it to end, or has it ended. What it judges has a keeper of its own, and ends with it.
    #[cfg(unix)]
    fn signal(&mut self, now: bool) {
        use rustix::process::{Pid, Signal, kill_process_group};
        let signal = if now { Signal::KILL } else { Signal::TERM };
        let group = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        // It may have ended meanwhile.
        let _ = group.map(|group| kill_process_group(group, signal));
    }

    #[cfg(not(unix))]
    fn signal(&mut self, _: bool) {
        // It may have ended meanwhile.
        let _ = self.child.kill();
    }
}

/// Whoever forgets a run ends it, with nobody left to wait for it.
impl Drop for Running {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.signal(false);
        }
    }
}

//! A program without a keeper, on systems other than Unix: it alone is ended,
//! and what it leaves behind is not seen.

use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use super::report::{CannotRun, Ending, Survivor, Usage};
use super::request::{Input, Request};

/// A program that runs.
pub(super) struct Kept {
    program: Child,
    started: Instant,
    restricted: bool,
    /// Whether it was asked to end before it did so by itself.
    asked: bool,
}

/// How a program ended.
pub(super) struct Finish {
    /// How it ended by itself; `None` where it had been asked to end before.
    pub(super) ending: Option<Ending>,
    pub(super) wall: Option<Duration>,
    pub(super) usage: Option<Usage>,
    pub(super) survivors: Vec<Survivor>,
    pub(super) escaped: Vec<Survivor>,
    pub(super) cores_refused: Option<String>,
}

impl Kept {
    /// Starts the program that is asked for.
    pub(super) fn start(request: &Request) -> anyhow::Result<(Kept, ChildStdout, ChildStderr)> {
        let mut command = Command::new(&request.program);
        command.args(&request.arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.stdin(match request.input {
            Input::Nothing => Stdio::null(),
            Input::Ours => Stdio::inherit(),
        });
        for (name, value) in &request.environment {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        if let Some(folder) = &request.folder {
            command.current_dir(folder);
        }
        let started = Instant::now();
        let mut program = command.spawn().map_err(|error| CannotRun(error.to_string()))?;
        let output = program.stdout.take().expect("it is a pipe");
        let errors = program.stderr.take().expect("it is a pipe");
        let restricted = request.cores.is_some();
        Ok((Kept { program, started, restricted, asked: false }, output, errors))
    }

    /// When the program was started.
    pub(super) fn started(&self) -> Instant {
        self.started
    }

    /// The process of which all that the program starts is a descendant.
    pub(super) fn ancestor(&self) -> u32 {
        self.program.id()
    }

    /// Ends the program.
    pub(super) fn end(&mut self) {
        self.asked = true;
        // If it has ended already there is nothing to end.
        let _gone = self.program.kill();
    }

    /// What there is to tell once the program has ended; `None` before.
    pub(super) fn poll(&mut self) -> anyhow::Result<Option<Finish>> {
        let Some(status) = self.program.try_wait()? else {
            return Ok(None);
        };
        let refused = "this system does not let a program choose its cores";
        Ok(Some(Finish {
            ending: if self.asked { None } else { status.code().map(Ending::Exited) },
            wall: Some(self.started.elapsed()),
            usage: None,
            survivors: Vec::new(),
            escaped: Vec::new(),
            cores_refused: self.restricted.then(|| refused.to_owned()),
        }))
    }

    /// Gives up on a program that does not end.
    pub(super) fn abandon(&mut self) -> anyhow::Error {
        anyhow::anyhow!("the program does not end, not even when it is killed")
    }
}

//! A program without a keeper, on systems other than Unix: it alone is ended,
//! and what it leaves behind is not seen. Nothing stands ready: it is started when it is to begin.

use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::confinement::{Confinement, Namespace};
use crate::ending::Ending;
use crate::error::Error;
use crate::finish::Finish;
use crate::lines::Stream;
use crate::request::{Input, Isolation, Request};

/// How often we look whether it has ended.
const BETWEEN_LOOKS: Duration = Duration::from_millis(2);

/// A program that is to run, or runs.
#[derive(Debug)]
pub(crate) struct Kept {
    /// Once it runs.
    program: Option<Arc<Mutex<Child>>>,
    confinement: Confinement,
    restricted: bool,
    /// Whether it was asked to end before it did so by itself.
    asked: bool,
    pid: u32,
}

/// How a program ended, by itself or not, and when.
#[derive(Debug)]
pub(crate) struct Account {
    code: Option<i32>,
    at: Instant,
}

/// The last that was heard of a program.
#[derive(Debug)]
pub(crate) enum Last {
    /// How it ended.
    Account(Box<Account>),
    /// That nobody knows what became of it.
    Gone,
    /// Nothing, for too long.
    Silence,
}

/// What there is to hear while a program runs, and at the end.
#[derive(Debug)]
pub(crate) enum Told {
    /// It was stopped with us, which does not happen here.
    #[expect(dead_code, reason = "nobody is stopped here")]
    Paused(Instant),
    /// It runs on.
    #[expect(dead_code, reason = "nobody is stopped here")]
    Resumed(Instant),
    /// It has ended.
    Account(Box<Account>),
    /// Nobody knows what became of it.
    Gone,
}

impl Kept {
    /// Notes what is asked for.
    pub(crate) fn prepare(request: &Request) -> Result<Kept, Error> {
        let namespace = match request.isolation {
            Isolation::IfAllowed => Namespace::Refused("this system has none".to_owned()),
            Isolation::GroupIfAllowed | Isolation::Never => Namespace::NotAsked,
        };
        let confinement = Confinement { namespace, ..Confinement::default() };
        let restricted = request.cores.is_some();
        Ok(Kept { program: None, confinement, restricted, asked: false, pid: 0 })
    }

    /// Nothing stands ready.
    pub(crate) fn pid(&self) -> Option<u32> {
        None
    }

    /// The process of which all that the program starts is a descendant, once it runs.
    pub(crate) fn ancestor(&self) -> u32 {
        self.pid
    }

    /// What the process executed before it was the program.
    pub(crate) fn spent(&self) -> Duration {
        Duration::ZERO
    }

    /// What keeps the program where it belongs.
    pub(crate) fn confinement(&self) -> &Confinement {
        &self.confinement
    }

    /// Has the program begin. Returns when that was, and where its outputs can be read.
    pub(crate) fn go(
        &mut self,
        request: &Request,
    ) -> Result<(Instant, ChildStdout, ChildStderr), Error> {
        let mut command = Command::new(&request.program);
        command.args(&request.arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.stdin(match request.input {
            Input::Nothing => Stdio::null(),
            Input::Ours => Stdio::inherit(),
        });
        command.env_clear().envs(request.variables());
        if let Some(folder) = &request.folder {
            command.current_dir(folder);
        }
        let started = Instant::now();
        let mut program = command.spawn().map_err(|error| Error::CannotRun {
            program: request.program.display().to_string(),
            reason: error.to_string(),
        })?;
        let output = program.stdout.take().expect("it is a pipe");
        let errors = program.stderr.take().expect("it is a pipe");
        self.pid = program.id();
        self.program = Some(Arc::new(Mutex::new(program)));
        Ok((started, output, errors))
    }

    /// Tells when the program has ended.
    pub(crate) fn listen(&mut self, mut tell: impl FnMut(Told) -> bool + Send + 'static) {
        let Some(program) = self.program.clone() else { return };
        thread::spawn(move || {
            loop {
                let status = program.lock().unwrap_or_else(PoisonError::into_inner).try_wait();
                let told = match status {
                    Ok(None) => {
                        thread::sleep(BETWEEN_LOOKS);
                        continue;
                    }
                    Ok(Some(status)) => {
                        let account = Account { code: status.code(), at: Instant::now() };
                        Told::Account(Box::new(account))
                    }
                    Err(_) => Told::Gone,
                };
                let _nobody_listens = tell(told);
                return;
            }
        });
    }

    /// Nobody is stopped here, and there is nobody to ask.
    pub(crate) fn ask_to_resume(&self) -> bool {
        false
    }

    /// Nobody will read this output any longer: whoever reads it closes it.
    pub(crate) fn close(&self, _stream: Stream) {}

    /// Whether somebody could still print to an output: nobody knows.
    pub(crate) fn are_outputs_held(&self) -> bool {
        true
    }

    /// Ends the program.
    pub(crate) fn end(&mut self) {
        self.asked = true;
        if let Some(program) = &self.program {
            // If it has ended already there is nothing to end.
            let _gone = program.lock().unwrap_or_else(PoisonError::into_inner).kill();
        }
    }

    /// What there is to tell once the program has ended.
    pub(crate) fn finish(&mut self, last: Last) -> Finish {
        let account = match last {
            Last::Account(account) => Some(account),
            Last::Gone | Last::Silence => None,
        };
        let refused = "this system does not let a program choose its cores";
        let at = account.as_ref().map(|account| account.at);
        let code = account.as_ref().and_then(|account| account.code);
        Finish {
            ending: if self.asked {
                None
            } else {
                Some(code.map_or(Ending::Unknown, Ending::Exited))
            },
            ended: at,
            all_ended: at,
            usage: None,
            survivors: Vec::new(),
            escaped: Vec::new(),
            cores_refused: self.restricted.then(|| refused.to_owned()),
            faults_of_children: None,
            findings: Vec::new(),
        }
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.end();
    }
}

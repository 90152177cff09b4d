//! The loop that listens to a program, watches the clock, and ends what must end.

use std::io::{ErrorKind, Read};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;

use super::finding::{self, Finding};
use super::interrupt;
use super::kept::{Finish, Kept};
use super::lines::{Line, Splitter, Stream};
use super::report::{Ending, Report};
use super::request::Request;
use super::tree::{self, Activity};

/// How much is read at once.
const CHUNK: usize = 64 << 10;

/// How many chunks may wait for us: with the lines that are kept, all the memory that is used.
const CHUNKS: usize = 8;

/// How often we look for Ctrl-C and for the end of a program that prints nothing.
const TICK: Duration = Duration::from_millis(20);

/// The same, once a program has closed its outputs and so is likely to end.
const LAST_TICK: Duration = Duration::from_millis(1);

/// How long outputs may stay open after everything that could hold them has ended.
const DRAIN: Duration = Duration::from_millis(300);

/// After how long we give up on a program that is to end.
const GIVE_UP: Duration = Duration::from_secs(5);

/// What wants to know of a program while it runs.
pub trait Watcher {
    /// The program was started then; it and everything that it starts are descendants of this
    /// process.
    fn started(&mut self, ancestor: u32, at: Instant) {
        let _ = (ancestor, at);
    }

    /// These bytes arrived, so long after the start.
    fn output(&mut self, stream: Stream, bytes: &[u8], arrival: Duration) {
        let _ = (stream, bytes, arrival);
    }

    /// This line is complete. Lines that are not kept are not passed on either.
    fn line(&mut self, line: &Line) {
        let _ = line;
    }
}

/// Runs a program to its end, and passes its lines on as they arrive.
///
/// # Errors
///
/// If the program cannot be started, or somebody else ends the process that watches over it.
pub fn run(request: &Request, on_line: impl FnMut(&Line)) -> anyhow::Result<Report> {
    watch(request, &mut Lines(on_line))
}

/// A watcher that wants to know of lines alone.
pub struct Lines<F>(pub F);

impl<F: FnMut(&Line)> Watcher for Lines<F> {
    fn line(&mut self, line: &Line) {
        (self.0)(line);
    }
}

/// Runs a program to its end, and lets `watcher` know what it does.
///
/// # Errors
///
/// The same as [`run`].
pub fn watch(request: &Request, watcher: &mut dyn Watcher) -> anyhow::Result<Report> {
    interrupt::listen()?;
    let name = || format!("`{}`", request.program.display());
    let (kept, output, errors) = Kept::start(request).with_context(name)?;
    let (sender, events) = mpsc::sync_channel(CHUNKS);
    read(Stream::Output, output, sender.clone());
    read(Stream::Error, errors, sender.clone());
    watcher.started(kept.ancestor(), kept.started());
    let mut supervision = Supervision::new(request, kept, watcher);
    let finish = supervision.listen(&events).with_context(name)?;
    supervision.drain(&events);
    drop(sender);
    Ok(supervision.report(finish))
}

/// What a thread that reads an output has to say.
struct Event {
    stream: Stream,
    /// What was read; nothing at the end.
    bytes: Vec<u8>,
    at: Instant,
}

/// Starts the thread that reads an output. It ends with the output, or once nobody listens.
fn read(stream: Stream, mut from: impl Read + Send + 'static, to: SyncSender<Event>) {
    thread::spawn(move || {
        let mut buffer = vec![0; CHUNK];
        loop {
            let length = match from.read(&mut buffer) {
                Ok(length) => length,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                // A broken pipe is an end like another.
                Err(_) => 0,
            };
            let event = Event { stream, bytes: buffer[..length].to_vec(), at: Instant::now() };
            if to.send(event).is_err() || length == 0 {
                return;
            }
        }
    });
}

/// A program under supervision.
struct Supervision<'a> {
    request: &'a Request,
    kept: Kept,
    watcher: &'a mut dyn Watcher,
    splitters: [Splitter; 2],
    lines: Vec<Line>,
    /// How many more bytes of lines are kept.
    room: usize,
    full: bool,
    printed: u64,
    dropped: u64,
    last_printed: Option<Duration>,
    /// How many of the two outputs are open.
    open: usize,
    /// Why we ended the program, and when; what its threads were doing then.
    ended: Option<(Ending, Instant)>,
    activity: Option<Activity>,
}

impl<'a> Supervision<'a> {
    fn new(request: &'a Request, kept: Kept, watcher: &'a mut dyn Watcher) -> Supervision<'a> {
        Supervision {
            request,
            kept,
            watcher,
            splitters: [Splitter::new(Stream::Output), Splitter::new(Stream::Error)],
            lines: Vec::new(),
            room: request.kept_output,
            full: false,
            printed: 0,
            dropped: 0,
            last_printed: None,
            open: 2,
            ended: None,
            activity: None,
        }
    }

    /// Listens until the program and all that it started have ended.
    fn listen(&mut self, events: &Receiver<Event>) -> anyhow::Result<Finish> {
        loop {
            if let Some(finish) = self.kept.poll()? {
                return Ok(finish);
            }
            self.end_if_due();
            if self.ended.as_ref().is_some_and(|(_, since)| since.elapsed() > GIVE_UP) {
                return Err(self.kept.abandon());
            }
            match events.recv_timeout(self.patience()) {
                Ok(event) => self.take(&event),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
            }
        }
    }

    /// Takes in what is still in the pipes after the end.
    fn drain(&mut self, events: &Receiver<Event>) {
        let until = Instant::now() + DRAIN;
        while self.open > 0 {
            match events.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(event) => self.take(&event),
                Err(_) => return,
            }
        }
    }

    /// How long to wait for output before looking at other things.
    fn patience(&self) -> Duration {
        let tick = if self.open == 0 { LAST_TICK } else { TICK };
        match self.request.time_limit {
            Some(limit) if self.ended.is_none() => {
                tick.min(limit.saturating_sub(self.kept.started().elapsed()))
            }
            _ => tick,
        }
    }

    /// Ends the program where there is a reason to.
    fn end_if_due(&mut self) {
        if self.ended.is_some() {
            return;
        }
        let elapsed = self.kept.started().elapsed();
        let reason = if interrupt::interrupted() {
            Ending::Interrupted
        } else if self.request.time_limit.is_some_and(|limit| elapsed >= limit) {
            Ending::TimedOut
        } else if self.request.output_limit.is_some_and(|limit| self.printed > limit) {
            Ending::OutputLimit
        } else {
            return;
        };
        self.activity = cfg!(target_os = "linux").then(|| tree::activity(self.kept.ancestor()));
        self.kept.end();
        self.ended = Some((reason, Instant::now()));
    }

    fn take(&mut self, event: &Event) {
        let arrival = event.at.saturating_duration_since(self.kept.started());
        let mut lines = Vec::new();
        let splitter = &mut self.splitters[event.stream as usize];
        if event.bytes.is_empty() {
            self.open -= 1;
            lines.extend(splitter.finish(arrival));
        } else {
            self.printed += event.bytes.len() as u64;
            self.last_printed = Some(arrival);
            self.watcher.output(event.stream, &event.bytes, arrival);
            if self.full {
                self.dropped += event.bytes.len() as u64;
            } else {
                splitter.push(&event.bytes, arrival, |line| lines.push(line));
            }
        }
        lines.into_iter().for_each(|line| self.keep(line));
    }

    fn keep(&mut self, line: Line) {
        // An empty line costs memory, too.
        let size = line.text.len() + size_of::<Line>();
        self.full |= size > self.room;
        if self.full {
            self.dropped += line.text.len() as u64 + 1 + line.cut;
            return;
        }
        self.room -= size;
        self.dropped += line.cut;
        self.watcher.line(&line);
        self.lines.push(line);
    }

    fn report(self, finish: Finish) -> Report {
        let (asked, since) = self.ended.clone().unzip();
        let ending = match (asked, finish.ending.clone()) {
            (Some(Ending::Interrupted), _) => Ending::Interrupted,
            (_, Some(ending)) => ending,
            (asked, None) => asked.unwrap_or(Ending::Interrupted),
        };
        let overrun = (ending == Ending::TimedOut).then(|| since.map(|since| since.elapsed()));
        let elapsed = self.kept.started().elapsed();
        let findings = self.findings(&ending, &finish);
        Report {
            printed: self.printed,
            dropped: self.dropped,
            wall: finish.wall.unwrap_or(elapsed),
            overrun: overrun.flatten(),
            usage: finish.usage,
            cores: self.request.cores.filter(|_| finish.cores_refused.is_none()),
            lines: self.lines,
            ending,
            findings,
        }
    }

    fn findings(&self, ending: &Ending, finish: &Finish) -> Vec<Finding> {
        let mut findings = finding::of_ending(ending, &self.lines);
        match (ending, self.request) {
            (Ending::TimedOut, Request { time_limit: Some(limit), .. }) => {
                findings.push(Finding::Hung {
                    limit: *limit,
                    last_printed: self.last_printed,
                    activity: self.activity,
                });
            }
            (Ending::OutputLimit, Request { output_limit: Some(limit), .. }) => {
                findings.push(Finding::TooMuchOutput { limit: *limit });
            }
            _ => {}
        }
        if !finish.survivors.is_empty() {
            findings.push(Finding::LeftBehind(finish.survivors.clone()));
        }
        if !finish.escaped.is_empty() {
            findings.push(Finding::Escaped(finish.escaped.clone()));
        }
        if self.open > 0 {
            findings.push(Finding::HeldOpen);
        }
        if self.full {
            let kept = self.printed - self.dropped.min(self.printed);
            findings.push(Finding::Flooded { printed: self.printed, kept });
        }
        findings.extend(finding::of_lines(&self.lines));
        findings
            .extend(finish.cores_refused.clone().map(|reason| Finding::NotRestricted { reason }));
        findings
    }
}

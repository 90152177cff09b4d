//! The loop that listens to a program, watches the clock, and ends what must end.

use std::io::{ErrorKind, Read};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

use crate::census::Census;
use crate::ended::Ended;
use crate::ending::Ending;
use crate::error::Error;
use crate::finding::{self, Finding};
use crate::finish::Finish;
use crate::interrupt;
use crate::kept::{Kept, Last, Told};
use crate::lines::{Line, Splitter, Stream};
use crate::machine::Machine;
use crate::prepared::Prepared;
use crate::request::{Limits, Request};
use crate::stopwatch::Stopwatch;
use crate::tree::{self, Activity};
use crate::usage::{Missing, Usage};

/// How much is read at once.
const CHUNK: usize = 64 << 10;

/// How many chunks may wait for us: with the lines that are kept, all the memory that is used.
const CHUNKS: usize = 8;

/// How often we look whether somebody wants us to end.
const TICK: Duration = Duration::from_millis(20);

/// After how long we ask what we have missed: we may have been stopped.
const NAP: Duration = Duration::from_millis(100);

/// How long an answer to that may take.
const ANSWER: Duration = Duration::from_secs(2);

/// How long outputs may stay open after everything that could hold them has ended.
const DRAIN: Duration = Duration::from_millis(300);

/// How long it may take to read what is left in outputs that nobody holds open, on however busy a machine.
const READ: Duration = Duration::from_secs(60);

/// The signals with which programs are ended.
const OURS: [&str; 2] = ["SIGTERM", "SIGKILL"];

/// After how long we give up on a program that is to end.
const GIVE_UP: Duration = Duration::from_secs(5);

/// What wants to know of a program while it runs.
pub trait Watcher {
    /// The program was started then; it and everything that it starts are descendants of this
    /// process.
    fn started(&mut self, ancestor: u32, at: Instant) {
        let _ = (ancestor, at);
    }

    /// These bytes arrived, so long after the start. Where nobody wants any more of this stream, it is closed,
    /// and a program that goes on writing is told so by the system, as by any pipe.
    fn output(&mut self, stream: Stream, bytes: &[u8], arrival: Duration) -> ControlFlow<()> {
        let _ = (stream, bytes, arrival);
        ControlFlow::Continue(())
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
/// If the program cannot be started.
pub fn run(request: &Request, on_line: impl FnMut(&Line)) -> Result<Ended, Error> {
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
pub fn watch(request: &Request, watcher: &mut dyn Watcher) -> Result<Ended, Error> {
    Prepared::prepare(request)?.go(watcher)
}

/// What there is to hear of while a program runs.
enum Event {
    /// An output was read, or ended.
    Read(Piece),
    /// Whoever watches over the program has something to say.
    Told(Told),
}

/// What a thread that reads an output has to say.
struct Piece {
    stream: Stream,
    /// What was read; nothing at the end.
    bytes: Vec<u8>,
    at: Instant,
}

/// Starts the thread that reads an output. It ends with the output, or once nobody wants any more of it.
fn read(
    stream: Stream,
    mut from: impl Read + Send + 'static,
    to: SyncSender<Event>,
    unwanted: Arc<AtomicBool>,
) {
    thread::spawn(move || {
        let mut buffer = vec![0; CHUNK];
        loop {
            let length = match from.read(&mut buffer) {
                Ok(_) if unwanted.load(Ordering::Relaxed) => 0,
                Ok(length) => length,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                // A broken pipe is an end like another.
                Err(_) => 0,
            };
            let piece = Piece { stream, bytes: buffer[..length].to_vec(), at: Instant::now() };
            if to.send(Event::Read(piece)).is_err() || length == 0 {
                return;
            }
        }
    });
}

/// Has a prepared program begin, and listens to it until everything has ended.
pub(crate) fn supervise(
    request: &Request,
    mut kept: Kept,
    watcher: &mut dyn Watcher,
) -> Result<Ended, Error> {
    let (sender, events) = mpsc::sync_channel(CHUNKS);
    let before = Machine::now();
    let (started, output, errors) = kept.go(request)?;
    let unwanted: [Arc<AtomicBool>; 2] = Default::default();
    read(Stream::Output, output, sender.clone(), Arc::clone(&unwanted[0]));
    read(Stream::Error, errors, sender.clone(), Arc::clone(&unwanted[1]));
    kept.listen(move |told| sender.send(Event::Told(told)).is_ok());
    watcher.started(kept.ancestor(), started);
    let mut supervision = Supervision::new(request, kept, started, watcher, unwanted);
    let last = supervision.listen(&events);
    let finish = supervision.kept.finish(last);
    supervision.drain(&events);
    let machine = before.zip(Machine::now()).map(|(before, after)| after.since(&before));
    Ok(supervision.end(finish, machine))
}

/// Tells the last that there will be of a program from all else. It need not come last: what was printed before
/// may be read after it.
fn apart(events: impl Iterator<Item = Event>) -> (Vec<Event>, Option<Last>) {
    let (mut others, mut last) = (Vec::new(), None);
    for event in events {
        match event {
            Event::Told(Told::Account(account)) => last = last.or(Some(Last::Account(account))),
            Event::Told(Told::Gone) => last = last.or(Some(Last::Gone)),
            other => others.push(other),
        }
    }
    (others, last)
}

/// How many cores a program may use.
fn cores(request: &Request) -> usize {
    let ours = thread::available_parallelism().map_or(1, usize::from);
    request.cores.map_or(ours, |cores| cores.min(ours))
}

/// A program under supervision.
struct Supervision<'a> {
    request: &'a Request,
    kept: Kept,
    watcher: &'a mut dyn Watcher,
    clock: Stopwatch,
    /// When we last were awake for certain.
    beat: Instant,
    census: Census,
    splitters: [Splitter; 2],
    /// Whether nobody wants any more of an output.
    unwanted: [Arc<AtomicBool>; 2],
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
    /// For at least how long it had waited by then for cores that others had.
    waited: Duration,
    /// The limit that was exceeded, where that was seen by looking.
    exceeded: Option<Finding>,
}

impl<'a> Supervision<'a> {
    fn new(
        request: &'a Request,
        kept: Kept,
        started: Instant,
        watcher: &'a mut dyn Watcher,
        unwanted: [Arc<AtomicBool>; 2],
    ) -> Supervision<'a> {
        Supervision {
            request,
            census: Census::new(
                kept.ancestor(),
                kept.pid().unwrap_or(kept.ancestor()),
                &request.limits,
                cores(request),
            ),
            clock: Stopwatch::started_at(started),
            beat: started,
            kept,
            watcher,
            splitters: [Splitter::new(Stream::Output), Splitter::new(Stream::Error)],
            unwanted,
            lines: Vec::new(),
            room: request.kept_output,
            full: false,
            printed: 0,
            dropped: 0,
            last_printed: None,
            open: 2,
            ended: None,
            activity: None,
            waited: Duration::ZERO,
            exceeded: None,
        }
    }

    /// Listens until the program and all that it started have ended. Returns the last that was heard.
    fn listen(&mut self, events: &Receiver<Event>) -> Last {
        loop {
            self.end_if_due();
            if self.ended.as_ref().is_some_and(|(_, since)| since.elapsed() > GIVE_UP) {
                return Last::Silence;
            }
            let event = match events.recv_timeout(self.patience()) {
                Ok(event) => Some(event),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return Last::Gone,
            };
            // Should we be stopped right here, the next round sees it.
            let now = Instant::now();
            let missed = if self.has_napped() { self.catch_up(events) } else { Vec::new() };
            self.beat = now;
            if let Some(last) = self.hear(event.into_iter().chain(missed)) {
                return last;
            }
        }
    }

    /// Hears all of these events, and says what the last was that there will be of the program, if it is among
    /// them.
    fn hear(&mut self, events: impl Iterator<Item = Event>) -> Option<Last> {
        let (events, last) = apart(events);
        for event in events {
            match event {
                Event::Read(piece) => self.take(&piece),
                Event::Told(Told::Paused(at)) => self.clock.pause(at),
                Event::Told(Told::Resumed(at)) => self.clock.resume(at),
                // Those are apart.
                Event::Told(Told::Account(_) | Told::Gone) => {}
            }
        }
        last
    }

    /// Whether we did nothing for so long that we may have been stopped, and the program, too.
    fn has_napped(&self) -> bool {
        self.beat.elapsed() > NAP
    }

    /// Finds out whether the program was stopped while we were, before anything else is done: what was
    /// printed before has only been read now, and time may seem to be up that has not passed. Returns what
    /// else there was to hear of.
    fn catch_up(&mut self, events: &Receiver<Event>) -> Vec<Event> {
        let mut others = Vec::new();
        if !self.kept.ask_to_resume() {
            return others;
        }
        let until = Instant::now() + ANSWER;
        while let Ok(event) = events.recv_timeout(until.saturating_duration_since(Instant::now())) {
            match event {
                Event::Told(Told::Paused(at)) => self.clock.pause(at),
                Event::Told(Told::Resumed(at)) => {
                    self.clock.resume(at);
                    break;
                }
                Event::Told(Told::Account(_) | Told::Gone) => {
                    others.push(event);
                    break;
                }
                Event::Read(_) => others.push(event),
            }
        }
        others
    }

    /// Takes in what is still in the pipes after the end.
    fn drain(&mut self, events: &Receiver<Event>) {
        let began = Instant::now();
        while self.open > 0 {
            let patience = if self.kept.are_outputs_held() { DRAIN } else { READ };
            match events.recv_timeout(patience.saturating_sub(began.elapsed()).min(DRAIN)) {
                Ok(Event::Read(piece)) => self.take(&piece),
                Ok(Event::Told(_)) => {}
                Err(RecvTimeoutError::Timeout) if began.elapsed() < patience => {}
                Err(_) => return,
            }
        }
    }

    /// How long to wait for something to hear before looking at other things.
    fn patience(&self) -> Duration {
        let look = self.census.next().saturating_duration_since(Instant::now());
        match self.time() {
            Some(limit) if self.ended.is_none() && !self.clock.is_paused() => {
                TICK.min(look).min(limit.saturating_sub(self.clock.elapsed()))
            }
            _ => TICK.min(look),
        }
    }

    /// How long it may run, as far as is known by now.
    fn time(&self) -> Option<Duration> {
        Some(self.request.limits.time? + self.time_for_waiting())
    }

    /// How much of that it gets for having waited for cores that others had.
    fn time_for_waiting(&self) -> Duration {
        self.waited.min(self.request.limits.time_for_waiting.unwrap_or_default())
    }

    /// Ends the program where there is a reason to.
    fn end_if_due(&mut self) {
        if !self.clock.is_paused() {
            let exceeded = self.census.look_if_due();
            self.exceeded = self.exceeded.take().or(exceeded);
        }
        if self.ended.is_some() {
            return;
        }
        self.waited = self.census.behind_others();
        let (time, output) = (self.time(), self.request.limits.output);
        let reason = if interrupt::interrupted() {
            Ending::Interrupted
        } else if self.exceeded.is_some() {
            Ending::Exhausted
        } else if time.is_some_and(|limit| self.clock.elapsed() >= limit) && !self.has_napped() {
            Ending::TimedOut
        } else if output.is_some_and(|limit| self.printed > limit) {
            Ending::OutputLimit
        } else {
            return;
        };
        self.activity = cfg!(target_os = "linux").then(|| tree::activity(self.kept.ancestor()));
        self.kept.end();
        self.ended = Some((reason, Instant::now()));
    }

    fn take(&mut self, piece: &Piece) {
        let arrival = self.clock.elapsed_at(piece.at);
        let mut lines = Vec::new();
        let splitter = &mut self.splitters[piece.stream as usize];
        if piece.bytes.is_empty() {
            self.open -= 1;
            lines.extend(splitter.finish(arrival));
        } else {
            self.printed += piece.bytes.len() as u64;
            self.last_printed = Some(arrival);
            if self.watcher.output(piece.stream, &piece.bytes, arrival).is_break() {
                self.unwanted[piece.stream as usize].store(true, Ordering::Relaxed);
                self.kept.close(piece.stream);
            }
            if self.full {
                self.dropped += piece.bytes.len() as u64;
            } else {
                splitter.push(&piece.bytes, arrival, |line| lines.push(line));
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

    /// What is known at the end.
    fn end(self, mut finish: Finish, machine: Option<Machine>) -> Ended {
        let (asked, since) = self.ended.clone().unzip();
        let ending = match (asked, finish.ending.take()) {
            (Some(Ending::Interrupted), _) => Ending::Interrupted,
            // It may be our signal that it ended of, before anybody heard that we wanted it to.
            (Some(asked), Some(Ending::Signal { name, .. })) if OURS.contains(&&*name) => asked,
            (_, Some(ending)) => ending,
            (asked, None) => asked.unwrap_or(Ending::Unknown),
        };
        let all_ended = finish.all_ended.unwrap_or_else(Instant::now);
        let overrun = since.filter(|_| ending == Ending::TimedOut);
        if let Some(usage) = &mut finish.usage {
            self.complete(usage, finish.faults_of_children);
        }
        let findings = self.findings(&ending, &finish, machine.as_ref());
        Ended {
            printed: self.printed,
            dropped: self.dropped,
            wall: self.clock.elapsed_at(finish.ended.unwrap_or(all_ended)),
            overrun: overrun.map(|since| all_ended.saturating_duration_since(since)),
            stopped: self.clock.stood_still(),
            usage: finish.usage,
            cores: self.request.cores.filter(|_| finish.cores_refused.is_none()),
            confinement: self.kept.confinement().clone(),
            lines: self.lines,
            machine,
            ending,
            findings,
        }
    }

    /// Adds to the account what was seen by looking.
    fn complete(&self, usage: &mut Usage, faults_of_children: Option<u64>) {
        usage.processes = usage.processes.max(self.census.processes());
        usage.alone &= self.census.processes() <= 1;
        if self.census.has_disowned(faults_of_children) {
            usage.miss(Missing::Disowned);
        } else if self.census.exceeds(usage.cpu()) {
            usage.miss(Missing::Unaccounted);
        }
    }

    fn findings(
        &self,
        ending: &Ending,
        finish: &Finish,
        machine: Option<&Machine>,
    ) -> Vec<Finding> {
        let mut findings = finish.findings.clone();
        let cpu = finish.usage.as_ref().map(Usage::cpu);
        match self.limit_behind(ending, cpu, machine) {
            Some(limit) => findings.push(limit),
            None => findings.extend(finding::of_ending(ending, &self.lines)),
        }
        if self.census.has_used_up_files() || self.says_too_many_files() {
            let limit = self.request.limits.open_files;
            findings.extend(limit.map(|limit| Finding::TooManyFiles { limit }));
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

    /// What is wrong with a program whose time was up.
    fn out_of_time(&self, limit: Duration) -> Finding {
        let (more, waited) = (self.time_for_waiting(), self.waited);
        if waited > more && more > Duration::ZERO {
            return Finding::Starved { limit, waited };
        }
        let (last_printed, activity) = (self.last_printed, self.activity);
        Finding::Hung { limit, more, last_printed, activity }
    }

    /// Whether the program itself says that it was given no more files, in the system's own words.
    fn says_too_many_files(&self) -> bool {
        let mut errors = self.lines.iter().filter(|line| line.stream == Stream::Error);
        cfg!(unix) && errors.any(|line| line.text.contains("Too many open files"))
    }

    /// The limit that brought about this end, where one did.
    fn limit_behind(
        &self,
        ending: &Ending,
        cpu: Option<Duration>,
        machine: Option<&Machine>,
    ) -> Option<Finding> {
        let Limits { time, output, cpu: cpu_limit, file_size, .. } = self.request.limits;
        let ran_out = || machine.is_some_and(|machine| machine.ended_for_memory > 0);
        match ending {
            Ending::TimedOut => Some(self.out_of_time(time?)),
            Ending::OutputLimit => Some(Finding::TooMuchOutput { limit: output? }),
            Ending::Exhausted => self.exceeded.clone(),
            Ending::Signal { name, .. } => match name.as_str() {
                "SIGXFSZ" => file_size.map(|limit| Finding::FileTooLong { limit }),
                "SIGXCPU" => cpu_limit.map(|limit| Finding::TooMuchCpu { limit }),
                // Who does not hear the first signal gets this one.
                "SIGKILL" if cpu_limit.is_some_and(|limit| cpu.is_some_and(|cpu| cpu > limit)) => {
                    cpu_limit.map(|limit| Finding::TooMuchCpu { limit })
                }
                "SIGKILL" if ran_out() => Some(Finding::OutOfMemory),
                _ => None,
            },
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_after_the_end_is_heard() {
        let piece = |bytes: &[u8]| {
            let (stream, bytes) = (Stream::Output, bytes.to_vec());
            Event::Read(Piece { stream, bytes, at: Instant::now() })
        };
        let (events, last) = apart([piece(b"a"), Event::Told(Told::Gone), piece(b"b")].into_iter());
        assert!(matches!(last, Some(Last::Gone)));
        let read = events.iter().map(|event| match event {
            Event::Read(piece) => &*piece.bytes,
            Event::Told(_) => b"told",
        });
        assert_eq!(read.collect::<Vec<_>>(), [b"a", b"b"]);
    }
}

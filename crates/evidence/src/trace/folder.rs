//! The traces of several processes, read as one.
//!
//! Each process that records puts a file of its own into a folder. They are put together on the
//! monotonic clock, which all of them share. What else is found there, and what is missing, is told.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use super::assembly::{Assembly, Beginning};
use super::fault::{Fault, Problem, ReadError};
use super::file::{self, Header, TraceFile};
use super::model::Trace;
use super::watch::Watch;
use ::trace::event::Event;
use ::trace::layout::MOST_BLOCKS;

/// How many files of a folder are read at most. As many blocks are read of all of them together as one
/// may have.
const MOST_FILES: usize = 4096;

/// A folder that was made for the traces of one run, and watched since: nothing that is removed from it
/// goes unseen.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    watch: Watch,
}

impl Folder {
    /// Watches a folder, which is there and empty, from now on. Where the system cannot watch folders, what
    /// was removed cannot be told from what was never made.
    pub fn watch(path: impl Into<PathBuf>) -> Folder {
        let path = path.into();
        Folder { watch: Watch::begin(&path), path }
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads what has been recorded so far: see [`Trace::read`].
    ///
    /// # Errors
    ///
    /// If there is nothing that can be read. Among the faults are, besides those of files, files that
    /// were removed ([`Problem::Removed`]), and that there never was any ([`Problem::NeverMade`]).
    pub fn read(&mut self) -> Result<Trace, ReadError> {
        self.watch.look();
        if self.watch.is_gone() {
            return Err(Problem::Removed.of(&self.path).into());
        }
        let mut found = Found::in_folder(&self.path)?;
        let removed = self.watch.made().filter(|name| !found.names.contains(*name));
        found.faults.extend(removed.map(|name| Problem::Removed.of(&self.path.join(name))));
        let nothing = if self.watch.is_sure() { Problem::NeverMade } else { Problem::NoTrace };
        found.read(nothing.of(&self.path), MOST_MEMORY)
    }
}

/// How many bytes a trace takes at most once it is read. All that fits into a file of 64 MiB takes
/// less.
pub const MOST_MEMORY: usize = 256 << 20;

impl Trace {
    /// Reads what has been recorded so far: the trace of one process, from a file, or of any number
    /// of them, from a folder.
    ///
    /// This works while the program runs and when it is gone, however it went.
    /// What is read is whole, and complete up to some moment for each thread.
    ///
    /// It takes one pass over the events. A trace that would take more than [`MOST_MEMORY`] is read up
    /// to some moment of the run: see [`Trace::cut`].
    ///
    /// # Errors
    ///
    /// If there is nothing that can be read: a file is empty, cut short, damaged or no trace of
    /// this version, or a folder holds no others. Where a folder holds some that can be read, those that
    /// cannot are its [`faults`](Trace::faults).
    pub fn read(path: impl AsRef<Path>) -> Result<Trace, ReadError> {
        Trace::read_within(path, MOST_MEMORY)
    }

    /// The same with another limit, in bytes.
    ///
    /// # Errors
    ///
    /// The same as [`Trace::read`].
    pub fn read_within(path: impl AsRef<Path>, memory: usize) -> Result<Trace, ReadError> {
        let path = path.as_ref();
        let found = if path.is_dir() { Found::in_folder(path)? } else { Found::alone(path)? };
        found.read(Problem::NoTrace.of(path), memory)
    }
}

/// All events of one process's trace, thread by thread, each thread's in their order, with times since
/// its beginning: what else is read is put together from these. There is no limit to what they take.
///
/// # Errors
///
/// If the file cannot be read, or is no trace, or is damaged.
pub fn events(path: impl AsRef<Path>) -> Result<Vec<Event>, ReadError> {
    let path = path.as_ref();
    let read = || {
        let mut file = TraceFile::open(file::open(path, true)?)?;
        let (origin, mut events) = (file.header().origin, Vec::new());
        file.each_event(origin, |event| events.push(event))?;
        Ok(events)
    };
    read().map_err(|problem: Problem| problem.of(path).into())
}

/// What is there to be read.
#[derive(Debug, Default)]
struct Found {
    /// The names of all traces, whatever they may be.
    names: HashSet<OsString>,
    /// Those that seem to be traces.
    traces: Vec<Candidate>,
    faults: Vec<Fault>,
}

/// A file that begins as a trace does.
#[derive(Debug)]
struct Candidate {
    path: PathBuf,
    header: Header,
    /// Whether it may be a link: whoever names one file knows what it is.
    follow: bool,
}

impl Candidate {
    fn open(&self) -> Result<TraceFile, Problem> {
        TraceFile::open(file::open(&self.path, self.follow)?)
    }
}

impl Found {
    /// One file.
    fn alone(path: &Path) -> Result<Found, ReadError> {
        let header = file::open(path, true).and_then(TraceFile::open);
        let header = header.map_err(|problem| problem.of(path))?.header().clone();
        let traces = vec![Candidate { path: path.to_owned(), header, follow: true }];
        Ok(Found { traces, ..Found::default() })
    }

    /// Everything in a folder that is called as traces are.
    fn in_folder(folder: &Path) -> Result<Found, ReadError> {
        let mut found = Found::default();
        let mut names = names(folder).map_err(|error| Problem::from(error).of(folder))?;
        names.sort_unstable();
        for name in names.iter().take(MOST_FILES) {
            let path = folder.join(name);
            match file::open(&path, false).and_then(TraceFile::open) {
                Ok(file) => {
                    let header = file.header().clone();
                    found.traces.push(Candidate { path, header, follow: false });
                }
                // No file is called so before a trace has begun in it.
                Err(Problem::Empty) => found.faults.push(Problem::Emptied.of(&path)),
                Err(problem) => found.faults.push(problem.of(&path)),
            }
        }
        found
            .faults
            .extend(names.get(MOST_FILES).map(|name| Problem::TooMuch.of(&folder.join(name))));
        found.names = names.into_iter().collect();
        Ok(found)
    }

    /// Reads all of it, or says what is the matter; `nothing` is if there is nothing at all.
    fn read(mut self, nothing: Fault, memory: usize) -> Result<Trace, ReadError> {
        self.traces.sort_by(|a, b| (a.header.origin, &a.path).cmp(&(b.header.origin, &b.path)));
        self.sort_out();
        let Found { traces, mut faults, .. } = self;
        let origin = traces.first().map_or(0, |first| first.header.origin);
        let mut assembly = Assembly::new(memory);
        let mut read: Vec<&Header> = Vec::new();
        for candidate in &traces {
            assembly.begin(beginning(candidate, origin, &read));
            let file = candidate.open();
            match file.and_then(|mut file| file.each_event(origin, |event| assembly.add(event))) {
                Ok(()) => {
                    assembly.end();
                    read.push(&candidate.header);
                }
                Err(problem) => {
                    assembly.forget();
                    faults.push(problem.of(&candidate.path));
                }
            }
        }
        if read.is_empty() {
            let faults = if faults.is_empty() { vec![nothing] } else { faults };
            return Err(ReadError { faults });
        }
        Ok(Trace { faults, ..with_headers(&read, assembly.finish()) })
    }

    /// Takes out what cannot be read together with the rest: they are in the order of their beginnings.
    fn sort_out(&mut self) {
        let clock = usual_clock(&self.traces);
        let mut known = HashSet::new();
        let mut room = MOST_BLOCKS;
        let (traces, faults) = (std::mem::take(&mut self.traces), &mut self.faults);
        for candidate in traces {
            let header = &candidate.header;
            let problem = if Some(header.clock) != clock {
                Problem::OtherClock
            } else if !known.insert((header.process, header.origin)) {
                Problem::Copy
            } else if header.blocks > room {
                Problem::TooMuch
            } else {
                room -= header.blocks;
                self.traces.push(candidate);
                continue;
            };
            faults.push(problem.of(&candidate.path));
        }
    }
}

/// The clock that most traces are timed by; the earliest one's where there are as many of another.
fn usual_clock(traces: &[Candidate]) -> Option<u64> {
    let mut counts: HashMap<u64, usize> = HashMap::new();
    for candidate in traces {
        *counts.entry(candidate.header.clock).or_default() += 1;
    }
    let clocks = traces.iter().rev().map(|candidate| candidate.header.clock);
    clocks.max_by_key(|clock| counts[clock])
}

/// The names of a folder's traces.
fn names(folder: &Path) -> io::Result<Vec<OsString>> {
    let mut names = Vec::new();
    for entry in folder.read_dir()? {
        let name = entry?.file_name();
        if file::is_of_a_trace(&name) {
            names.push(name);
        }
    }
    Ok(names)
}

/// How the process begins that a trace is of. Those that were read already are in the order in which they
/// were.
fn beginning(candidate: &Candidate, origin: u64, read: &[&Header]) -> Beginning {
    let header = &candidate.header;
    let is_parent = |other: &&Header| header.forked_from == Some((other.process, other.origin));
    Beginning {
        system: header.process,
        command: header.command.clone(),
        file: candidate.path.clone(),
        start: Duration::from_nanos(header.origin - origin),
        forked_from: read.iter().position(is_parent),
        first_task: header.first_task,
    }
}

/// Fills in what the headers tell.
fn with_headers(headers: &[&Header], trace: Trace) -> Trace {
    let first = headers[0];
    let longest = |step: fn(&Header) -> u64| headers.iter().map(|header| step(header)).max();
    // Where one CPU clock was not seen to advance, nothing is known of how exact they are.
    let is_timed = headers.iter().all(|header| header.cpu_clock_step > 0);
    let cpu_clock_step = longest(|header| header.cpu_clock_step).filter(|_| is_timed);
    Trace {
        origin: Duration::from_nanos(first.origin),
        began: UNIX_EPOCH + Duration::from_nanos(first.unix_time),
        dropped: headers.iter().fold(0, |sum, header| sum.saturating_add(header.dropped)),
        unrecorded_processes: unrecorded(headers),
        clock_step: Duration::from_nanos(longest(|header| header.clock_step).unwrap_or_default()),
        cpu_clock_step: cpu_clock_step.map(Duration::from_nanos),
        ..trace
    }
}

/// How many processes wanted to record and are not among these.
fn unrecorded(headers: &[&Header]) -> u64 {
    let mut forks: HashMap<(u32, u64), u64> = HashMap::new();
    for parent in headers.iter().filter_map(|header| header.forked_from) {
        *forks.entry(parent).or_default() += 1;
    }
    let missing = |header: &&Header| {
        let here = forks.get(&(header.process, header.origin)).copied().unwrap_or_default();
        header.others.saturating_add(header.forks.saturating_sub(here))
    };
    headers.iter().map(missing).fold(0, u64::saturating_add)
}

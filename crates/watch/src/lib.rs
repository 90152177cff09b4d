//! Watches any program from outside, with every source of evidence that the system allows.
//!
//! A program stands ready, all sources attach, then it goes.
//!
//! 1. this page: who watches, and what they have to say;
//! 2. `switches`: the kernel's own record of who executed when, where it is allowed;
//! 3. `observer`: looks at a process tree while it runs, which with the kernel's accounts of it
//!    afterwards makes [`Accounts`];
//! 4. `windows`: in which windows of time more was executed than one core has time for.

mod observer;
mod switches;
mod windows;

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use ::switches::{NotAllowed, Recorder};
use evidence::accounts::{Accounts, Window};
use evidence::trace::Trace;
use evidence::{Circumstances, Evidence};
use lanes::activity::Activity;

pub use self::switches::Switches;
use observer::{Observer, Seen, SeenThread};
use supervise::{Ended, Line, Machine, Prepared, Request, Stream, Usage, Watcher};

/// Which sources are attached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sources {
    /// All that the system allows.
    #[default]
    All,
    /// The kernel's own record, or an error where it is not to be had.
    Switches,
    /// Only what is to be had everywhere.
    Accounts,
}

/// Whose program it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Whose {
    /// It is held to a promise, and may call its threads whatever helps it.
    #[default]
    Judged,
    /// Nobody asks anything of it: threads that are called after a runtime's helpers are helpers.
    Strangers,
}

/// What those who watched a run from outside have to say.
#[derive(Debug, Default)]
pub struct Watched {
    /// The kernel's accounts; nothing where the system does not tell.
    pub accounts: Option<Accounts>,
    /// The kernel's own record.
    pub switches: Option<Switches>,
    /// Why there is no record of the kernel's own, and what would allow one.
    pub refusal: Option<NotAllowed>,
    /// Whose program it was.
    whose: Whose,
}

impl Watched {
    /// Why the kernel's own record is missing, and what would allow it, in a sentence.
    pub fn missing(&self) -> Option<String> {
        let refusal = self.refusal.as_ref()?;
        let remedy = refusal.remedy();
        let remedy = remedy.map_or(String::new(), |remedy| format!(" To allow it, {remedy}."));
        Some(format!(
            "The kernel's own record would be exact, and is not to be had: {refusal}.{remedy}"
        ))
    }

    /// Whether it is known that all lines which arrived from the first time to the last, since the program
    /// was let go, were written by one process.
    pub fn is_one_writer(&self, times: [Duration; 2]) -> bool {
        self.switches.as_ref().is_some_and(|switches| switches.is_one_writer(times))
    }

    /// All that is known of a run, its own trace included where it has one; and who had a core when,
    /// where that is known exactly.
    pub fn evidence(&self, trace: Option<&Trace>) -> (Evidence, Option<Activity>) {
        let mut evidence = trace.into_iter().fold(Evidence::default(), Evidence::and);
        evidence = self.accounts.iter().fold(evidence, Evidence::and);
        let seen = self.switches.as_ref().map(|switches| switches.beside(trace, self.whose));
        evidence = seen.iter().fold(evidence, Evidence::and);
        let cores = evidence.circumstances.cores;
        (evidence, seen.and_then(|seen| seen.activity(cores)))
    }
}

/// Runs a program to its end, passes its lines on as they arrive, and has it watched.
///
/// # Errors
///
/// The same as [`run`](supervise::run); and where [`Sources::Switches`] is asked for and not to be had.
pub fn watch(
    request: &Request,
    sources: Sources,
    whose: Whose,
    watcher: &mut dyn Watcher,
) -> anyhow::Result<(Ended, Watched)> {
    let prepared = Prepared::prepare(request)?;
    let recorder = match prepared.pid() {
        _ if sources == Sources::Accounts => None,
        Some(pid) => Some(Recorder::attach(pid)),
        None => Some(Err(NotAllowed::OtherSystem)),
    };
    let (recorder, refusal) = match recorder.transpose() {
        Ok(recorder) => (recorder, None),
        Err(refusal) => (None, Some(refusal)),
    };
    if let (Sources::Switches, Some(refusal)) = (sources, &refusal) {
        let remedy =
            refusal.remedy().map_or(String::new(), |remedy| format!("; to allow it, {remedy}"));
        anyhow::bail!("the kernel's own record is not to be had: {refusal}{remedy}");
    }
    let before = (prepared.pid().unwrap_or(0), prepared.spent());
    let began = ::switches::now();
    let mut observed = Observed { watcher, before, whose, observer: None, began };
    let ended = prepared.go(&mut observed)?;
    let record = recorder.map(Recorder::finish);
    let seen = observed.observer.take().map(Observer::finish);
    let accounts = seen
        .zip(ended.usage.as_ref())
        .map(|(seen, usage)| accounts(usage, seen, ended.machine.as_ref(), request.cores));
    let switches = record.map(|record| Switches { record, began: observed.began });
    Ok((ended, Watched { accounts, switches, refusal, whose }))
}

/// A watcher, and an observer besides.
struct Observed<'a> {
    watcher: &'a mut dyn Watcher,
    /// The program's first thread, and what it had executed before it was the program's.
    before: (u32, Duration),
    whose: Whose,
    observer: Option<Observer>,
    /// When it was let go, on the clock of the kernel's record.
    began: u64,
}

impl Watcher for Observed<'_> {
    fn started(&mut self, ancestor: u32, at: Instant) {
        let since = u64::try_from(at.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.began = ::switches::now().saturating_sub(since);
        self.observer = Some(Observer::start(ancestor, self.before, self.whose, at));
        self.watcher.started(ancestor, at);
    }

    fn output(&mut self, stream: Stream, bytes: &[u8], arrival: Duration) -> ControlFlow<()> {
        self.watcher.output(stream, bytes, arrival)
    }

    fn line(&mut self, line: &Line) {
        self.watcher.line(line);
    }
}

/// Puts together what was seen of a program that was restricted to so many cores.
fn accounts(
    usage: &Usage,
    mut seen: Seen,
    meanwhile: Option<&Machine>,
    restricted: Option<usize>,
) -> Accounts {
    let steal = meanwhile.map(|machine| machine.stolen);
    let (in_windows, window) = seen.beside();
    let turns = meanwhile.map(|machine| machine.turns);
    // How much of all is work is not known where some of it helped a runtime.
    let turns = turns.filter(|_| !seen.helped);
    let in_all = turns.map_or(Duration::ZERO, |turns| beside_in_all(usage, turns));
    let mut threads: Vec<&SeenThread> = seen.threads.values().collect();
    threads.sort_unstable_by_key(|thread| std::cmp::Reverse(thread.schedule.executed));
    let busiest = threads.first().map(|thread| thread.schedule.executed).max(usage.first_thread);
    let complete = usage.is_complete() && !seen.unaccounted;
    let named = |identity| seen.threads.get(&identity).map_or("?".to_owned(), name);
    let (seen_on, mut allowed) = (seen.allowed.cores(), observer::our_cores(restricted));
    // A program may widen what we allowed it; that it may narrow it is its own doing.
    let wider: Vec<usize> = seen_on.iter().copied().filter(|it| !allowed.contains(it)).collect();
    allowed.extend(wider);
    let others = meanwhile.map(|machine| machine.busy_on(&allowed).saturating_sub(usage.cpu()));
    // A virtual core that its host has taken away executes nothing.
    let at_least = in_windows.max(in_all).saturating_sub(steal.unwrap_or_default());
    let at_most = busiest.filter(|_| complete).map(|busiest| usage.cpu().saturating_sub(busiest));
    Accounts {
        cpu: usage.cpu(),
        complete,
        wall: usage.whole,
        // Both are by the same clocks, and what one of them rules out is not proven by the other.
        at_least: at_least.min(at_most.unwrap_or(at_least)),
        at_most,
        window: window.map(|window| Window {
            from: window.from,
            to: window.to,
            executed: window.executed,
            beside: window.beside(),
            busiest: window.busiest.map(named),
        }),
        busiest: threads.iter().take(3).map(|it| (name(it), it.schedule.executed)).collect(),
        processes: seen.processes.len(),
        threads: seen.threads.len(),
        most_running: seen.most_running,
        looks: seen.looks,
        looks_at_several: seen.looks_at_several,
        pinned: (!seen_on.is_empty() && seen_on.len() < allowed.len()).then_some(seen_on.len()),
        only_core: meanwhile.is_some_and(|machine| machine.cores() == 1),
        circumstances: Circumstances {
            cores: (!allowed.is_empty()).then_some(allowed.len() as u64),
            wall: Some(usage.whole),
            others,
            run_delay: Some(seen.threads.values().map(|it| it.schedule.run_delay).sum()),
            steal,
            ..Circumstances::default()
        },
    }
}

/// For how long threads executed beside others in the whole run, at least: what
/// they executed more than one core has time for. Nobody knows how many `turns`
/// were theirs of those of the whole machine.
fn beside_in_all(usage: &Usage, turns: u32) -> Duration {
    const SLACK: Duration = Duration::from_millis(1);
    let one_core = windows::allowed(usage.whole) + windows::EARLY * turns + SLACK;
    usage.cpu().saturating_sub(one_core)
}

/// What a thread is called: its name and its number.
fn name(thread: &SeenThread) -> String {
    format!("{} ({})", thread.thread.name, thread.thread.number)
}

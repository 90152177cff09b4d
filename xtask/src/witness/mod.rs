//! Watches any program from outside: looks at its threads while it runs, and the kernel's accounts of
//! it afterwards, put together into [`Accounts`].
//!
//! 1. `observer`: the thread that looks at a process tree while it runs;
//! 2. [`windows`]: in which windows of time more was executed than one core has time for.

mod observer;
mod windows;

use std::time::{Duration, Instant};

use evidence::Circumstances;
use evidence::accounts::{Accounts, Window};

use crate::process::{Ended, Error, Line, Machine, Prepared, Request, Stream, Usage, Watcher};
use observer::{Observer, Seen, SeenThread};

/// Runs a program to its end, passes its lines on as they arrive, and has it watched.
///
/// There are no accounts where the system tells nothing.
///
/// # Errors
///
/// The same as [`run`](supervise::run).
pub(crate) fn watch_with_witness(
    request: &Request,
    watcher: &mut dyn Watcher,
) -> Result<(Ended, Option<Accounts>), Error> {
    let prepared = Prepared::prepare(request)?;
    let before = (prepared.pid().unwrap_or(0), prepared.spent());
    let mut watched = Watched { watcher, before, observer: None };
    let ended = prepared.go(&mut watched)?;
    let seen = watched.observer.map(Observer::finish);
    let accounts = seen
        .zip(ended.usage.as_ref())
        .map(|(seen, usage)| accounts(usage, seen, ended.machine.as_ref(), request.cores));
    Ok((ended, accounts))
}

/// A watcher, and an observer besides.
struct Watched<'a> {
    watcher: &'a mut dyn Watcher,
    /// The program's first thread, and what it had executed before it was the program's.
    before: (u32, Duration),
    observer: Option<Observer>,
}

impl Watcher for Watched<'_> {
    fn started(&mut self, ancestor: u32, at: Instant) {
        self.observer = Some(Observer::start(ancestor, self.before, at));
        self.watcher.started(ancestor, at);
    }

    fn output(&mut self, stream: Stream, bytes: &[u8], arrival: Duration) {
        self.watcher.output(stream, bytes, arrival);
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
    Accounts {
        cpu: usage.cpu(),
        complete,
        wall: usage.whole,
        // A virtual core that its host has taken away executes nothing.
        at_least: in_windows.max(in_all).saturating_sub(steal.unwrap_or_default()),
        at_most: busiest.filter(|_| complete).map(|busiest| usage.cpu().saturating_sub(busiest)),
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

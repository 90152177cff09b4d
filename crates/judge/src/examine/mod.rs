//! What is to be said of a run, once it is over: its log held against what is asked.

mod lines;
mod locks;
mod pace;
mod stop;
mod web;

pub(crate) use lines::{lines_before, says};

use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

use classroom::wire::{Reply, Request};
use supervise::{Ended, Ending};

use crate::finding::{Finding, Pace, Person};
use crate::hall::{Hall, has_written};
use crate::log::{Entry, Log, Span, Ticket, Worker};
use crate::manifest::{Asked, Plan};
use crate::onlooker::{Does, Seen};
use crate::paper::Paper;
use crate::places::Places;
use crate::schedule::Kind;
use crate::session::{Attended, How, Stuck};
use crate::witness::{AtOnce, Testimony};

/// No more than this part of all computes may be alone: a third. Where work is shared out in equal halves, or as
/// somebody is free for it, that is the last one or two. It may be nearly a half of them where a thread had no
/// core for so long that the other one was through with its half before.
const ALONE: usize = 3;

/// For so much of what was computed, at least, another task has to have leave to compute as well: a tenth. Two
/// threads that do their halves come to a half.
const COULD: u32 = 10;

/// So much of what was computed has to be seen executed beside something else: 2 ms, and one part in 50. That
/// is the same measure of work done at once as for any program: see `switches::WORK`. It need not be more,
/// since nothing in a compute waits: how much it is beyond that is the machine's doing.
const SEEN: (Duration, u32) = (Duration::from_millis(2), 50);

/// A compute in which less than this part of what others took was executed was none: a tenth.
const NONE: u32 = 10;

/// Threads that have no task may execute for so long, all together: to begin, to wait, and to be told. Whatever
/// executes for longer and was not asked for spins.
const IDLE: Duration = Duration::from_secs(1);

/// Everything that is known of a run.
#[derive(Debug)]
pub struct Facts<'a> {
    /// What was asked.
    pub plan: &'a Plan,
    /// What the judge has heard and replied.
    pub attended: &'a Attended,
    /// How the program ended.
    pub ended: &'a Ended,
    /// What was seen from outside.
    pub testimony: &'a Testimony,
    /// On which cores it let its threads execute.
    pub places: &'a Places,
    /// How many cores the program could use.
    pub cores: usize,
}

/// All that was found, the most important first.
#[must_use]
pub fn examine(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        facts.attended.troubles.iter().map(|trouble| Finding::Trouble(*trouble)).collect();
    if findings.is_empty() && facts.plan.asked.contains(&Asked::Deadlocked) {
        return facts.is_deadlocked().err().into_iter().collect();
    }
    findings.extend(facts.stuck());
    let is_cut_short = !findings.is_empty();
    findings.extend(facts.program(is_cut_short));
    // Whoever was ended early has not done all, and needs not be told.
    if findings.is_empty() {
        findings.extend(facts.work());
        findings.extend(facts.plan.asked.iter().filter_map(|&asked| facts.holds(asked).err()));
    }
    findings
}

impl Facts<'_> {
    fn hall(&self) -> &Hall {
        &self.attended.hall
    }

    fn paper(&self) -> &Paper {
        &self.hall().paper
    }

    fn log(&self) -> &Log {
        &self.hall().log
    }

    /// Whether others had the cores for so long that nobody can say what it would have done.
    fn was_starved(&self) -> bool {
        let mut findings = self.ended.findings.iter();
        findings.any(|finding| matches!(finding, supervise::Finding::Starved { .. }))
    }

    /// Why nothing went on any more, if nothing did.
    fn stuck(&self) -> Option<Finding> {
        let (threads, held, how) = match &self.attended.stuck {
            Some(Stuck { threads, held, how }) => (self.people(threads, held), held, Some(*how)),
            // A fetch that still waits when the time is up was waiting for company all the while.
            None if self.ended.ending == Ending::TimedOut && !self.was_starved() => {
                (Vec::new(), &self.attended.left, None)
            }
            None => return None,
        };
        let fetches = self.names(held, fetched);
        let computes = self.names(held, asked_to_compute);
        // Who waits for a page once more waits in vain for company.
        if let Some(again) = self.fetched_again() {
            return Some(again);
        }
        match self.plan.schedule {
            Kind::Together { fetches: wanted, .. } if !fetches.is_empty() => {
                Some(Finding::Alone { tasks: fetches, wanted, threads })
            }
            Kind::Refilled { fetches: most } if !fetches.is_empty() => {
                let wanted = most.min(self.hall().left_to_fetch());
                Some(Finding::Alone { tasks: fetches, wanted, threads })
            }
            Kind::Beats if !computes.is_empty() => {
                Some(Finding::Pace(Pace::NoBeat { tasks: computes, threads }))
            }
            _ if how == Some(How::Busy) => Some(Finding::Pace(Pace::Busy { threads })),
            _ if how == Some(How::Looks) => Some(Finding::Pace(Pace::LooksAgain { threads })),
            Kind::Late { .. } | Kind::Signals { .. } if !fetches.is_empty() => {
                let known = self.hall().fetched.len() + fetches.len();
                let left = self.paper().tasks.len().saturating_sub(known);
                Some(Finding::Late { tasks: fetches, left, threads })
            }
            Kind::DuringLines { .. } if self.attended.stuck.is_some() => Some(self.unseen(threads)),
            _ if self.attended.stuck.is_some() => {
                let locks = self.deadlock().or_else(|| self.lost_signal(held));
                Some(locks.map_or(Finding::Hung { threads }, Finding::Locks))
            }
            _ => None,
        }
    }

    /// The names of the tasks for which these requests ask.
    fn names(&self, held: &[Ticket], of: fn(&Request) -> Option<usize>) -> Vec<String> {
        let tasks: BTreeSet<usize> =
            held.iter().filter_map(|&ticket| of(self.hall().request(ticket))).collect();
        tasks.into_iter().map(|task| self.paper().name(task).to_owned()).collect()
    }

    /// What each of a program's own threads did when it stood still.
    fn people(&self, threads: &[Seen], held: &[Ticket]) -> Vec<Person> {
        let ours = |seen: &&Seen| !seen.name.starts_with("judge's link");
        let threads = threads.iter().filter(ours);
        let mut people: Vec<Person> = threads.map(|it| self.person(it, held)).collect();
        // Who waits for the judge explains most, and who waits for others follows from that.
        people.sort_by_key(|person| (person.asked.is_none(), person.joins.is_none()));
        people
    }

    fn person(&self, seen: &Seen, held: &[Ticket]) -> Person {
        let asked = held.iter().find(|&&it| self.hall().worker(it).1 == seen.inner);
        let awaited = asked.is_some_and(|&ticket| self.log().entries[ticket].awaited);
        let asked = asked.map(|&ticket| self.wish(ticket));
        let joins = match seen.does {
            Does::Joins(number) => Some(self.called(number)),
            _ => None,
        };
        Person { name: self.called(seen.inner), asked, awaited, joins, does: seen.does }
    }

    /// What a thread is called that has this number in its program: by the name that it was given, or by the
    /// task that it began with.
    fn called(&self, thread: u64) -> String {
        let name = self.log().names.iter().find(|((_, number), _)| *number == thread);
        if let Some((_, name)) = name.filter(|(_, name)| **name != format!("thread {thread}")) {
            return format!("`{name}`");
        }
        let mut of_it = self.log().entries.iter().filter(|entry| entry.worker.1 == thread);
        let task = of_it.find_map(|entry| match entry.request {
            Request::Fetch { task } | Request::Compute { task } => Some(task),
            _ => None,
        });
        task.map_or("one more thread".to_owned(), |task| {
            format!("{}'s thread", self.paper().name(task))
        })
    }

    fn wish(&self, ticket: Ticket) -> String {
        match *self.hall().request(ticket) {
            Request::Fetch { task } => format!("the page of {}", self.paper().name(task)),
            Request::Compute { task } => format!("leave to compute {}", self.paper().name(task)),
            Request::Delay => "the end of its delay".to_owned(),
            Request::Beat => "the next beat".to_owned(),
            Request::Lock { account } => {
                let owner = self.hall().owners.get(&account).map(|owner| {
                    let is_itself = *owner == self.hall().worker(ticket);
                    if is_itself { "it itself".to_owned() } else { self.called(owner.1) }
                });
                let had = owner.map_or(String::new(), |owner| format!(", which {owner} had"));
                format!("the lock of account {account}{had}")
            }
            Request::Wait { .. } => "a signal".to_owned(),
            Request::Stop => "the end of everything".to_owned(),
            Request::Say { .. } => "its line to be printed".to_owned(),
            _ => "the judge".to_owned(),
        }
    }

    /// What is wrong with how the program ended.
    fn program(&self, is_cut_short: bool) -> Vec<Finding> {
        let ours = |finding: &&supervise::Finding| {
            let killed = matches!(finding, supervise::Finding::Killed { .. });
            let late = matches!(
                finding,
                supervise::Finding::Hung { .. } | supervise::Finding::Starved { .. }
            );
            !(is_cut_short && (killed || late))
        };
        let mut findings: Vec<Finding> =
            self.ended.findings.iter().filter(ours).cloned().map(Finding::Program).collect();
        findings.retain(|finding| finding.outcome() != words::Outcome::Passed);
        if findings.is_empty() && !is_cut_short {
            if !self.attended.let_in {
                findings.push(Finding::NeverAsked);
            } else if self.log().answer().is_none() {
                findings.push(Finding::NoAnswer { ending: self.ended.ending.to_string() });
            }
        }
        findings
    }

    /// Whether all of the work was done, and as it was set.
    fn work(&self) -> Vec<Finding> {
        let tasks = self.paper().tasks.iter().enumerate();
        let forged = tasks.clone().find_map(|(task, set)| {
            let found = self.log().found(task)?;
            (found != set.hidden).then(|| Finding::ForgedFind { task: set.name.clone() })
        });
        let computed: HashSet<usize> = self.log().computes().iter().map(|span| span.task).collect();
        let missing = tasks.filter(|(task, _)| !computed.contains(task));
        let missing: Vec<String> = missing.map(|(_, set)| set.name.clone()).collect();
        // What has not begun when everything is to end need not be done.
        let are_all_wanted = !self.plan.asked.contains(&Asked::Stopped);
        let missing = (are_all_wanted && !missing.is_empty())
            .then_some(Finding::WorkMissing { what: "computed", tasks: missing });
        let again = self.done_again().into_iter().chain(self.fetched_twice());
        forged.into_iter().chain(missing).chain(again).collect()
    }

    /// Whether what is asked holds; otherwise what was found instead.
    fn holds(&self, asked: Asked) -> Result<(), Finding> {
        match asked {
            Asked::Sum => self.answers(&[self.paper().sum()]),
            Asked::InOrder => {
                let finds: Vec<u64> = self.paper().tasks.iter().map(|set| set.hidden).collect();
                self.answers(&finds)
            }
            Asked::Concurrent => self.is_concurrent(),
            Asked::Parallel => self.is_parallel(),
            Asked::OneThread => self.is_one_thread(),
            Asked::Counted => self.is_counted(),
            Asked::Lost => self.is_lost(),
            // Whoever looked by the clock has been ended.
            Asked::Told => Ok(()),
            Asked::LastLine => self.is_last_line(),
            Asked::LinesInOrder => self.are_lines_in_order(),
            Asked::Streamed => self.is_streamed(),
            Asked::Bounded => self.is_bounded(),
            Asked::NoneBehind => self.is_none_behind(),
            Asked::Deadlocked => self.is_deadlocked(),
            Asked::Transferred => self.is_transferred(),
            Asked::Disjoint => self.is_disjoint(),
            Asked::Crawled => self.is_crawled(),
            Asked::FewFetches => self.are_few_fetches(),
            Asked::AtMostCores => self.is_at_most_cores(),
            Asked::Signalled => self.is_signalled(),
            Asked::Stopped => self.is_stopped(),
        }
    }

    fn answers(&self, right: &[u64]) -> Result<(), Finding> {
        let given = self.log().answer().unwrap_or_default();
        if given == right {
            return Ok(());
        }
        let tasks: Vec<String> = self.paper().tasks.iter().map(|set| set.name.clone()).collect();
        let consists_of = consists_of(self.paper(), given);
        Err(Finding::WrongAnswer { given: given.to_vec(), consists_of, tasks })
    }

    /// The schedule has made sure of it already, unless nothing was fetched at all.
    fn is_concurrent(&self) -> Result<(), Finding> {
        let Kind::Together { fetches, .. } = self.plan.schedule else { return Ok(()) };
        let most = self.log().most_fetches_at_once();
        if most >= fetches {
            return Ok(());
        }
        let fetched: HashSet<usize> = self
            .log()
            .entries
            .iter()
            .filter_map(|it| match it.request {
                Request::Fetch { task } => Some(task),
                _ => None,
            })
            .collect();
        let missing = (0..self.paper().tasks.len()).filter(|task| !fetched.contains(task));
        let tasks = missing.map(|task| self.paper().name(task).to_owned()).collect();
        Err(Finding::WorkMissing { what: "fetched", tasks })
    }

    fn is_parallel(&self) -> Result<(), Finding> {
        let spans = self.log().computes();
        let is_alone = |span: &Span| {
            let is_beside =
                |other: &&Span| *other != span && other.from < span.to && span.from < other.to;
            !spans.iter().any(|other| is_beside(&other))
        };
        let (alone, accompanied): (Vec<Span>, Vec<Span>) =
            spans.iter().copied().partition(is_alone);
        let (alone, all) = (alone.len(), spans.len());
        // That nothing was computed is said elsewhere.
        if all == 0 {
            return Ok(());
        }
        let found = Finding::ComputedAlone { alone, of: all };
        if 2 * alone > all {
            return Err(self.unless_one_core(found));
        }
        let executed = match self.testimony {
            Testimony::Seen(executed) => executed,
            Testimony::Nothing(reason) => return Err(not_here(reason)),
        };
        let numbers = &self.log().numbers;
        let AtOnce { of, beside, least, could } = executed.at_once(&spans, numbers);
        if spans.iter().any(|span| !numbers.contains_key(&span.worker)) {
            let reason = "It could not be found out which of the kernel's threads computed.";
            return Err(not_here(reason));
        }
        let each = of / u32::try_from(all.max(1)).unwrap_or(u32::MAX);
        if least < each / NONE {
            return Err(Finding::NoCompute);
        }
        if ALONE * alone > all {
            return Err(match executed.was_kept_waiting(&accompanied, numbers, self.cores) {
                true => self.for_want_of_cores(left_behind(&found)),
                false => self.unless_one_core(found),
            });
        }
        let found = Finding::NotAtOnce { of, beside };
        if could < of / COULD {
            return Err(found);
        }
        if beside >= SEEN.0 && beside >= of / SEEN.1 {
            return Ok(());
        }
        Err(self.for_want_of_cores(no_core(&found)))
    }

    /// What is to be said where too little was done at once for want of cores: that others had them, unless the
    /// program has kept to one core whatever computed.
    fn for_want_of_cores(&self, reason: String) -> Finding {
        let computed = self.log().computes().into_iter();
        let threads = computed.filter_map(|span| self.log().numbers.get(&span.worker).copied());
        match self.places.only_core(threads).filter(|_| self.cores > 1) {
            Some(core) => Finding::Pinned { core, cores: self.cores },
            None => Finding::NotShown { reason, may_differ: true },
        }
    }

    /// With one core there may be no reason to start a second thread.
    fn unless_one_core(&self, finding: Finding) -> Finding {
        if self.cores > 1 {
            return finding;
        }
        let reason = "This machine has one core, so nothing can be computed at once here.";
        not_here(reason)
    }

    /// Whether one thread did all that was asked of the judge for a task: it fetched, and computed.
    fn is_one_thread(&self) -> Result<(), Finding> {
        let is_work =
            |it: &&Entry| matches!(it.request, Request::Fetch { .. } | Request::Compute { .. });
        let work = self.log().entries.iter().filter(is_work);
        let workers: HashSet<Worker> = work.map(|it| it.worker).collect();
        if workers.len() > 1 {
            return Err(Finding::SeveralThreads { threads: workers.len() });
        }
        match self.testimony {
            Testimony::Seen(executed) if executed.work_at_once => {
                Err(Finding::SeveralThreads { threads: 2 })
            }
            Testimony::Seen(executed) => {
                let numbers = &self.log().numbers;
                let of_workers = workers.iter().filter_map(|worker| numbers.get(worker));
                // Where it is not known which thread worked, nobody can say what the others did.
                let executed = match of_workers.collect::<Vec<_>>()[..] {
                    [worker] => executed.beside(*worker),
                    _ => Duration::ZERO,
                };
                let is_busy = executed >= IDLE;
                if is_busy { Err(Finding::Pace(Pace::BusyBeside { executed })) } else { Ok(()) }
            }
            Testimony::Nothing(reason) => Err(not_here(reason)),
        }
    }

    fn is_counted(&self) -> Result<(), Finding> {
        let (value, sum) = (self.hall().counters[0], self.paper().sum());
        if value == sum {
            Ok(())
        } else {
            Err(self.lost().unwrap_or(Finding::WrongCounter { value, sum }))
        }
    }

    /// The first update that was lost: another thread's, between a load and a store.
    fn lost(&self) -> Option<Finding> {
        self.lost_where(|_, _| true)
    }

    /// The first update that was lost while its loser did, between its load and its store, what this holds of.
    fn lost_where(&self, holds: impl Fn(&[Entry], Worker) -> bool) -> Option<Finding> {
        let entries = &self.log().entries;
        for (place, store) in entries.iter().enumerate() {
            if !matches!(store.request, Request::Store { .. }) {
                continue;
            }
            let told_worker = |(since, it): (usize, &Entry)| {
                Some((since, told(it).filter(|_| it.worker == store.worker)?))
            };
            let before = entries[..place].iter().enumerate().rev().find_map(told_worker);
            let Some((since, loaded)) = before else { continue };
            let between = &entries[since..place];
            let other = between.iter().find(|it| it.worker != store.worker && has_written(it));
            if let Some(other) = other.filter(|_| holds(between, store.worker)) {
                let [by, of] = [store.worker.1, other.worker.1].map(|thread| self.called(thread));
                return Some(Finding::LostUpdate { by, loaded, of });
            }
        }
        None
    }

    /// Every find was added by a load and a store of the thread that had it, and still some are missing: by a
    /// delay between these two.
    fn is_lost(&self) -> Result<(), Finding> {
        for span in self.log().computes() {
            let found = self.log().found(span.task).unwrap_or(0);
            if !self.has_updated(span.worker, found, span.to) {
                return Err(Finding::NoUpdate { task: self.paper().name(span.task).to_owned() });
            }
        }
        let entries = self.log().entries.iter();
        let delays = entries.filter(|it| it.request == Request::Delay).count();
        let is_delayed = |between: &[Entry], worker: Worker| {
            between.iter().any(|it| it.worker == worker && it.request == Request::Delay)
        };
        let is_less = self.hall().counters[0] < self.paper().sum();
        match self.lost_where(is_delayed).filter(|_| is_less) {
            Some(_) => Ok(()),
            None => Err(Finding::NothingLost { delays }),
        }
    }

    /// Whether what this thread has stored since, for the first time, is the value that it had loaded last,
    /// with `found` added.
    fn has_updated(&self, worker: Worker, found: u64, since: u64) -> bool {
        let mut loaded = None;
        for entry in self.log().entries.iter().filter(|it| it.worker == worker) {
            match (&entry.request, &entry.reply) {
                (Request::Load { .. }, Some(Reply::Value(value))) => loaded = Some(*value),
                (Request::Store { value, .. }, _) if entry.came >= since => {
                    return loaded.is_some_and(|loaded| loaded.wrapping_add(found) == *value);
                }
                _ => {}
            }
        }
        false
    }
}

/// The value of a counter that a thread was told, and did not change: by a load, or an exchange that was refused.
fn told(entry: &Entry) -> Option<u64> {
    match (&entry.request, &entry.reply) {
        (Request::Load { .. }, Some(Reply::Value(value)))
        | (Request::Exchange { .. }, Some(Reply::Other(value))) => Some(*value),
        _ => None,
    }
}

/// The task whose page a request asks for.
fn fetched(request: &Request) -> Option<usize> {
    match request {
        Request::Fetch { task } => Some(*task),
        _ => None,
    }
}

/// The task that a request asks leave to compute.
fn asked_to_compute(request: &Request) -> Option<usize> {
    match request {
        Request::Compute { task } => Some(*task),
        _ => None,
    }
}

/// What no run can show on this machine.
fn not_here(reason: &str) -> Finding {
    Finding::NotShown { reason: reason.to_owned(), may_differ: false }
}

fn no_core(found: &Finding) -> String {
    format!("{} They had leave to, and too few cores: others had them.", found.seen())
}

fn left_behind(found: &Finding) -> String {
    let why = "But others had the core of one that was not alone for more than half of its time: these may \
               have been left behind by that.";
    format!("{} {why}", found.seen())
}

/// Whose finds a single number consists of, or whose each of several numbers is; if of anybody's.
fn consists_of(paper: &Paper, given: &[u64]) -> Option<Vec<String>> {
    let &[given] = given else {
        let whose = |find| paper.tasks.iter().find(|set| set.hidden == find);
        let names = given.iter().map(|&find| Some(whose(find)?.name.clone()));
        return names.collect::<Option<Vec<_>>>().filter(|names| !names.is_empty());
    };
    let tasks = paper.tasks.get(..paper.tasks.len().min(12))?;
    let subset = (0..1_usize << tasks.len()).find(|subset| {
        let chosen = tasks.iter().enumerate().filter(|(place, _)| subset >> place & 1 == 1);
        chosen.map(|(_, set)| set.hidden).sum::<u64>() == given
    })?;
    let chosen = tasks.iter().enumerate().filter(|(place, _)| subset >> place & 1 == 1);
    Some(chosen.map(|(_, set)| set.name.clone()).collect())
}

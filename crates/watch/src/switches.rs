//! The source *switches*: the kernel's own record, put into claims.

use std::collections::HashMap;
use std::time::Duration;

use evidence::trace::{Chunk, Trace};
use evidence::{
    Amount, Answer, Blame, Circumstances, Claim, Contradiction, Evidence, Party, Proof, Reason,
    Source, Testimony,
};
use lanes::activity::{self, Activity, Turn};
use serde_json::json;
use switches::{AtOnce, Beside, Cause, Ending, Helpers, Interval, Record, Stretch, Thread};
use words::{Axis, Time, milliseconds};

use super::Whose;

/// With more turns than this a picture shows no more, and takes long.
const MOST_TURNS: usize = 100_000;

/// What the kernel recorded of a run.
#[derive(Debug)]
pub struct Switches {
    /// All of it.
    pub record: Record,
    /// When the program was let go, on the record's clock.
    pub began: u64,
}

/// So long before its line is read a process may have written it.
const WRITTEN_BEFORE: Duration = Duration::from_millis(10);

/// What the kernel recorded, on the clock and in the words of a trace, where there is one.
#[derive(Debug)]
pub(crate) struct Seen<'a> {
    record: &'a Record,
    /// When its times begin: with the trace, or when the program was let go.
    zero: u64,
    /// The number of each thread's lane in a picture. Beside a trace it is the trace's.
    lanes: Vec<Option<u32>>,
    /// What a trace tells of and the kernel did not see.
    doubt: Option<Doubt>,
    /// What helper threads of its runtime did, of a program that nobody judges.
    helpers: Option<Helpers>,
}

impl Switches {
    /// Holds the record against a trace, where there is one.
    pub(crate) fn beside(&self, trace: Option<&Trace>, whose: Whose) -> Seen<'_> {
        let record = &self.record;
        let helpers = record.helpers().filter(|_| whose == Whose::Strangers);
        let Some(trace) = trace else {
            let lanes = (0..record.threads.len()).map(|place| u32::try_from(place).ok()).collect();
            return Seen { record, zero: self.began, lanes, doubt: None, helpers };
        };
        let zero = u64::try_from(trace.origin.as_nanos()).unwrap_or(u64::MAX);
        let mut lanes = vec![None; record.threads.len()];
        let fitting = self.fitting(trace);
        for (thread, &place) in trace.threads.iter().zip(fitting.iter().flat_map(|(it, _)| it)) {
            lanes[place] = Some(thread.number);
        }
        let doubt = fitting.map(|(_, doubt)| doubt);
        Seen { record, zero, lanes, doubt, helpers }
    }
}

impl Switches {
    /// Whether all lines that arrived from the first time to the last, since the program was let go, were
    /// written by one process: only one had a core then.
    pub(crate) fn is_one_writer(&self, [first, last]: [Duration; 2]) -> bool {
        let time = |since: Duration| self.began.saturating_add(nanoseconds_of(since));
        let (from, to) = (time(first.saturating_sub(WRITTEN_BEFORE)), time(last));
        let Record { threads, intervals, coarsened, blind, .. } = &self.record;
        let mut writers = intervals
            .iter()
            .filter(|turn| turn.start <= to && turn.end >= from)
            .map(|turn| threads[turn.thread as usize].process);
        let one = writers.next();
        coarsened.gap == 0 && blind.is_empty() && writers.all(|process| Some(process) == one)
    }
}

fn nanoseconds_of(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

/// Whether there was a second core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cores {
    /// The program was allowed to use one only.
    One,
    /// It was allowed more, and others may have had them.
    Taken,
    /// There were some that nobody else wanted.
    Free,
}

impl Cores {
    fn of(circumstances: &Circumstances) -> Cores {
        match circumstances {
            it if it.cores == Some(1) => Cores::One,
            it if it.hindrances(Axis::Parallel).is_empty() => Cores::Free,
            _ => Cores::Taken,
        }
    }
}

impl Testimony for Seen<'_> {
    fn testify(&self, evidence: &mut Evidence) {
        let cores = Cores::of(&evidence.circumstances);
        evidence.claims.push(self.claim(cores));
        evidence.contradictions.extend(self.contradiction());
    }
}

impl Seen<'_> {
    /// Who had a core when; nothing where that was recorded in the rough only.
    pub(crate) fn activity(&self, available_cores: Option<u64>) -> Option<Activity> {
        let Record { threads, intervals, .. } = self.record;
        if self.record.coarsened.gap > 0 || intervals.len() > MOST_TURNS {
            return None;
        }
        let time = |time: u64| time.saturating_sub(self.zero);
        let ended = self.record.ended;
        let thread = |(thread, &number): (&Thread, &Option<u32>)| activity::Thread {
            number,
            process: u32::try_from(thread.process).unwrap_or(u32::MAX),
            name: format!("{} {}", thread.name(), thread.tid),
            start: time(thread.born),
            end: time(thread.ended.unwrap_or(ended)),
            has_ended: thread.ended.is_some(),
        };
        let turn = |interval: &Interval| Turn {
            thread: interval.thread as usize,
            core: u16::try_from(interval.core).unwrap_or(u16::MAX),
            start: time(interval.start),
            end: time(interval.end),
            is_preempted: interval.ending == Ending::Preempted,
        };
        let gone = intervals.iter().map(|interval| interval.end).max().unwrap_or(ended);
        Some(Activity {
            length: time(gone),
            available_cores,
            threads: threads.iter().zip(&self.lanes).map(thread).collect(),
            // What was before the beginning is in no picture.
            turns: intervals.iter().filter(|it| it.end > self.zero).map(turn).collect(),
        })
    }

    fn claim(&self, cores: Cores) -> Claim {
        let all = self.record.beside();
        let amount = Amount {
            at_least: nanoseconds(all.at_least),
            at_most: (all.at_most < u64::MAX).then(|| nanoseconds(all.at_most)),
            of: self.record.out_of_sight.is_empty().then(|| nanoseconds(all.of)),
        };
        let at_once = match self.helpers {
            Some(_) => self.record.at_once_without_helpers(),
            None => self.record.at_once(),
        };
        let beside = at_once.beside();
        let (answer, reasons) = match &at_once {
            AtOnce::Work { .. } => (Answer::Proven, Vec::new()),
            AtOnce::HandingOver { .. } | AtOnce::Never { .. } => {
                (Answer::RuledOut, self.grounds(beside, cores))
            }
            AtOnce::Open { .. } => (Answer::Inconclusive, vec![self.blind(beside)]),
        };
        let proof = match &at_once {
            AtOnce::Work { beside, longest } => Some(self.proof(beside, longest)),
            _ => None,
        };
        Claim {
            axis: Axis::Parallel,
            source: Source::Switches,
            answer,
            amount,
            proof,
            reasons,
            details: self.details(beside),
        }
    }

    fn proof(&self, beside: &Beside, longest: &Stretch) -> Proof {
        let both = longest.threads.map(|place| Party {
            name: self.name(place),
            number: self.lanes[place],
            system: Some(self.record.threads[place].tid),
        });
        let [start, end] = [longest.start, longest.end].map(|time| self.since_began(time));
        let sentence = format!(
            "Threads {} and {} were executing at once for {}, from {} to {}; all in all {} of {} were \
             executed beside other execution.",
            both[0].name,
            both[1].name,
            Time(end - start),
            Time(start),
            Time(end),
            Time(nanoseconds(beside.at_least)),
            Time(nanoseconds(beside.of))
        );
        let sentence = [sentence].into_iter().chain(self.helped()).collect::<Vec<_>>().join(" ");
        Proof { both, start, end, at_least: end - start, sentence }
    }

    /// Why no work was done at once.
    fn grounds(&self, beside: &Beside, cores: Cores) -> Vec<Reason> {
        let longest = beside.longest().map_or(0, Stretch::length);
        let is_what =
            if longest < switches::STRETCH { "handing over" } else { "beginning, or handing over" };
        let sentence = match beside.at_least {
            0 => format!(
                "No two threads ever executed at once, in {} of execution.",
                Time(nanoseconds(beside.of))
            ),
            _ => format!(
                "{} of {} were executed beside other execution, and never for longer than {} at a \
                 time: that is {is_what}, and not work.",
                Time(nanoseconds(beside.at_least)),
                Time(nanoseconds(beside.of)),
                Time(nanoseconds(longest))
            ),
        };
        let name = if beside.at_least == 0 { "never-at-once" } else { "handing-over" };
        let causes = self.record.causes(|thread| self.is_asked(thread));
        let causes = causes.iter().map(|cause| self.cause(cause, cores));
        let helped = self.helped().map(|sentence| Reason::new("helpers", sentence));
        let causes: Vec<Reason> = [Reason::new(name, sentence)].into_iter().chain(causes).collect();
        // Who has one core only need not be told what that withholds.
        let is_told = causes.iter().any(|cause| ["one-core", "pinned"].contains(&cause.name));
        let withheld = self.withheld(beside).filter(|_| !is_told);
        // Threads that have to wait for a core take turns as well.
        let is_doubtful = |cause: &Reason| withheld.is_some() && cause.name == "turns";
        let causes: Vec<Reason> = causes.into_iter().filter(|it| !is_doubtful(it)).collect();
        causes.into_iter().chain(helped).chain(withheld).collect()
    }

    /// Whether what a thread did is the program's own work.
    fn is_asked(&self, thread: &Thread) -> bool {
        self.helpers.is_none() || !thread.is_helper()
    }

    /// What the helper threads of its runtime did, in a sentence.
    fn helped(&self) -> Option<String> {
        let helpers = self.helpers.as_ref()?;
        let mut names: Vec<&str> =
            helpers.threads.iter().map(|&place| self.record.threads[place].name()).collect();
        names.dedup();
        names.truncate(3);
        Some(format!(
            "Besides, helper threads of its runtime ({}) executed for {}, which put {} beside other \
             execution.",
            names.join(", "),
            Time(nanoseconds(helpers.executed)),
            Time(nanoseconds(helpers.beside))
        ))
    }

    /// Whether threads would have done as much at once as counts for work, had there been cores for them.
    fn withheld(&self, beside: &Beside) -> Option<Reason> {
        let withheld = self.record.withheld(|thread| self.is_asked(thread));
        let (least, share, _) = switches::WORK;
        (withheld >= least && withheld as f64 >= share * beside.of as f64).then(|| {
            let sentence = format!(
                "For {} its threads stood ready, with no core for them, and would have been executing \
                 beside another one.",
                Time(nanoseconds(withheld))
            );
            Reason::new("withheld", sentence).blaming(Blame::Either)
        })
    }

    /// A cause in words.
    fn cause(&self, cause: &Cause, cores: Cores) -> Reason {
        let percent = |share: &f64| format!("{:.0} %", share * 100.0);
        let (name, sentence) = match cause {
            Cause::MostlyWaiting { share } => (
                "mostly-waiting",
                format!("It mostly waited: something executed for {} of the time.", percent(share)),
            ),
            Cause::OneThread { thread, share } => (
                "one-thread",
                format!("One thread, {}, did {} of it.", self.name(*thread), percent(share)),
            ),
            Cause::OneWorker { thread, share, workers } => (
                "one-worker",
                format!(
                    "One of {workers} workers, {}, did {} of it; the others got nothing.",
                    self.name(*thread),
                    percent(share)
                ),
            ),
            Cause::OneCore { .. } if cores == Cores::One => {
                let sentence = "It was allowed to use one core only.";
                return Reason::new("one-core", sentence).blaming(Blame::Machine);
            }
            Cause::OneCore { core } if cores == Cores::Taken => {
                let sentence = format!(
                    "Threads stood ready, and only core {core} was used: it may have restricted itself, \
                     or others had the rest."
                );
                return Reason::new("one-core-used", sentence).blaming(Blame::Either);
            }
            Cause::OneCore { core } => (
                "pinned",
                format!(
                    "Threads stood ready, and only core {core} was used: it restricted itself."
                ),
            ),
            Cause::ProcessesInTurn { processes } => (
                "processes-in-turn",
                format!("{processes} processes worked, and each began after another had ended."),
            ),
            Cause::JoinAfterStart { threads } => (
                "join-after-start",
                format!(
                    "{threads} threads worked, and each began after the one before it had ended: a \
                     join after each start."
                ),
            ),
            Cause::Turns { threads, .. } => (
                "turns",
                format!(
                    "{threads} threads worked in turn, and while one did the others waited: look for a \
                     lock around the work, or an interpreter's."
                ),
            ),
        };
        Reason::new(name, sentence).blaming(Blame::Program)
    }

    /// Why the amount is uncertain.
    fn blind(&self, beside: &Beside) -> Reason {
        let Record { lost, late, blind, out_of_sight, .. } = self.record;
        let (name, why) = if *lost > 0 || !blind.is_empty() || !out_of_sight.is_empty() {
            (
                "lost-records",
                format!("{lost} records of the kernel found no room or were not to be seen"),
            )
        } else {
            let late = Time(nanoseconds(*late));
            ("late-records", format!("Records of the kernel came late, by {late} in all"))
        };
        let at_most = match beside.at_most {
            u64::MAX => "any amount".to_owned(),
            at_most => Time(nanoseconds(at_most)).to_string(),
        };
        let [at_least, of] = [beside.at_least, beside.of].map(|time| Time(nanoseconds(time)));
        let amount = format!("{at_least} to {at_most} of {of}");
        let sentence =
            format!("{why}, so that {amount} may have been executed beside other execution.");
        Reason::new(name, sentence)
    }

    fn details(&self, beside: &Beside) -> serde_json::Value {
        let mut threads: Vec<_> = (0..self.record.threads.len()).collect();
        threads.sort_by_key(|&place| std::cmp::Reverse(self.record.threads[place].executed));
        let thread = |&place: &usize| {
            let thread = &self.record.threads[place];
            json!({
                "name": self.name(place),
                "executed_ms": milliseconds(nanoseconds(thread.executed)),
                "turns": thread.turns,
                "preempted": thread.preempted,
                "ready_ms": milliseconds(nanoseconds(thread.ready.all)),
                "taken_by_others_ms": milliseconds(nanoseconds(thread.ready.taken_by_others)),
                "cores": thread.cores,
            })
        };
        json!({
            "cpu_ms": milliseconds(nanoseconds(beside.of)),
            "wall_ms": milliseconds(nanoseconds(self.record.ended - self.record.began)),
            "stretches": beside.lengths.count(),
            "longest_ms": beside.longest().map(|it| milliseconds(nanoseconds(it.length()))),
            "processes": self.record.processes.len(),
            "thread_count": self.record.threads.len(),
            "threads": threads.iter().take(10).map(thread).collect::<Vec<_>>(),
            "lost_records": self.record.lost,
            "oddities": self.record.oddities,
            "late_ms": milliseconds(nanoseconds(self.record.late)),
            "stolen_ms": milliseconds(nanoseconds(self.record.stolen())),
        })
    }

    /// What a thread is called: its name, and its number in the system.
    fn name(&self, place: usize) -> String {
        let thread = &self.record.threads[place];
        format!("{} ({})", thread.name(), thread.tid)
    }

    /// Says what the trace tells of each thread's compute and the kernel did not see of that very thread.
    fn contradiction(&self) -> Option<Contradiction> {
        let Doubt { told, unseen, worst } = self.doubt.as_ref()?;
        let worst = worst.as_ref()?;
        let late = nanoseconds(self.record.late);
        let allowed = Duration::from_millis(1) + *told / 20 + late;
        (*unseen > allowed).then(|| Contradiction {
            axis: Axis::Parallel,
            between: [Source::Switches, Source::Recorder],
            sentence: format!(
                "The trace says that thread {} computed from {} to {}, and the kernel says that it did \
                 not: of {} that the trace tells of, {} were not executed when it says so. The trace is \
                 not to be believed.",
                worst.thread,
                Time(worst.start),
                Time(worst.end),
                Time(*told),
                Time(*unseen)
            ),
        })
    }

    fn since_began(&self, time: u64) -> Duration {
        nanoseconds(time.saturating_sub(self.zero))
    }
}

impl Switches {
    /// The place among the kernel's threads of each of the trace's, and what of the trace was not seen then:
    /// under whichever of the ways in which the threads may belong together it fits best.
    ///
    /// None where threads cannot be told apart, or their times are not exact.
    fn fitting(&self, trace: &Trace) -> Option<(Vec<usize>, Doubt)> {
        if self.record.coarsened.gap > 0 || !self.record.blind.is_empty() {
            return None;
        }
        let first = first_of_their_numbers(&self.record.threads);
        let mut executed: Vec<Vec<&Interval>> = vec![Vec::new(); self.record.threads.len()];
        for interval in &self.record.intervals {
            executed[first[interval.thread as usize]].push(interval);
        }
        let doubted = self.matches(trace).into_iter().map(|places| {
            let doubt = Doubt::of(trace, &places, &executed);
            (places, doubt)
        });
        let (places, doubt) = doubted.min_by_key(|(_, doubt)| doubt.unseen)?;
        let ranked = by_number(trace);
        let unseen = unseen_beside(trace, &ranked, &places, &executed);
        let swapped = swap_neighbours(&ranked, &places, &unseen);
        if swapped == places {
            return Some((places, doubt));
        }
        let doubt = Doubt::of(trace, &swapped, &executed);
        Some((swapped, doubt))
    }

    /// The place among the kernel's threads of each of the trace's, in every way that is possible. Where
    /// several had a number, one after the other, it is the first one's.
    ///
    /// In a process namespace threads have other numbers: one after the other in the order of those that they
    /// have outside, the process's own first, and where the second begins is not known.
    fn matches(&self, trace: &Trace) -> Vec<Vec<usize>> {
        const MOST: usize = 100;
        let threads = &self.record.threads;
        let first = first_of_their_numbers(threads);
        let by_number: HashMap<u32, usize> =
            threads.iter().zip(&first).map(|(thread, &place)| (thread.tid, place)).collect();
        let direct = trace.threads.iter().map(|it| by_number.get(&it.system?).copied());
        if let Some(places) = direct.collect::<Option<Vec<usize>>>() {
            return vec![places];
        }
        let ordered = in_order_of_numbers(threads.iter().map(|thread| thread.tid));
        let shifted = |second: u32| {
            let place = |thread: &evidence::trace::Thread| {
                let number = thread.system?;
                let rank = match number == trace.process {
                    true => 0,
                    false => number.checked_sub(second)? as usize + 1,
                };
                let place = *ordered.get(rank)?;
                let begin: String = thread.name.chars().take(15).collect();
                let is_same =
                    ["", "main"].contains(&begin.as_str()) || threads[place].name() == begin;
                is_same.then_some(place)
            };
            trace.threads.iter().map(place).collect::<Option<Vec<usize>>>()
        };
        let others = trace.threads.iter().filter_map(|thread| thread.system);
        let first = others.filter(|&number| number != trace.process).min().unwrap_or(0);
        (trace.process + 1..=first.max(trace.process + 1))
            .rev()
            .take(MOST)
            .filter_map(shifted)
            .collect()
    }
}

/// For each thread the place of the first that had its number: one that calls exec goes on with that of its
/// process, which another has had before.
fn first_of_their_numbers(threads: &[Thread]) -> Vec<usize> {
    let mut first = HashMap::new();
    let places = threads.iter().enumerate();
    places.map(|(place, thread)| *first.entry(thread.tid).or_insert(place)).collect()
}

/// The places of threads with these numbers, in the order in which the system gave them: it begins anew
/// where it has given the last. Of several with one number the first is in it.
fn in_order_of_numbers(numbers: impl Iterator<Item = u32>) -> Vec<usize> {
    let numbers: Vec<u32> = numbers.collect();
    let mut places: Vec<usize> = (0..numbers.len()).collect();
    places.sort_by_key(|&place| (numbers[place] < numbers[0], numbers[place]));
    places.dedup_by_key(|place| numbers[*place]);
    places
}

/// A trace's threads, in the order of the numbers that they have in the system.
fn by_number(trace: &Trace) -> Vec<usize> {
    let mut threads: Vec<usize> = (0..trace.threads.len()).collect();
    threads.sort_by_key(|&thread| trace.threads[thread].system);
    threads
}

/// What of each of these threads' compute the kernel did not see: at the place of the thread before, at its
/// own, and at that of the thread behind.
fn unseen_beside(
    trace: &Trace,
    threads: &[usize],
    places: &[usize],
    executed: &[Vec<&Interval>],
) -> Vec<[Duration; 3]> {
    let mut rank = vec![0; threads.len()];
    threads.iter().enumerate().for_each(|(at, &thread)| rank[thread] = at);
    let mut unseen = vec![[Duration::ZERO; 3]; threads.len()];
    for chunk in &trace.chunks {
        let rank = rank[chunk.thread as usize];
        for (beside, unseen) in unseen[rank].iter_mut().enumerate() {
            let other = (rank + beside).checked_sub(1).and_then(|at| threads.get(at));
            let Some(&other) = other else { continue };
            *unseen += unseen_of(trace, &chunk, &executed[places[other]]);
        }
    }
    unseen
}

/// Swaps the places of threads whose numbers follow each other, where they fit better so: by what of them
/// is not seen at the places beside their own. Two threads that are born on two cores at once may have
/// their numbers in a namespace in one order, and those outside in the other.
///
/// That cannot make a trace believed that tells of more compute at once than there was: each thread's is held
/// against that of one other alone.
fn swap_neighbours(threads: &[usize], places: &[usize], unseen: &[[Duration; 3]]) -> Vec<usize> {
    let mut swapped = places.to_vec();
    let mut rank = 0;
    while rank + 1 < threads.len() {
        let (one, other) = (unseen[rank], unseen[rank + 1]);
        if one[2] + other[0] < one[1] + other[1] {
            swapped.swap(threads[rank], threads[rank + 1]);
            rank += 1;
        }
        rank += 1;
    }
    swapped
}

/// What of a trace the kernel did not see, if the threads belong together in one way.
#[derive(Debug)]
struct Doubt {
    /// How long the trace says that its threads executed in chunks.
    told: Duration,
    /// How much of that the kernel did not see.
    unseen: Duration,
    /// The chunk of which it saw least.
    worst: Option<Chunk>,
}

impl Doubt {
    fn of(trace: &Trace, places: &[usize], executed: &[Vec<&Interval>]) -> Doubt {
        let told = trace.chunks.iter().filter_map(|it| Some(it.executing?.at_least)).sum();
        let mut doubt = Doubt { told, unseen: Duration::ZERO, worst: None };
        let mut most = Duration::ZERO;
        for chunk in &trace.chunks {
            let unseen = unseen_of(trace, &chunk, &executed[places[chunk.thread as usize]]);
            doubt.unseen += unseen;
            if unseen > most {
                (most, doubt.worst) = (unseen, Some(chunk));
            }
        }
        doubt
    }
}

/// For how long a chunk's thread executed by its trace, and not within the chunk as the kernel saw it.
fn unseen_of(trace: &Trace, chunk: &Chunk, intervals: &[&Interval]) -> Duration {
    let Some(executing) = chunk.executing else { return Duration::ZERO };
    let nanos =
        |time: Duration| u64::try_from((trace.origin + time).as_nanos()).unwrap_or(u64::MAX);
    let (start, end) = (nanos(chunk.start), nanos(chunk.end));
    let first = intervals.partition_point(|interval| interval.end <= start);
    let within = intervals[first..].iter().take_while(|interval| interval.start < end);
    let seen: u64 = within.map(|it| it.end.min(end).saturating_sub(it.start.max(start))).sum();
    executing.at_least.saturating_sub(nanoseconds(seen))
}

fn nanoseconds(time: u64) -> Duration {
    Duration::from_nanos(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_begin_anew_after_the_last() {
        let numbers = [32_760, 32_762, 32_761, 301, 300];
        assert_eq!(in_order_of_numbers(numbers.into_iter()), [0, 2, 1, 4, 3]);
    }

    #[test]
    fn whoever_goes_on_as_another_program_gets_no_new_number() {
        assert_eq!(in_order_of_numbers([300, 301, 302, 300].into_iter()), [0, 1, 2]);
    }

    /// Where threads end up that belong at these places, and are believed at those of their numbers.
    fn swapped(truth: &[usize]) -> Vec<usize> {
        let places: Vec<usize> = (0..truth.len()).collect();
        let unseen = |thread: usize, beside: usize| {
            Duration::from_millis(u64::from(truth[thread] + 1 != thread + beside))
        };
        let unseen: Vec<_> =
            places.iter().map(|&thread| [0, 1, 2].map(|beside| unseen(thread, beside))).collect();
        swap_neighbours(&places, &places, &unseen)
    }

    #[test]
    fn threads_that_were_born_at_once_may_be_each_other() {
        assert_eq!(swapped(&[0, 2, 1, 3, 5, 4]), [0, 2, 1, 3, 5, 4]);
        assert_eq!(swapped(&[0, 1, 2]), [0, 1, 2]);
    }

    #[test]
    fn nobody_is_taken_for_somebody_much_older() {
        assert_eq!(swapped(&[3, 1, 2, 0]), [0, 1, 2, 3]);
    }
}

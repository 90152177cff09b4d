//! Schedules before programs that are made up, in every order in which their requests may come.

use std::collections::{HashSet, VecDeque};

use classroom::wire::{Line, Request};
use proptest::prelude::*;

use super::*;
use crate::paper::Paper;
use crate::seed::Seed;

/// What schedules draw from.
const SEED: Seed = Seed::new(1);

/// What one thread of a made-up program does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Fetch(usize),
    Compute(usize),
    Computed(usize),
    Load,
    /// Stores what was loaded, and so much more.
    Store(u64),
    Add(u64),
    Delay,
    Say,
    Beat,
    Lock(usize),
    Unlock(usize),
    Wait(usize),
    Notify(usize),
    /// From an account to another one.
    Move(usize, usize),
    End,
}

use Step::{
    Add, Beat, Compute, Computed, Delay, End, Fetch, Load, Lock, Move, Notify, Say, Store, Unlock,
    Wait,
};

/// A made-up program before a schedule.
struct Program {
    schedule: Box<dyn Schedule>,
    hall: Hall,
    threads: Vec<Thread>,
}

#[derive(Default)]
struct Thread {
    steps: VecDeque<Step>,
    loaded: u64,
    waits: Option<Ticket>,
}

impl Program {
    fn new(kind: Kind, threads: Vec<Vec<Step>>) -> Program {
        let paper = Paper::set("solve", 4, 10, true, SEED);
        let thread = |steps: Vec<Step>| Thread { steps: steps.into(), ..Thread::default() };
        let threads = threads.into_iter().map(thread).collect();
        Program { schedule: kind.schedule(SEED), hall: Hall::new(paper), threads }
    }

    /// Runs it, choosing each time among the threads that can go on: whether all have come to their ends.
    fn run(&mut self, mut choices: impl Iterator<Item = usize>) -> bool {
        loop {
            let able: Vec<usize> = (0..self.threads.len()).filter(|&it| self.is_able(it)).collect();
            if able.is_empty() {
                let before = self.hall.held().len();
                self.schedule.standstill(&mut self.hall);
                self.hear();
                if self.hall.held().len() == before {
                    return self.threads.iter().all(|it| it.steps.is_empty() && it.waits.is_none());
                }
                continue;
            }
            let chosen = able[choices.next().unwrap_or(0) % able.len()];
            self.step(chosen);
            self.hear();
        }
    }

    fn is_able(&self, thread: usize) -> bool {
        self.threads[thread].waits.is_none() && !self.threads[thread].steps.is_empty()
    }

    fn step(&mut self, number: usize) {
        let thread = &mut self.threads[number];
        let counter = 0;
        let request = match thread.steps.pop_front().expect("a step") {
            Fetch(task) => Request::Fetch { task },
            Compute(task) => Request::Compute { task },
            Computed(task) => Request::Computed { task, found: 0 },
            Load => Request::Load { counter },
            Store(more) => Request::Store { counter, value: thread.loaded + more },
            Add(value) => Request::Add { counter, value },
            Delay => Request::Delay,
            Say => Request::Say { text: "a line".to_owned() },
            Beat => Request::Beat,
            Lock(account) => Request::Lock { account },
            Unlock(account) => Request::Unlock { account },
            Wait(account) => Request::Wait { account },
            Notify(account) => Request::Notify { account },
            Move(from, to) => Request::Transfer { from, to, amount: 1 },
            End => Request::Stop,
        };
        let is_note = matches!(request, Request::Unlock { .. } | Request::Computed { .. });
        let count = if is_note { 0 } else { 1 + self.hall.log.entries.len() as u64 };
        let line = Line { number: count, thread: number as u64, awaited: false, request };
        let ticket = self.hall.note(0, line);
        thread.waits = Some(ticket);
        self.schedule.came(ticket, &mut self.hall);
    }

    /// Threads hear what was replied to them.
    fn hear(&mut self) {
        for thread in &mut self.threads {
            let Some(ticket) = thread.waits else { continue };
            let entry = &self.hall.log.entries[ticket];
            if entry.replied.is_some() {
                thread.waits = None;
                if let (Request::Load { .. }, Some(classroom::wire::Reply::Value(value))) =
                    (&entry.request, &entry.reply)
                {
                    thread.loaded = *value;
                }
            }
        }
        self.hall.take_unsent();
    }
}

/// Whether these threads come to their ends, if they are chosen in this order; and what was asked.
fn run(kind: Kind, threads: &[Vec<Step>], choices: &[usize]) -> (bool, Hall) {
    let mut program = Program::new(kind, threads.to_vec());
    let has_ended = program.run(choices.iter().copied());
    (has_ended, program.hall)
}

/// How many requests of this kind were replied to before one that wanted this.
fn replied_before(hall: &Hall, wanted: &Request, kind: fn(&Request) -> bool) -> usize {
    let done = hall.log.replied(wanted).expect("a reply");
    let entries = hall.log.entries.iter().filter(|it| kind(&it.request) && it.request != *wanted);
    entries.filter(|it| it.replied.is_some_and(|replied| replied <= done)).count()
}

/// Takes two locks in this order, with something in between, as often.
fn locks(first: usize, second: usize, between: &[Step]) -> Vec<Step> {
    let steps = [&[Lock(first)], between, &[Lock(second), Unlock(second), Unlock(first)]];
    steps.concat().repeat(3)
}

/// Moves something twice between two accounts, under these locks.
fn moves(from: usize, to: usize, locks: &[usize]) -> Vec<Step> {
    let (taken, given) = (locks.iter().copied().map(Lock), locks.iter().rev().copied().map(Unlock));
    taken.chain([Move(from, to)]).chain(given).collect::<Vec<_>>().repeat(2)
}

/// How many transfers between other accounts were asked for before the first of all was done.
fn moved_meanwhile(hall: &Hall) -> usize {
    let is_move = |entry: &&crate::log::Entry| matches!(entry.request, Request::Transfer { .. });
    let mut moves = hall.log.entries.iter().filter(is_move);
    let first = moves.next().expect("a transfer");
    let done = first.replied.expect("a reply");
    moves.filter(|entry| entry.request != first.request && entry.came <= done).count()
}

/// So many updates, made of these steps.
fn updates(number: usize, steps: &[Step]) -> Vec<Step> {
    steps.repeat(number)
}

/// What a counter says after two threads have made four updates each.
fn counted(kind: Kind, left: &[Step], right: &[Step], choices: &[usize]) -> u64 {
    let [left, right] = [(0, left), (1, right)]
        .map(|(task, steps)| [vec![Compute(task)], updates(4, steps)].concat());
    let mut program = Program::new(kind, vec![left, right]);
    assert!(program.run(choices.iter().copied()), "a schedule that lets everybody come to an end");
    program.hall.counters[0]
}

proptest! {
    #[test]
    fn one_at_a_time_loses_nothing_where_nobody_is_delayed(choices in choices()) {
        for update in [&[Load, Store(1)][..], &[Delay, Load, Store(1)], &[Load, Store(1), Delay], &[Add(1)]] {
            prop_assert_eq!(counted(one_at_a_time(Ahead::Nobody), update, update, &choices), 8);
        }
    }

    #[test]
    fn one_at_a_time_loses_in_every_order_where_an_update_is_delayed(choices in choices()) {
        let (delayed, swift) = ([Load, Delay, Store(1)], [Load, Store(1)]);
        for (left, right) in [(&delayed[..], &delayed[..]), (&delayed, &swift), (&swift, &delayed)] {
            for ahead in [Ahead::Nobody, Ahead::First, Ahead::Last] {
                prop_assert!(counted(one_at_a_time(ahead), left, right, &choices) < 8);
            }
        }
    }

    #[test]
    fn a_delay_comes_too_late_where_the_other_thread_has_gone_ahead(choices in choices()) {
        let swift = |task| [vec![Compute(task)], updates(4, &[Load, Store(1)])].concat();
        let late = |task| [vec![Compute(task)], updates(3, &[Load, Store(1)]), vec![Load, Delay, Store(1)]];
        for (ahead, task) in [(Ahead::First, 0), (Ahead::Last, 2)] {
            let threads = vec![swift(task), late(1).concat()];
            let mut program = Program::new(one_at_a_time(ahead), threads);
            prop_assert!(program.run(choices.iter().copied()));
            prop_assert_eq!(program.hall.counters[0], 8);
        }
    }

    #[test]
    fn between_loses_in_every_order_what_is_not_one_operation(choices in choices()) {
        for update in [&[Load, Store(1)][..], &[Delay, Load, Store(1)], &[Load, Delay, Store(1)]] {
            prop_assert!(counted(Kind::Between, update, update, &choices) < 8);
        }
        prop_assert_eq!(counted(Kind::Between, &[Add(1)], &[Delay, Add(1)], &choices), 8);
    }

    #[test]
    fn together_lets_through_who_comes_together_in_whatever_order(choices in choices()) {
        let alike = |task| vec![Fetch(task), Compute(task)];
        let mut program = Program::new(together(4, 2), (0..4).map(alike).collect());
        prop_assert!(program.run(choices.into_iter()));
    }

    #[test]
    fn together_holds_who_comes_one_after_the_other(choices in choices()) {
        let (left, right) = (vec![Fetch(0), Fetch(1)], vec![Fetch(2), Fetch(3)]);
        let mut program = Program::new(together(3, 1), vec![left, right]);
        prop_assert!(!program.run(choices.into_iter()));
        prop_assert_eq!(program.hall.held().len(), 2);
    }
}

proptest! {
    #[test]
    fn the_late_page_comes_last_in_whatever_order_they_are_asked_for(choices in choices()) {
        let threads = [vec![Fetch(0)], vec![Fetch(1)], vec![Fetch(2)], vec![Fetch(3)]];
        let (has_ended, hall) = run(Kind::Late { last: 1 }, &threads, &choices);
        prop_assert!(has_ended);
        let is_fetch = |request: &Request| matches!(request, Request::Fetch { .. });
        prop_assert_eq!(replied_before(&hall, &Request::Fetch { task: 1 }, is_fetch), 3);
    }

    #[test]
    fn all_pages_but_the_first_come_while_somebody_is_at_a_line(choices in choices(), first in 0..4_usize) {
        let thread = |task| vec![Fetch(task), Compute(task), Computed(task), Say];
        let (has_ended, hall) = run(Kind::DuringLines { first }, &[0, 1, 2, 3].map(thread), &choices);
        prop_assert!(has_ended);
        let is_line = |request: &Request| matches!(request, Request::Say { .. });
        for task in 0..4 {
            let came = hall.log.replied(&Request::Fetch { task }).expect("a page");
            let mut lines = hall.log.entries.iter().filter(|it| is_line(&it.request));
            prop_assert_eq!(lines.any(|it| it.was_waiting(came)), task != first, "page {}", task);
        }
    }

    #[test]
    fn no_page_comes_before_somebody_has_gone_on_with_the_last_one(choices in choices()) {
        let goes_on = |task| vec![Fetch(task), Compute(task), Computed(task), Say];
        let threads = [goes_on(0), vec![Fetch(3), Say], goes_on(1), goes_on(2)];
        let (has_ended, hall) = run(Kind::DuringLines { first: 0 }, &threads, &choices);
        prop_assert!(!has_ended);
        prop_assert_eq!(hall.fetched, [0, 3].into());
    }

    #[test]
    fn the_long_task_is_done_when_all_others_are(choices in choices()) {
        let threads = [vec![Compute(2)], vec![Compute(0), Compute(1), Compute(3)]];
        let (has_ended, hall) = run(Kind::OneTakesLong { task: 2 }, &threads, &choices);
        prop_assert!(has_ended);
        let is_compute = |request: &Request| matches!(request, Request::Compute { .. });
        prop_assert_eq!(replied_before(&hall, &Request::Compute { task: 2 }, is_compute), 3);
    }

    #[test]
    fn whatever_can_be_made_is_made_before_a_slow_line_is_done(choices in choices()) {
        let threads = [vec![Compute(0), Compute(1), Compute(2)], vec![Say]];
        let (has_ended, hall) = run(Kind::SlowLines, &threads, &choices);
        prop_assert!(has_ended);
        let (line, any) = (Request::Say { text: "a line".to_owned() }, |_: &Request| true);
        prop_assert_eq!(replied_before(&hall, &line, any), 3);
    }

    #[test]
    fn only_where_a_heart_goes_on_beating_can_tasks_be_computed(choices in choices()) {
        let (tasks, heart) = (vec![Compute(0), Compute(1)], vec![Beat; 9]);
        let (_, hall) = run(Kind::Beats, &[tasks.clone(), heart], &choices);
        let last = Request::Compute { task: 1 };
        prop_assert!(hall.log.replied(&last).is_some());
        let in_between = vec![Beat, Compute(0), Beat, Compute(1), Beat];
        for threads in [vec![tasks.clone()], vec![tasks, vec![]], vec![in_between]] {
            prop_assert!(!run(Kind::Beats, &threads, &choices).0);
        }
    }

    #[test]
    fn polite_locks_stop_threads_if_and_only_if_one_is_delayed_with_a_lock(choices in choices()) {
        let (swift, delayed) = (locks(0, 1, &[]), locks(1, 0, &[Delay]));
        let with_none = [vec![Delay], locks(1, 0, &[]), vec![Delay]].concat();
        let stops = |threads: &[Vec<Step>]| !run(Kind::Polite, threads, &choices).0;
        prop_assert!(!stops(&[swift.clone(), locks(1, 0, &[])]));
        prop_assert!(!stops(&[swift.clone(), with_none]));
        prop_assert!(stops(&[swift, delayed.clone()]));
        prop_assert!(stops(&[locks(0, 1, &[Delay]), delayed]));
    }

    #[test]
    fn crossed_locks_stop_threads_that_take_them_in_opposite_orders(choices in choices()) {
        let stops = |threads: &[Vec<Step>]| !run(Kind::Crossed, threads, &choices).0;
        prop_assert!(stops(&[locks(0, 1, &[]), locks(1, 0, &[])]));
        prop_assert!(stops(&[locks(0, 1, &[]), locks(1, 2, &[]), locks(2, 0, &[])]));
        prop_assert!(!stops(&[locks(0, 1, &[]), locks(0, 1, &[])]));
        prop_assert!(!stops(&[locks(0, 1, &[Delay]), locks(1, 2, &[]), locks(0, 2, &[Delay])]));
    }
}

proptest! {
    #[test]
    fn a_signal_is_lost_in_every_order_where_it_is_given_without_the_lock(choices in choices()) {
        let pages = [Fetch(0), Fetch(2), Fetch(3)];
        let wakes = usize::try_from(signals::wakes(SEED)).expect("a few");
        let waits = vec![Wait(0); wakes + 1];
        let waits = [&pages[..], &[Lock(0)], &waits[..], &[Unlock(0)]].concat();
        let gives = [vec![Fetch(1), Notify(0)], vec![Fetch(1), Lock(0), Notify(0), Unlock(0)]];
        let late = Kind::Signals { last: 1, held: 0 };
        // It wakes for nothing a few times; then for the signal, or never.
        let ends = gives.map(|gives| run(late, &[waits.clone(), gives], &choices).0);
        prop_assert_eq!(ends, [false, true]);
    }

    #[test]
    fn whoever_moves_first_keeps_out_others_if_and_only_if_they_need_his_locks(choices in choices()) {
        let first = moves(0, 1, &[0, 1]);
        for (locks, meanwhile) in [(&[2, 3][..], 2), (&[0, 2, 3], 0)] {
            let threads = [first.clone(), moves(2, 3, locks)];
            let (has_ended, hall) = run(Kind::LongTransfer, &threads, &choices);
            prop_assert!(has_ended);
            prop_assert_eq!(moved_meanwhile(&hall), meanwhile);
        }
    }

    #[test]
    fn a_held_lock_comes_after_the_signal(choices in choices()) {
        let waits = vec![Fetch(0), Fetch(2), Fetch(3), Lock(0), Wait(0), Unlock(0)];
        let gives = vec![Fetch(1), Lock(0), Notify(0), Unlock(0)];
        for (held, ends) in [(0, true), (1, false)] {
            let kind = Kind::Signals { last: 1, held };
            prop_assert_eq!(run(kind, &[waits.clone(), gives.clone()], &choices).0, ends);
        }
    }

    #[test]
    fn the_end_comes_while_all_compute_who_can(choices in choices()) {
        let threads = [vec![Compute(0), Compute(1)], vec![Compute(2), Compute(3)], vec![End]];
        let kind = Kind::Stop { after: 1, youngest: false };
        let (has_ended, hall) = run(kind, &threads, &choices);
        prop_assert!(has_ended);
        let is_compute = |request: &Request| matches!(request, Request::Compute { .. });
        prop_assert_eq!(replied_before(&hall, &Request::Stop, is_compute), 2);
        let told = hall.log.replied(&Request::Stop).expect("a reply");
        let begun = hall.log.entries.iter().filter(|it| is_compute(&it.request));
        prop_assert!(begun.clone().all(|it| it.came <= told), "{begun:?}");
    }

    #[test]
    fn after_the_end_whoever_computes_goes_on_by_age(choices in choices(), youngest: bool) {
        let threads = [vec![Compute(0), Compute(1)], vec![Compute(2), Compute(3)], vec![End]];
        let (_, hall) = run(Kind::Stop { after: 1, youngest }, &threads, &choices);
        let [of_older, of_younger] =
            [1, 3].map(|task| hall.log.entries.iter().position(|it| it.request == Request::Compute { task }));
        let gone_on = |ticket: Option<usize>| hall.log.entries[ticket.expect("a request")].replied;
        prop_assert_eq!(gone_on(of_younger) < gone_on(of_older), youngest);
    }
}

#[test]
fn who_fetches_one_after_the_other_never_gets_the_late_page() {
    let all = vec![Fetch(0), Fetch(1), Fetch(2), Fetch(3)];
    assert!(!run(Kind::Late { last: 0 }, &[all], &[]).0);
}

#[test]
fn a_page_comes_where_as_many_are_on_their_way_as_may_be() {
    let steps = |tasks: &[usize]| tasks.iter().map(|&task| Fetch(task)).collect::<Vec<Step>>();
    let refilled = Kind::Refilled { fetches: 2 };
    // No page is drawn here: the slow one is that of task 0.
    assert!(run(refilled, &[steps(&[0]), steps(&[1, 2, 3])], &[]).0);
    assert!(!run(refilled, &[steps(&[0, 1]), steps(&[2, 3])], &[]).0);
    // One thread asks for the next page when that of another one has come, which is not the first to come.
    let (first, second) = (steps(&[1]), [Fetch(2), Notify(0)].to_vec());
    let waits = [Lock(0), Wait(0), Unlock(0), Fetch(3), Fetch(0)].to_vec();
    let (has_ended, hall) = run(refilled, &[first, second, waits], &[]);
    assert!(!has_ended);
    assert_eq!(hall.fetched, HashSet::from([1]));
}

fn choices() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0..60_usize, 60)
}

fn one_at_a_time(ahead: Ahead) -> Kind {
    Kind::OneAtATime { ahead }
}

fn together(fetches: usize, computes: usize) -> Kind {
    Kind::Together { fetches, computes }
}

#[test]
fn the_last_ones_need_no_company_that_is_not_left() {
    let steps = |tasks: &[usize]| tasks.iter().map(|&task| Fetch(task)).collect();
    let mut program = Program::new(together(3, 1), vec![steps(&[0, 3]), steps(&[1]), steps(&[2])]);
    assert!(program.run(std::iter::repeat(0)));
}

#[test]
fn asking_twice_for_one_page_is_no_company() {
    let steps = || vec![Fetch(0)];
    let mut program = Program::new(together(3, 1), vec![steps(), steps(), steps()]);
    assert!(!program.run(std::iter::repeat(0)));
}

#[test]
fn who_has_fetched_all_is_let_go_alone_as_well() {
    let steps = |task: usize| vec![Fetch(task), Compute(task)];
    let mut program = Program::new(together(4, 2), (0..4).map(steps).collect());
    program.threads[0].steps.pop_back();
    program.threads[1].steps.pop_back();
    program.threads[2].steps.pop_back();
    assert!(program.run(std::iter::repeat(0)));
}

#[test]
fn who_computes_alone_is_let_go_in_the_end() {
    let mut program = Program::new(together(1, 2), vec![vec![Compute(0), Compute(1)]]);
    assert!(program.run(std::iter::repeat(0)));
}

#[test]
fn who_sleeps_gets_other_pages_than_the_late_one() {
    let mut program = Program::new(Kind::Late { last: 0 }, vec![vec![Fetch(0)], vec![Fetch(1)]]);
    (0..2).for_each(|thread| program.step(thread));
    (0..2).for_each(|_| program.schedule.impatience(&mut program.hall));
    let is_late = |request: &Request| *request == Request::Fetch { task: 0 };
    assert_eq!(program.hall.held(), program.hall.held_for(is_late));
}

#[test]
fn no_heart_keeps_a_long_task_from_its_end() {
    let threads = vec![vec![Beat], vec![Compute(1)]];
    let mut program = Program::new(Kind::OneTakesLong { task: 1 }, threads);
    (0..2).for_each(|thread| program.step(thread));
    assert_eq!(program.hall.held().len(), 2);
    program.schedule.standstill(&mut program.hall);
    let is_beat = |request: &Request| *request == Request::Beat;
    assert_eq!(program.hall.held(), program.hall.held_for(is_beat));
}

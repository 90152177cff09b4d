//! The fold against an oracle: schedules of which it is known who had a core when.

use proptest::prelude::*;

use super::*;

/// One turn of a thread on a core: how long it waits before it, and how long it lasts.
#[derive(Clone, Debug)]
struct Turn {
    thread: usize,
    pause: u64,
    length: u64,
    preempted: bool,
}

/// Threads of a schedule, the first included, which stands ready.
const THREADS: usize = 4;

fn turn() -> impl Strategy<Value = Turn> {
    let fields = (0..THREADS, 0..50_u64, 1..100_u64, any::<bool>());
    fields.prop_map(|(thread, pause, length, preempted)| Turn { thread, pause, length, preempted })
}

/// Lays turns on cores, so that no thread has two cores at once: thread, core, start, end, preempted.
fn lay(turns: &[Vec<Turn>]) -> Vec<(usize, usize, u64, u64, bool)> {
    let mut free = [1_000_u64; THREADS];
    let mut laid = Vec::new();
    for (core, turns) in turns.iter().enumerate() {
        let mut now = 1_000;
        for turn in turns {
            let start = (now + turn.pause).max(free[turn.thread]);
            let end = start + turn.length;
            (now, free[turn.thread]) = (end, end + 1);
            laid.push((turn.thread, core, start, end, turn.preempted));
        }
    }
    laid
}

/// What the kernel would have recorded of it.
fn events(laid: &[(usize, usize, u64, u64, bool)]) -> Vec<Event> {
    let tid = |thread: usize| 100 + thread as u32;
    let mut events = Vec::new();
    // The first thread begets the others before it does anything else.
    let by_first = |time, what| Event { time, core: 0, pid: 100, tid: 100, what };
    events.push(by_first(10, What::In));
    events.extend((1..THREADS).map(|it| by_first(20, What::Born { pid: 100, tid: tid(it) })));
    events.push(by_first(30, What::Out { preempted: false }));
    for &(thread, core, start, end, preempted) in laid {
        let event = |time, what| Event { time, core, pid: 100, tid: tid(thread), what };
        events.push(event(start, What::In));
        events.push(event(end, What::Out { preempted }));
    }
    // At the same time a core is lost before it is given.
    events.sort_by_key(|event| (event.time, event.what == What::In));
    events
}

fn fold(events: Vec<Event>, end: u64) -> Record {
    let first = First { pid: 100, name: "first".to_owned(), began: 0 };
    let mut fold = Fold::new(Limits::default(), &[0, 1, 2], first);
    events.into_iter().for_each(|event| fold.apply(event));
    fold.finish(end)
}

/// `∫ max(0, n − 1) dt`, second by second.
fn beside(laid: &[(usize, usize, u64, u64, bool)]) -> u64 {
    let end = laid.iter().map(|turn| turn.3).max().unwrap_or(0);
    let at = |time| laid.iter().filter(|turn| turn.2 <= time && time < turn.3).count() as u64;
    (0..end).map(|time| at(time).saturating_sub(1)).sum()
}

/// For how long each stood ready while another one executed, second by second, but for no longer than it
/// executed then.
fn withheld(laid: &[(usize, usize, u64, u64, bool)]) -> u64 {
    let mut laid = laid.to_vec();
    laid.sort_by_key(|turn| (turn.0, turn.2));
    let executes = |time: &u64| laid.iter().any(|turn| turn.2 <= *time && *time < turn.3);
    let of_pair = |pair: &[(usize, usize, u64, u64, bool)]| {
        let is_ready = pair[0].0 == pair[1].0 && pair[0].4;
        let meanwhile = (pair[0].3..pair[1].2).filter(executes).count() as u64;
        if is_ready { meanwhile.min(pair[1].3 - pair[1].2) } else { 0 }
    };
    laid.windows(2).map(of_pair).sum()
}

proptest! {
    #[test]
    fn what_stood_ready_beside_something_is_what_was_withheld(
        turns in prop::collection::vec(prop::collection::vec(turn(), 0..12), 3),
    ) {
        let laid = lay(&turns);
        prop_assert_eq!(fold(events(&laid), 1_000_000).withheld(|_| true), withheld(&laid));
    }

    #[test]
    fn what_executed_beside_something_is_what_it_was(
        turns in prop::collection::vec(prop::collection::vec(turn(), 0..12), 3),
    ) {
        let laid = lay(&turns);
        let record = fold(events(&laid), 1_000_000);
        let expected = beside(&laid);
        prop_assert_eq!(record.beside().at_least, expected);
        prop_assert_eq!(record.beside().at_most, expected);
        prop_assert_eq!(record.beside_among(|_| true).at_least, expected);
        prop_assert_eq!((record.lost, record.oddities), (0, 0));
        for thread in 0..THREADS {
            let executed = laid.iter().filter(|turn| turn.0 == thread).map(|turn| turn.3 - turn.2);
            let first = if thread == 0 { 20 } else { 0 };
            prop_assert_eq!(record.threads[thread].executed, executed.sum::<u64>() + first);
        }
    }

    #[test]
    fn a_blind_core_leaves_room_between_the_limits(
        turns in prop::collection::vec(prop::collection::vec(turn(), 1..12), 3),
        from in 1_000..1_500_u64,
        length in 1..500_u64,
    ) {
        // All that was written on core 2 within this time is lost.
        let laid = lay(&turns);
        let mut seen = events(&laid);
        seen.retain(|it| it.core != 2 || it.time < from || it.time >= from + length);
        let blind = |time, what| Event { time, core: 2, pid: 0, tid: 0, what };
        seen.push(blind(from, What::Blind));
        // The kernel tells of lost records together with the next one that finds room.
        let end = 1_000_000;
        let next = seen.iter().filter(|it| it.core == 2 && it.time >= from + length);
        let next = next.map(|event| event.time).min().unwrap_or(end);
        seen.push(blind(next, What::Sight { lost: 1 }));
        let is_sight = |event: &Event| matches!(event.what, What::Sight { .. });
        seen.sort_by_key(|event| (event.time, !is_sight(event), event.what == What::In));
        let limits = fold(seen, end).beside();
        let expected = beside(&laid);
        prop_assert!(limits.at_least <= expected, "{limits:?}, not {expected}");
        prop_assert!(limits.at_most >= expected, "{limits:?}, not {expected}");
    }
}

#[test]
fn a_thread_that_ended_executes_no_longer() {
    let event = |time, core, tid, what| Event { time, core, pid: 100, tid, what };
    let events = vec![
        event(10, 0, 100, What::In),
        event(20, 0, 100, What::Born { pid: 100, tid: 101 }),
        event(30, 1, 101, What::In),
        event(40, 1, 101, What::Ended),
        event(900, 0, 100, What::Ended),
    ];
    let record = fold(events, 1_000);
    assert_eq!(record.threads[1].executed, 10);
    assert_eq!(record.beside().at_most, 10);
}

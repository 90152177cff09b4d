//! What is too large is read up to some moment of the run, and as if that were its end.

use std::collections::HashSet;
use std::time::Duration;

use evidence::trace::{Event, Happening, Trace};
use evidence::{Answer, Evidence, Verdict};
use proptest::prelude::*;

use crate::made::Made;
use crate::random::process;

/// The same events, but that no reading of a clock took any time, so that what happens at a time is known
/// then, and that no number is given to two tasks.
fn orderly(mut events: Vec<Event>) -> Vec<Event> {
    let mut started = HashSet::new();
    for event in &mut events {
        if let Happening::TaskStarted { task, .. } = event.what
            && !started.insert(task)
        {
            event.what = Happening::TaskEnded { task };
        }
        if let Happening::PartStarted { sample, .. }
        | Happening::Tick { sample, .. }
        | Happening::PartEnded { sample, .. } = &mut event.what
        {
            sample.width = Duration::ZERO;
        }
    }
    events
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_read_is_what_there_was_at_some_moment(
        recorded in process().prop_map(orderly),
        memory in 1_000_usize..60_000,
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = Made::new(17, recorded.clone()).write(folder.path());
        let read = Trace::read_within(&path, memory).expect("a trace");
        let whole = Trace::read(&path).expect("a trace");
        let Some(cut) = read.cut else {
            prop_assert_eq!(read, whole);
            return Ok(());
        };
        prop_assert!(cut.from <= cut.until && read.length <= cut.from);
        prop_assert_eq!((read.events, cut.until), (recorded.len() as u64, whole.length));
        let until_then = recorded.into_iter().filter(|event| event.time < cut.from).collect();
        let then = Trace::from_events(until_then);
        let ended_then: Vec<_> = then.chunks.iter().filter(|chunk| chunk.end < cut.from).collect();
        prop_assert_eq!(read.chunks.iter().collect::<Vec<_>>(), ended_then);
        prop_assert_eq!((&read.parts, &read.lines, &read.facts), (&then.parts, &then.lines, &then.facts));
        prop_assert_eq!(read.waits.len(), then.waits.len());
        prop_assert_eq!(read.tasks.len(), then.tasks.len());
        for (read, then) in read.tasks.iter().zip(&then.tasks) {
            prop_assert_eq!((read.number, &read.name, read.start), (then.number, &then.name, then.start));
            // Of what other threads did for it less may be known, and that it did something later.
            prop_assert!(read.last <= cut.from && read.end.is_none_or(|end| Some(end) == then.end));
        }
        let verdict = Verdict::of(Evidence::default().and(&read));
        prop_assert!(verdict.to_string().contains("The trace is too large"));
        prop_assert!(verdict.parallel.answer != Answer::RuledOut);
    }
}

#[test]
fn a_trace_that_is_as_long_as_traces_are_is_read_whole() {
    let tick = |number: u64| {
        let time = Duration::from_micros(500 * number);
        let sample = evidence::trace::Sample { cpu: Some(time), width: Duration::ZERO };
        Event { time, thread: 0, core: None, what: Happening::Tick { sample, seen: time } }
    };
    let start = Happening::PartStarted {
        task: 1,
        step: 1,
        part: 1,
        sample: evidence::trace::Sample { cpu: Some(Duration::ZERO), width: Duration::ZERO },
    };
    let start = Event { time: Duration::ZERO, thread: 0, core: None, what: start };
    // A hundredth of it in a hundredth of the memory.
    const LENGTH: u64 = (64 << 20) / 100;
    let events = [start].into_iter().chain((1..LENGTH / 32).map(tick)).collect();
    let folder = tempfile::tempdir().expect("a folder");
    let path = Made::new(17, events).write(folder.path());
    let read = Trace::read_within(path, evidence::trace::MOST_MEMORY / 100).expect("a trace");
    assert_eq!((read.cut, read.chunks.len() as u64), (None, LENGTH / 32 - 1));
}

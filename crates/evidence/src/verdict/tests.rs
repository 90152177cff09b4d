//! Verdicts on traces that are told event by event. Times are in milliseconds.

use std::time::Duration;

use serde_json::json;

use super::*;
use crate::trace::{Event, Happening, Quantity, Sample};

/// A trace in the making.
#[derive(Default)]
struct Story {
    events: Vec<Event>,
}

fn ms(time: u64) -> Duration {
    Duration::from_millis(time)
}

impl Story {
    fn event(&mut self, time: u64, thread: u32, what: Happening) -> &mut Story {
        self.events.push(Event { time: ms(time), thread, core: None, what });
        self
    }

    fn start(&mut self, time: u64, thread: u32, task: u32) -> &mut Story {
        self.event(time, thread, Happening::TaskStarted { task, name: format!("T{task}") })
    }

    fn end(&mut self, time: u64, thread: u32, task: u32) -> &mut Story {
        self.event(time, thread, Happening::TaskEnded { task })
    }

    /// A thread is at a part of task 1, and executes for so long of that time.
    fn part(&mut self, thread: u32, start: u64, end: u64, cpu: u64) -> &mut Story {
        let sample = |cpu| Sample { cpu: Some(ms(cpu)), width: Duration::ZERO };
        let started = Happening::PartStarted { task: 1, step: 1, part: 1, sample: sample(1_000) };
        let ended = Happening::PartEnded { sample: sample(1_000 + cpu), seen: ms(end) };
        self.event(start, thread, started).event(end, thread, ended)
    }

    fn reading(&mut self, time: u64, quantity: Quantity, value: u64) -> &mut Story {
        self.event(time, 0, Happening::Reading { quantity, value })
    }

    /// The machine is idle: threads wait for so long for a core, all told.
    fn run_delay(&mut self, delay: u64) -> &mut Story {
        self.reading(0, Quantity::RunDelay, 0);
        self.reading(1_000, Quantity::RunDelay, delay * 1_000_000)
    }

    fn trace(&self) -> Trace {
        Trace::from_events(self.events.clone())
    }

    fn verdict(&self, cpu: u64) -> Verdict {
        Verdict::of(&self.trace(), Some(&witness(cpu)))
    }
}

/// A witness of a run of a second.
fn witness(cpu: u64) -> Witness {
    Witness {
        cpu: ms(cpu),
        concurrent: None,
        parallel: None,
        circumstances: Circumstances::default(),
    }
}

/// Two threads that take turns with 100 ms of compute each.
fn turns() -> Story {
    let mut story = Story::default();
    story.start(0, 1, 1).part(1, 0, 100, 100).part(2, 100, 200, 100).end(200, 1, 1);
    story
}

/// Two threads that compute side by side for 100 ms.
fn side_by_side() -> Story {
    let mut story = Story::default();
    story.start(0, 1, 1).part(1, 0, 100, 100).part(2, 0, 100, 95).end(200, 1, 1);
    story
}

#[test]
fn tasks_that_overlap_are_concurrent() {
    let mut story = Story::default();
    story.start(10, 1, 1).start(30, 2, 2).end(90, 1, 1).end(120, 2, 2);
    let concurrent = story.verdict(0).concurrent;
    assert_eq!(concurrent.answer, Answer::Proven);
    assert_eq!(
        concurrent.sentence(),
        "Tasks T1 and T2 were both in progress for 60.0 ms, from 30.0 ms to 90.0 ms."
    );
    assert_eq!((concurrent.most, concurrent.overlapped), (2, ms(60)));
}

#[test]
fn the_longest_overlap_is_shown() {
    let mut story = Story::default();
    story.start(0, 1, 1).start(5, 1, 2).end(6, 1, 2).start(7, 1, 3).end(90, 1, 3).end(100, 1, 1);
    let concurrent = story.verdict(0).concurrent;
    assert_eq!(concurrent.overlap.expect("they overlap").tasks, [1, 3]);
    assert_eq!((concurrent.most, concurrent.overlapped), (2, ms(84)));
}

#[test]
fn tasks_one_after_the_other_are_not_concurrent() {
    let mut story = Story::default();
    story.start(0, 1, 1).end(10, 1, 1).start(10, 1, 2).end(20, 1, 2).run_delay(0);
    let verdict = story.verdict(0);
    assert_eq!(verdict.concurrent.answer, Answer::RuledOut);
    let idle = ms(20);
    assert_eq!(
        verdict.concurrent.reasons,
        [Reason::OneTaskAfterTheOther { tasks: 2 }, Reason::WaitsHoldTheThread { idle }]
    );
    assert_eq!(verdict.concurrent.blame(), Blame::Program);
}

#[test]
fn tasks_without_a_wait_are_told_from_waits_that_hold_the_thread() {
    let mut story = Story::default();
    story.start(0, 1, 1).part(1, 0, 50, 50).end(50, 1, 1).start(51, 1, 2).end(52, 1, 2);
    let reasons = story.verdict(50).concurrent.reasons;
    assert_eq!(reasons, [Reason::OneTaskAfterTheOther { tasks: 2 }, Reason::NothingToWaitFor]);
}

#[test]
fn the_same_moment_on_two_threads_leaves_concurrency_open() {
    let mut story = Story::default();
    story.start(0, 1, 1).end(10, 1, 1).start(10, 2, 2).end(20, 2, 2);
    let concurrent = story.verdict(0).concurrent;
    let (task, other) = ("T1".to_owned(), "T2".to_owned());
    assert_eq!(concurrent.answer, Answer::Inconclusive);
    assert_eq!(concurrent.reasons, [Reason::SameMoment { task, other }]);
}

#[test]
fn a_task_without_end_leaves_concurrency_open_unless_it_is_heard_of_again() {
    let mut story = Story::default();
    story.start(0, 1, 1).start(10, 2, 2).end(20, 2, 2);
    let concurrent = story.verdict(0).concurrent;
    let (task, other) = ("T1".to_owned(), "T2".to_owned());
    assert_eq!(concurrent.answer, Answer::Inconclusive);
    assert_eq!(concurrent.reasons, [Reason::TaskWithoutEnd { task, other }]);
    story.part(1, 15, 16, 1);
    assert_eq!(story.verdict(1).concurrent.answer, Answer::Proven);
}

#[test]
fn nothing_is_said_of_tasks_where_there_are_none() {
    assert_eq!(Story::default().verdict(0).concurrent.reasons, [Reason::NoTask]);
}

#[test]
fn threads_that_compute_side_by_side_are_parallel() {
    let parallel = side_by_side().verdict(200).parallel;
    assert_eq!(parallel.answer, Answer::Proven);
    // The second was off its core for 5 ms, and a thousandth is allowed for the clocks.
    assert!(parallel.at_least <= ms(95) && parallel.at_least >= Duration::from_micros(94_800));
    let sentence = parallel.sentence();
    let begin = "Threads 1 and 2 were executing at once for at least 94.8 ms between 0.0 µs and ";
    assert!(sentence.starts_with(begin), "{sentence}");
}

#[test]
fn one_thread_is_not_parallel_by_the_programs_own_fault() {
    let mut story = Story::default();
    story.start(0, 1, 1).part(1, 0, 100, 100).end(100, 1, 1).run_delay(0);
    let verdict = story.verdict(103);
    assert_eq!(verdict.parallel.answer, Answer::RuledOut);
    assert_eq!(verdict.parallel.sentence(), "One thread, 1, did all the compute, 99.9 ms.");
    assert_eq!(verdict.parallel.blame(), Blame::Program);
    assert_eq!(verdict.against(Quadrant::Neither), Judgement::Kept);
    assert!(matches!(verdict.against(Quadrant::ParallelOnly), Judgement::Broken(_)));
}

#[test]
fn threads_that_take_turns_on_an_idle_machine_are_blamed() {
    let mut story = turns();
    let verdict = story.run_delay(1).verdict(203);
    assert_eq!(verdict.parallel.answer, Answer::RuledOut);
    assert!(verdict.parallel.reasons.contains(&Reason::TurnsOfItsOwn));
    let Judgement::Broken(why) = verdict.against(Quadrant::ParallelOnly) else {
        panic!("{verdict}")
    };
    assert!(why.contains("look for a lock held while computing"), "{why}");
}

#[test]
fn threads_that_take_turns_on_a_busy_machine_are_not_blamed() {
    let mut story = turns();
    let verdict = story.run_delay(50).verdict(203);
    assert_eq!(verdict.parallel.answer, Answer::RuledOut);
    assert_eq!(verdict.parallel.blame(), Blame::Either);
    let Judgement::Open(why) = verdict.against(Quadrant::ParallelOnly) else { panic!("{verdict}") };
    assert!(why.contains("waited 50.0 ms for a core"), "{why}");
}

#[test]
fn threads_that_share_their_cores_leave_it_open() {
    let mut story = Story::default();
    story.start(0, 1, 1).part(1, 0, 200, 100).part(2, 0, 200, 100).end(200, 1, 1).run_delay(200);
    let verdict = story.verdict(203);
    assert_eq!(verdict.parallel.answer, Answer::Inconclusive);
    assert!(matches!(verdict.parallel.reasons[..], [Reason::BetweenTheBounds { .. }]));
    assert_eq!(verdict.parallel.hindrances, [Reason::Busy { waited: ms(200) }]);
    assert!(matches!(verdict.against(Quadrant::ParallelOnly), Judgement::Open(_)));
}

#[test]
fn on_one_core_nothing_is_parallel_and_the_machine_is_to_blame() {
    let mut story = turns();
    let verdict = story.run_delay(90).reading(0, Quantity::Cores, 1).verdict(203);
    assert_eq!(verdict.parallel.answer, Answer::RuledOut);
    assert_eq!(verdict.parallel.reasons[0], Reason::OneCore);
    assert_eq!(verdict.parallel.blame(), Blame::Machine);
    let Judgement::Open(why) = verdict.against(Quadrant::ParallelOnly) else { panic!("{verdict}") };
    assert!(!why.contains("waited"), "one core is explanation enough: {why}");
}

#[test]
fn threads_that_only_wait_are_not_parallel() {
    let mut story = Story::default();
    let verdict = story.start(0, 1, 1).end(100, 1, 1).verdict(2);
    assert_eq!(verdict.parallel.answer, Answer::RuledOut);
    assert_eq!(verdict.parallel.reasons, [Reason::NoCompute]);
}

#[test]
fn without_a_witness_nothing_parallel_is_ruled_out() {
    let parallel = Verdict::of(&turns().trace(), None).parallel;
    assert_eq!(
        (parallel.answer, parallel.reasons),
        (Answer::Inconclusive, vec![Reason::NoWitness])
    );
    let parallel = Verdict::of(&side_by_side().trace(), None).parallel;
    assert_eq!(parallel.answer, Answer::Proven);
}

#[test]
fn compute_that_was_not_recorded_keeps_parallel_from_being_ruled_out() {
    let verdict = turns().verdict(300);
    assert_eq!(verdict.parallel.answer, Answer::Inconclusive);
    assert!(matches!(verdict.parallel.reasons[..], [Reason::Unaccounted { .. }]));
    assert!(matches!(verdict.disagreements[..], [Disagreement::MoreExecutedThanRecorded { .. }]));
}

#[test]
fn compute_that_never_happened_discredits_the_trace() {
    let verdict = side_by_side().verdict(20);
    assert_eq!(verdict.quadrant(), None);
    assert_eq!(verdict.parallel.reasons, [Reason::Disagreement]);
    let Judgement::Broken(why) = verdict.against(Quadrant::ParallelOnly) else {
        panic!("{verdict}")
    };
    assert!(why.contains("the trace is not to be believed"), "{why}");
}

#[test]
fn what_is_proven_outside_and_ruled_out_inside_is_a_finding() {
    let outside = Witness {
        concurrent: Some(Answer::Proven),
        parallel: Some(Answer::Proven),
        ..witness(203)
    };
    let verdict = Verdict::of(&turns().trace(), Some(&outside));
    let (inside, outside) = (Answer::RuledOut, Answer::Proven);
    assert_eq!(
        verdict.disagreements,
        [Disagreement::Concurrent { inside, outside }, Disagreement::Parallel { inside, outside }]
    );
    assert_eq!(verdict.quadrant(), None);
}

#[test]
fn what_is_open_inside_may_be_proven_outside() {
    let mut story = Story::default();
    story.start(0, 1, 1).start(10, 2, 2).part(1, 0, 8, 4).part(2, 0, 8, 4);
    let outside =
        Witness { concurrent: Some(Answer::Proven), parallel: Some(Answer::Proven), ..witness(8) };
    let verdict = Verdict::of(&story.trace(), Some(&outside));
    assert_eq!(verdict.quadrant(), Some(Quadrant::Both));
    assert_eq!(verdict.parallel.reasons, [Reason::SeenFromOutside]);
}

#[test]
fn what_the_host_took_away_is_not_counted() {
    let mut story = side_by_side();
    story.reading(0, Quantity::Steal, 0).reading(900, Quantity::Steal, 200_000_000);
    let parallel = story.verdict(200).parallel;
    assert_eq!((parallel.answer, parallel.at_least), (Answer::Inconclusive, Duration::ZERO));
    assert!(parallel.hindrances.contains(&Reason::Stolen { steal: ms(200) }));
}

#[test]
fn without_a_cpu_clock_parallel_is_open_and_says_so() {
    let mut story = side_by_side();
    for event in &mut story.events {
        if let Happening::PartStarted { sample, .. } | Happening::PartEnded { sample, .. } =
            &mut event.what
        {
            sample.cpu = None;
        }
    }
    let parallel = story.verdict(200).parallel;
    assert_eq!(parallel.answer, Answer::Inconclusive);
    assert!(parallel.reasons.contains(&Reason::NoCpuClock));
}

#[test]
fn a_part_without_end_keeps_parallel_from_being_ruled_out() {
    let mut story = turns();
    let sample = Sample { cpu: Some(ms(0)), width: Duration::ZERO };
    let part = Happening::PartStarted { task: 1, step: 1, part: 1, sample };
    let parallel = story.event(50, 3, part).verdict(203).parallel;
    assert_eq!(parallel.answer, Answer::Inconclusive);
    assert!(parallel.reasons.contains(&Reason::PartWithoutEnd));
}

#[test]
fn dropped_events_are_told_of_even_where_they_do_not_matter() {
    let mut story = side_by_side();
    let trace = Trace { dropped: 7, ..story.start(10, 2, 2).end(20, 2, 2).trace() };
    let verdict = Verdict::of(&trace, Some(&witness(400)));
    assert_eq!(verdict.quadrant(), Some(Quadrant::Both));
    assert!(verdict.to_string().ends_with(
        "7 events found no room in the trace; let it be longer, or the program shorter."
    ));
    assert_eq!(verdict.disagreements, [], "the dropped events explain what was not recorded");
}

#[test]
fn dropped_events_keep_both_from_being_ruled_out() {
    let trace = Trace { dropped: 7, ..turns().trace() };
    let verdict = Verdict::of(&trace, Some(&witness(203)));
    let events = 7;
    assert_eq!(verdict.concurrent.reasons, [Reason::Dropped { events }]);
    assert_eq!(verdict.parallel.reasons, [Reason::Dropped { events }]);
    assert_eq!(verdict.to_string().matches("7 events").count(), 2, "once for each question");
}

#[test]
fn a_program_can_read_a_verdict() {
    let verdict = side_by_side().verdict(200).to_json();
    assert_eq!(verdict["concurrent"]["verdict"], json!("ruled-out"));
    assert_eq!(verdict["parallel"]["verdict"], json!("proven"));
    assert_eq!(verdict["parallel"]["evidence"]["overlap"]["threads"], json!(["1", "2"]));
    assert_eq!(verdict["quadrant"], json!("parallel-only"));
    assert_eq!(verdict["parallel"]["blame"], json!(null));
}

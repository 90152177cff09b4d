//! Verdicts on traces that are told event by event. Times are in milliseconds.

use std::time::Duration;

use words::{Answer, Axis, Quadrant};

use crate::labour::Labour;
use crate::steps;
use crate::trace::{Event, Happening, Quantity, Sample, Trace};
use crate::*;

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

    fn trace(&self) -> Trace {
        Trace::from_events(self.events.clone())
    }

    fn verdict(&self, cpu: u64) -> Verdict {
        weigh(&self.trace(), &accounts(cpu))
    }
}

fn weigh(trace: &Trace, accounts: &Accounts) -> Verdict {
    Verdict::of(Evidence::default().and(trace).and(accounts))
}

/// What the kernel tells of a run of a second on two cores that nobody else used.
fn accounts(cpu: u64) -> Accounts {
    let circumstances = Circumstances {
        cores: Some(2),
        wall: Some(ms(1_000)),
        others: Some(Duration::ZERO),
        ..Circumstances::default()
    };
    Accounts {
        cpu: ms(cpu),
        complete: true,
        wall: ms(1_000),
        at_most: Some(ms(cpu)),
        circumstances,
        ..Accounts::default()
    }
}

/// The same, and for how long others executed on its cores.
fn busy(cpu: u64, others: u64) -> Accounts {
    let mut accounts = accounts(cpu);
    accounts.circumstances.others = Some(ms(others));
    accounts
}

fn names(reasons: &[Reason]) -> Vec<&'static str> {
    reasons.iter().map(|reason| reason.name).collect()
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

/// A claim of another source.
fn claim(axis: Axis, source: Source, answer: Answer, at_least: u64, at_most: u64) -> Claim {
    let amount =
        Amount { at_least: ms(at_least), at_most: Some(ms(at_most)), of: Some(ms(at_most)) };
    let reasons = vec![Reason::new("told", "Somebody told so.")];
    Claim { answer, amount, reasons, ..Claim::open(axis, source, Vec::new()) }
}

fn with(mut evidence: Evidence, claim: Claim) -> Evidence {
    evidence.claims.push(claim);
    evidence
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
    assert_eq!(concurrent.amount.at_least, ms(60));
    assert_eq!(concurrent.amount.of, Some(ms(110)));
}

#[test]
fn the_longest_overlap_is_shown() {
    let mut story = Story::default();
    story.start(0, 1, 1).start(5, 1, 2).end(6, 1, 2).start(7, 1, 3).end(90, 1, 3).end(100, 1, 1);
    let concurrent = story.verdict(0).concurrent;
    let both = concurrent.proof.expect("they overlap").both.map(|party| party.number);
    assert_eq!(both, [Some(1), Some(3)]);
    assert_eq!(concurrent.amount.at_least, ms(84));
}

#[test]
fn tasks_one_after_the_other_are_not_concurrent() {
    let mut story = Story::default();
    story.start(0, 1, 1).end(10, 1, 1).start(10, 1, 2).end(20, 1, 2);
    let verdict = story.verdict(0);
    assert_eq!(verdict.concurrent.answer, Answer::RuledOut);
    let names = names(&verdict.concurrent.reasons);
    assert_eq!(names, ["one-after-the-other", "waits-hold-the-thread"]);
    assert_eq!(verdict.concurrent.blame(), Blame::Program);
    assert!(matches!(verdict.against(Quadrant::ConcurrentOnly), Judgement::Broken(_)));
}

#[test]
fn a_machine_that_others_have_all_of_excuses_tasks_one_after_the_other() {
    let mut story = Story::default();
    story.start(0, 1, 1).end(10, 1, 1).start(10, 1, 2).end(20, 1, 2);
    let verdict = weigh(&story.trace(), &busy(0, 1_900));
    let Judgement::Open(why) = verdict.against(Quadrant::Both) else { panic!("{verdict}") };
    assert!(why.contains("others executed for 1900.0 ms"), "{why}");
    // Half of it is no excuse: a task needs a core but now and then.
    let verdict = weigh(&story.trace(), &busy(0, 1_000));
    assert!(matches!(verdict.against(Quadrant::Both), Judgement::Broken(_)), "{verdict}");
}

#[test]
fn what_a_programs_own_threads_take_from_each_other_excuses_nothing() {
    let mut story = turns();
    story.reading(0, Quantity::RunDelay, 0).reading(999, Quantity::RunDelay, 900_000_000);
    let verdict = story.verdict(203);
    assert_eq!(verdict.circumstances.run_delay, Some(ms(900)));
    assert!(matches!(verdict.against(Quadrant::ParallelOnly), Judgement::Broken(_)), "{verdict}");
}

#[test]
fn tasks_without_a_wait_are_told_from_waits_that_hold_the_thread() {
    let mut story = Story::default();
    story.start(0, 1, 1).part(1, 0, 50, 50).end(50, 1, 1).start(51, 1, 2).end(52, 1, 2);
    let reasons = story.verdict(50).concurrent.reasons;
    assert_eq!(names(&reasons), ["one-after-the-other", "nothing-to-wait-for"]);
}

/// Two tasks that are both begun at once; then each does its step at these times.
fn begun_together(steps: [[u64; 2]; 2]) -> Story {
    let mut story = Story::default();
    story.start(0, 1, 1).start(0, 1, 2);
    for (task, [from, to]) in [1, 2].into_iter().zip(steps) {
        let line = Happening::Line { task, step: Some(1), text: String::new(), cut: false };
        let sample = |cpu| Sample { cpu: Some(ms(cpu)), width: Duration::ZERO };
        let started = Happening::PartStarted { task, step: 1, part: 0, sample: sample(from) };
        let ended = Happening::PartEnded { sample: sample(to - 10), seen: ms(to) };
        story.event(from, 1, line).event(from + 10, 1, started).event(to, 1, ended);
    }
    story.end(300, 1, 1);
    story.end(300, 1, 2);
    story
}

#[test]
fn tasks_that_are_begun_together_and_done_one_after_the_other_have_not_done_their_work() {
    let labour = Labour { tasks: 2, steps: 1, wait: None, parts: 1, compute: None };
    let missing = |story: Story| {
        let missing = labour.missing_from(&story.trace(), Quadrant::ConcurrentOnly, 2, ms(300));
        names(&missing)
    };
    assert_eq!(missing(begun_together([[0, 100], [100, 200]])), ["unused-waits"]);
    assert_eq!(missing(begun_together([[0, 100], [95, 200]])), [""; 0]);
}

#[test]
fn work_done_in_turn_by_threads_that_spin_meanwhile_is_not_done_at_once() {
    let labour = Labour { tasks: 2, steps: 1, wait: None, parts: 1, compute: None };
    let done = |story: Story, executed: u64| {
        let mut beside = claim(Axis::Parallel, Source::Switches, Answer::Proven, 60, 60);
        beside.amount.of = Some(ms(executed));
        let verdict = Verdict::of(with(Evidence::default().and(&story.trace()), beside));
        labour.done_in_turn(&verdict).map(|reason| reason.name)
    };
    // Two hundred of compute in turn, and as much that was spun beside it.
    assert_eq!(done(turns(), 400), Some("spun-waits"));
    // A runtime may do a little of its own.
    assert_eq!(done(turns(), 230), None);
    assert_eq!(done(side_by_side(), 400), None);
}

#[test]
fn steps_that_compute_before_their_wait_is_over_are_found() {
    let labour = Labour { tasks: 2, steps: 1, wait: Some(ms(10)), parts: 1, compute: None };
    let story = begun_together([[0, 100], [95, 200]]).trace();
    let missing = |labour: Labour, wall| {
        names(&labour.missing_from(&story, Quadrant::ConcurrentOnly, 2, wall))
    };
    assert_eq!(missing(labour, ms(300)), [""; 0]);
    assert_eq!(missing(Labour { wait: Some(ms(11)), ..labour }, ms(300)), ["no-wait"]);
    // Of 10 ms and twice 92.5 ms of compute nothing is left out in 195 ms.
    assert_eq!(missing(labour, ms(195)), [""; 0]);
    assert_eq!(missing(labour, ms(150)), ["too-short"]);
    let slow = Labour { compute: Some(ms(500)), ..labour };
    assert_eq!(missing(slow, ms(300)), ["too-little-compute"]);
    assert_eq!(missing(Labour { steps: 2, ..labour }, ms(300)), ["steps-without-task"]);
}

#[test]
fn the_same_moment_on_two_threads_leaves_concurrency_open() {
    let mut story = Story::default();
    story.start(0, 1, 1).end(10, 1, 1).start(10, 2, 2).end(20, 2, 2);
    let concurrent = story.verdict(0).concurrent;
    assert_eq!(concurrent.answer, Answer::Inconclusive);
    assert_eq!(names(&concurrent.reasons), ["same-moment"]);
}

#[test]
fn a_task_without_end_leaves_concurrency_open_unless_it_is_heard_of_again() {
    let mut story = Story::default();
    story.start(0, 1, 1).start(10, 2, 2).end(20, 2, 2);
    let concurrent = story.verdict(0).concurrent;
    assert_eq!(concurrent.answer, Answer::Inconclusive);
    assert_eq!(names(&concurrent.reasons), ["task-without-end"]);
    story.part(1, 15, 16, 1);
    assert_eq!(story.verdict(1).concurrent.answer, Answer::Proven);
}

#[test]
fn nothing_is_said_of_tasks_where_there_are_none() {
    assert_eq!(names(&Story::default().verdict(0).concurrent.reasons), ["no-task"]);
}

#[test]
fn threads_that_compute_side_by_side_are_parallel() {
    let parallel = side_by_side().verdict(200).parallel;
    assert_eq!((parallel.answer, parallel.source), (Answer::Proven, Some(Source::Recorder)));
    // The second was off its core for 5 ms, and a thousandth is allowed for the clocks.
    let at_least = parallel.amount.at_least;
    assert!(at_least <= ms(95) && at_least >= Duration::from_micros(94_800));
    let sentence = parallel.sentence();
    let begin = "Threads 1 and 2 were executing at once for at least 94.8 ms between 0 ms and ";
    assert!(sentence.starts_with(begin), "{sentence}");
}

#[test]
fn one_thread_is_not_parallel_by_the_programs_own_fault() {
    let mut story = Story::default();
    story.start(0, 1, 1).part(1, 0, 100, 100).end(100, 1, 1);
    let verdict = story.verdict(103);
    assert_eq!(verdict.parallel.answer, Answer::RuledOut);
    assert_eq!(verdict.parallel.sentence(), "One thread, 1, did all the compute, 99.9 ms.");
    assert_eq!(verdict.parallel.blame(), Blame::Program);
    assert_eq!(verdict.against(Quadrant::Neither), Judgement::Kept);
    assert!(matches!(verdict.against(Quadrant::ParallelOnly), Judgement::Broken(_)));
}

#[test]
fn threads_that_take_turns_on_an_idle_machine_are_blamed() {
    let verdict = turns().verdict(203);
    assert_eq!(verdict.parallel.answer, Answer::RuledOut);
    assert_eq!(names(&verdict.parallel.reasons), ["turns", "turns-of-its-own"]);
    let Judgement::Broken(why) = verdict.against(Quadrant::ParallelOnly) else {
        panic!("{verdict}")
    };
    assert!(why.contains("ook for a lock held while computing"), "{why}");
}

#[test]
fn threads_that_take_turns_on_a_busy_machine_are_not_blamed() {
    let verdict = weigh(&turns().trace(), &busy(203, 500));
    assert_eq!(verdict.parallel.answer, Answer::RuledOut);
    assert_eq!(verdict.parallel.blame(), Blame::Either);
    let Judgement::Open(why) = verdict.against(Quadrant::ParallelOnly) else { panic!("{verdict}") };
    assert!(why.contains("others executed for 500.0 ms on the 2 cores"), "{why}");
}

#[test]
fn what_a_busy_machine_withheld_is_not_shown_to_be_absent() {
    let withheld = Reason::new("withheld", "One stood ready.").blaming(Blame::Either);
    let judged = |accounts: &Accounts, reasons: &[Reason]| {
        let mut claim = claim(Axis::Parallel, Source::Switches, Answer::RuledOut, 0, 0);
        claim.reasons = reasons.to_vec();
        let mut evidence = Evidence::default().and(accounts);
        evidence.claims.push(claim);
        promise::judge(&Verdict::of(evidence).parallel, false)
    };
    let reasons = std::slice::from_ref(&withheld);
    let Judgement::Open(why) = judged(&busy(203, 500), reasons) else { panic!("it was withheld") };
    assert!(
        why.starts_with("It was not parallel this time, and might have been. One stood"),
        "{why}"
    );
    // Nobody stood ready, or the machine was not busy, or had one core only.
    assert_eq!(judged(&busy(203, 500), &[]), Judgement::Kept);
    assert_eq!(judged(&busy(203, 0), reasons), Judgement::Kept);
    let mut alone = busy(203, 500);
    alone.circumstances.cores = Some(1);
    assert_eq!(judged(&alone, reasons), Judgement::Kept);
}

#[test]
fn cores_that_stayed_free_excuse_nothing_however_busy_the_others_were() {
    let mut accounts = busy(203, 5_000);
    accounts.circumstances.cores = Some(8);
    let verdict = weigh(&turns().trace(), &accounts);
    assert!(matches!(verdict.against(Quadrant::ParallelOnly), Judgement::Broken(_)), "{verdict}");
}

#[test]
fn threads_that_share_their_cores_leave_it_open() {
    let mut story = Story::default();
    story.start(0, 1, 1).part(1, 0, 200, 100).part(2, 0, 200, 100).end(200, 1, 1);
    let verdict = story.verdict(203);
    assert_eq!(verdict.parallel.answer, Answer::Inconclusive);
    assert_eq!(names(&verdict.parallel.reasons), ["between-the-bounds"]);
    assert!(matches!(verdict.against(Quadrant::ParallelOnly), Judgement::Open(_)));
}

#[test]
fn on_one_core_nothing_is_parallel_and_the_machine_is_to_blame() {
    let mut accounts = accounts(203);
    accounts.circumstances.cores = Some(1);
    let verdict = weigh(&turns().reading(0, Quantity::Cores, 1).trace(), &accounts);
    assert_eq!(verdict.parallel.answer, Answer::RuledOut);
    assert_eq!(verdict.parallel.reasons[0].name, "one-core");
    assert_eq!(verdict.parallel.blame(), Blame::Machine);
    let Judgement::Open(why) = verdict.against(Quadrant::ParallelOnly) else { panic!("{verdict}") };
    assert!(!why.contains("busy"), "one core is explanation enough: {why}");
}

#[test]
fn the_number_of_cores_that_a_program_tells_outranks_no_doubt() {
    // The first thread was pinned to one core, and more was executed than its trace accounts for.
    let verdict = turns().reading(0, Quantity::Cores, 1).verdict(300);
    assert_eq!(verdict.parallel.answer, Answer::Inconclusive, "{verdict}");
    assert_eq!(verdict.circumstances.cores, Some(2), "the judge knows better");
}

#[test]
fn threads_that_only_wait_are_not_parallel() {
    let mut story = Story::default();
    let verdict = story.start(0, 1, 1).end(100, 1, 1).verdict(2);
    assert_eq!(verdict.parallel.answer, Answer::RuledOut);
    assert_eq!(names(&verdict.parallel.reasons), ["no-compute"]);
}

#[test]
fn without_a_witness_nothing_parallel_is_ruled_out() {
    let alone = |story: Story| Verdict::of(Evidence::default().and(&story.trace())).parallel;
    let parallel = alone(turns());
    assert_eq!(parallel.answer, Answer::Inconclusive);
    assert_eq!(names(&parallel.reasons), ["no-witness"]);
    assert_eq!(alone(side_by_side()).answer, Answer::Proven);
}

#[test]
fn without_a_trace_there_are_fewer_claims_and_still_a_verdict() {
    let outside = Accounts { at_least: ms(50), at_most: Some(ms(90)), ..accounts(200) };
    let verdict = Verdict::of(Evidence::default().and(&outside));
    assert_eq!(verdict.parallel.answer, Answer::Proven);
    assert_eq!(verdict.parallel.source, Some(Source::Accounts));
    assert_eq!(verdict.concurrent.answer, Answer::Inconclusive);
    assert_eq!(names(&verdict.concurrent.reasons), ["no-evidence"]);
}

#[test]
fn compute_that_was_not_recorded_keeps_parallel_from_being_ruled_out() {
    let verdict = turns().verdict(300);
    assert_eq!(verdict.parallel.answer, Answer::Inconclusive);
    assert_eq!(names(&verdict.parallel.reasons), ["unaccounted"]);
}

#[test]
fn compute_that_never_happened_discredits_the_trace() {
    let verdict = side_by_side().verdict(20);
    assert_eq!(verdict.quadrant(), None);
    let Judgement::Broken(why) = verdict.against(Quadrant::ParallelOnly) else {
        panic!("{verdict}")
    };
    assert!(why.contains("the trace is not to be believed"), "{why}");
}

#[test]
fn what_is_proven_outside_and_ruled_out_inside_is_a_contradiction() {
    let outside = Accounts { at_least: ms(50), at_most: Some(ms(90)), ..accounts(203) };
    let evidence = Evidence::default().and(&turns().trace()).and(&outside);
    let verdict = Verdict::of(evidence);
    assert_eq!(verdict.parallel.answer, Answer::Inconclusive, "{verdict}");
    assert_eq!(verdict.contradictions.len(), 1);
    assert!(matches!(verdict.against(Quadrant::ParallelOnly), Judgement::Broken(_)));
}

#[test]
fn an_exact_source_stands_against_any_other() {
    let none = claim(Axis::Parallel, Source::Switches, Answer::RuledOut, 0, 0);
    let evidence = Evidence::default().and(&side_by_side().trace()).and(&accounts(200));
    let verdict = Verdict::of(with(evidence, none));
    assert_eq!(verdict.parallel.answer, Answer::RuledOut, "{verdict}");
    assert_eq!(verdict.parallel.source, Some(Source::Switches));
    assert!(matches!(verdict.against(Quadrant::ParallelOnly), Judgement::Broken(_)));
    assert!(matches!(verdict.against(Quadrant::Neither), Judgement::Broken(_)), "it was forged");
}

#[test]
fn amounts_that_go_together_do_not_contradict_each_other() {
    // The recorder's threshold is passed; the exact source calls the same 0.3 ms handing over.
    let mut story = Story::default();
    story.start(0, 1, 1).part(1, 0, 100, 100).part(2, 99, 200, 101).end(200, 1, 1);
    let mut handing_over = claim(Axis::Parallel, Source::Switches, Answer::RuledOut, 1, 1);
    handing_over.amount.of = Some(ms(203));
    let evidence = with(Evidence::default().and(&story.trace()).and(&accounts(203)), handing_over);
    let verdict = Verdict::of(evidence);
    assert_eq!(verdict.contradictions, []);
    assert_eq!(verdict.parallel.answer, Answer::RuledOut);
}

#[test]
fn lines_prove_what_the_trace_leaves_open_and_contradict_what_it_rules_out() {
    let lines = || claim(Axis::Concurrent, Source::Lines, Answer::Proven, 0, 0);
    let evidence = Evidence::default().and(&accounts(8));
    assert_eq!(Verdict::of(with(evidence, lines())).concurrent.answer, Answer::Proven);
    let evidence = Evidence::default().and(&turns().start(200, 1, 2).end(201, 1, 2).trace());
    let verdict = Verdict::of(with(evidence, lines()));
    assert_eq!(verdict.concurrent.answer, Answer::Inconclusive, "{verdict}");
    assert_eq!(names(&verdict.concurrent.reasons), ["contradiction"]);
}

#[test]
fn lines_in_turn_contradict_no_trace() {
    let lines = claim(Axis::Concurrent, Source::Lines, Answer::RuledOut, 0, 0);
    let mut story = Story::default();
    story.start(10, 1, 1).start(30, 2, 2).end(90, 1, 1).end(120, 2, 2);
    let verdict = Verdict::of(with(Evidence::default().and(&story.trace()), lines));
    assert_eq!((verdict.concurrent.answer, verdict.contradictions.len()), (Answer::Proven, 0));
}

#[test]
fn bounds_of_two_sources_may_rule_out_together_what_neither_can_alone() {
    let mut story = Story::default();
    story.start(0, 1, 1).part(1, 0, 100, 100).part(2, 50, 151, 100).end(200, 1, 1);
    let outside = Accounts { at_most: Some(Duration::from_micros(150)), ..accounts(200) };
    let evidence = Evidence::default().and(&outside);
    assert_eq!(Verdict::of(evidence).parallel.answer, Answer::RuledOut);
}

#[test]
fn what_the_host_took_away_is_not_counted() {
    let mut story = side_by_side();
    story.reading(0, Quantity::Steal, 0).reading(900, Quantity::Steal, 200_000_000);
    let parallel = story.verdict(200).parallel;
    let found = (parallel.answer, parallel.amount.at_least);
    assert_eq!(found, (Answer::Inconclusive, Duration::ZERO));
    assert_eq!(names(&parallel.hindrances), ["stolen"]);
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
    assert!(names(&parallel.reasons).contains(&"no-cpu-clock"));
}

#[test]
fn a_part_without_end_keeps_parallel_from_being_ruled_out() {
    let mut story = turns();
    let sample = Sample { cpu: Some(ms(0)), width: Duration::ZERO };
    let part = Happening::PartStarted { task: 1, step: 1, part: 1, sample };
    let parallel = story.event(50, 3, part).verdict(203).parallel;
    assert_eq!(parallel.answer, Answer::Inconclusive);
    assert!(names(&parallel.reasons).contains(&"part-without-end"));
}

#[test]
fn dropped_events_are_told_of_even_where_they_do_not_matter() {
    let mut story = side_by_side();
    let trace = Trace { dropped: 7, ..story.start(10, 2, 2).end(20, 2, 2).trace() };
    let verdict = weigh(&trace, &accounts(400));
    assert_eq!(verdict.quadrant(), Some(Quadrant::Both));
    assert!(verdict.to_string().ends_with(
        "7 events found no room in the trace; let it be longer, or the program shorter."
    ));
    assert_eq!(verdict.contradictions, []);
}

#[test]
fn what_is_missing_is_told_in_the_right_number() {
    let told = |number| {
        let trace = Trace { dropped: number, unrecorded_processes: number, ..turns().trace() };
        let missing = weigh(&trace, &accounts(203)).missing;
        missing.into_iter().map(|reason| reason.sentence).collect::<Vec<_>>().join(" ")
    };
    let rest = "found no room in the trace; let it be longer, or the program shorter.";
    let processes = "of this run left no trace.";
    assert_eq!(told(1), format!("1 event {rest} 1 other process {processes}"));
    assert_eq!(told(2), format!("2 events {rest} 2 other processes {processes}"));
}

#[test]
fn dropped_events_keep_both_from_being_ruled_out() {
    let trace = Trace { dropped: 7, ..turns().trace() };
    let verdict = weigh(&trace, &accounts(203));
    assert_eq!(names(&verdict.concurrent.reasons), ["dropped"]);
    assert_eq!(names(&verdict.parallel.reasons), ["dropped"]);
    assert_eq!(verdict.to_string().matches("7 events").count(), 2, "once for each question");
}

#[test]
fn a_program_can_read_a_verdict() {
    let verdict = side_by_side().verdict(200).to_json();
    assert_eq!(verdict["concurrent"]["verdict"], "ruled-out");
    assert_eq!(verdict["parallel"]["verdict"], "proven");
    assert_eq!(verdict["parallel"]["by"], "recorder");
    assert_eq!(verdict["parallel"]["claims"][0]["proof"]["both"][0], "1");
    assert_eq!(verdict["quadrant"], "parallel-only");
    assert!(verdict["parallel"]["blame"].is_null());
}

/// So many threads, each with so many parts one within the other, none of which ends.
fn never_ending(threads: u32, parts: u64) -> Vec<Event> {
    let part = |thread: u32, number: u64| {
        let time = Duration::from_micros(number + 1);
        let sample = Sample { cpu: Some(time), width: Duration::ZERO };
        let what = Happening::PartStarted { task: 1, step: 1, part: 1, sample };
        Event { time, thread, core: None, what }
    };
    (0..threads).flat_map(|thread| (0..parts).map(move |number| part(thread, number))).collect()
}

#[test]
fn four_times_as_much_is_no_more_than_some_four_times_the_work() {
    let work = |threads, parts| {
        let events = never_ending(threads, parts);
        steps::of(|| {
            let trace = Trace::from_events(events);
            let verdict = Verdict::of(Evidence::default().and(&trace));
            assert!(!verdict.to_string().is_empty());
        })
    };
    let (once, deeper, wider) = (work(1000, 4), work(1000, 16), work(4000, 4));
    assert!(deeper < 5 * once, "{once} steps, and {deeper} with four times as many parts");
    assert!(wider < 8 * once, "{once} steps, and {wider} with four times as many threads");
}

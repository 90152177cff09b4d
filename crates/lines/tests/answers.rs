//! What is said of the lines of programs of which it is known what they did.

use std::time::Duration;

use lines::{Lines, Told};
use words::Answer::{self, Inconclusive, Proven, RuledOut};

/// What the lines say where each arrives so long after the one before it, from one process.
fn told(pause: Duration, lines: &[&str], pattern: Option<&str>) -> Told {
    let mut taken = Lines::new(pattern).expect("it is a pattern");
    for (place, line) in (0..).zip(lines) {
        taken.line(line, pause * place);
    }
    taken.finish(true, true)
}

fn answer(lines: &[&str]) -> Answer {
    told(Duration::from_millis(20), lines, None).answer
}

/// What they say where they arrive in one go.
fn answer_in_one_go(lines: &[&str]) -> Answer {
    told(Duration::ZERO, lines, None).answer
}

#[test]
fn interleaved_tasks_are_concurrent_whenever_they_arrive() {
    let lines = ["Task A: step 1", "Task B: step 1", "Task A: step 2", "Task B: step 2"];
    assert_eq!((answer(&lines), answer_in_one_go(&lines)), (Proven, Proven));
}

#[test]
fn a_task_within_another_is_concurrent_if_time_passed() {
    let lines = ["Job 1: begin", "Job 2: begin", "Job 2: end", "Job 1: end"];
    assert_eq!((answer(&lines), answer_in_one_go(&lines)), (Proven, Inconclusive));
}

#[test]
fn one_task_after_the_other_is_not_concurrent_if_time_passed() {
    let lines = ["Task A: begin", "Task A: end", "Task B: begin", "Task B: end"];
    assert_eq!((answer(&lines), answer_in_one_go(&lines)), (RuledOut, Inconclusive));
}

#[test]
fn a_proof_quotes_its_lines() {
    let lines = ["Task A: begin", "hello", "Task B: begin", "Task A: end", "Task B: end"];
    let told = told(Duration::from_millis(20), &lines, None);
    let proof = told.proof.expect("it is proven").map(|quote| (quote.place, quote.text));
    assert_eq!(proof, [(3, "Task B: begin".to_owned()), (4, "Task A: end".to_owned())]);
    assert!(told.sentence.contains("“Task B: begin”, at 40.0 ms"), "{}", told.sentence);
}

#[test]
fn what_is_queued_is_not_in_progress() {
    assert_eq!(
        answer(&["Job A: queued", "Job B: queued", "Job A: done", "Job B: done"]),
        Inconclusive
    );
    let lines = [
        "Task 0 submitted",
        "Task 0 started",
        "Task 1 submitted",
        "Task 0 finished",
        "Task 1 started",
        "Task 1 finished",
    ];
    assert_eq!(answer(&lines), RuledOut);
}

#[test]
fn a_report_is_no_progress() {
    let lines = ["Task A: result 1", "Task B: result 1", "Task A: took 1 ms", "Task B: took 1 ms"];
    assert_eq!((answer(&lines), answer_in_one_go(&lines)), (Inconclusive, Inconclusive));
    let lines = [
        "Task A: begin",
        "Task A: end",
        "Task B: begin",
        "Task B: end",
        "Summary:",
        "Task A: done",
        "Task B: done",
    ];
    assert_eq!(answer(&lines), Inconclusive);
}

#[test]
fn whoever_waits_for_a_turn_proves_nothing_and_rules_nothing_out() {
    let lines = [
        "request 1: waiting",
        "request 2: waiting",
        "request 1: begin",
        "request 1: end",
        "request 2: begin",
        "request 2: end",
    ];
    assert_eq!(answer(&lines), Inconclusive);
}

#[test]
fn workers_are_not_their_jobs() {
    let lines = [
        "Worker 0 got a job; executing.",
        "Worker 1 got a job; executing.",
        "Worker 0 was told to terminate.",
        "Worker 1 was told to terminate.",
    ];
    let said = told(Duration::from_millis(20), &lines, None);
    assert_eq!(said.answer, Inconclusive);
    assert!(said.sentence.contains("workers"), "{}", said.sentence);
    let lines = [
        "Worker 0: start job 1",
        "Worker 0: end job 1",
        "Worker 1: start job 2",
        "Worker 1: end job 2",
        "Worker 0: start job 3",
        "Worker 0: end job 3",
    ];
    let said = told(Duration::from_millis(20), &lines, None);
    assert_eq!((said.answer, said.tasks[0].name.as_str()), (RuledOut, "job 1"));
}

#[test]
fn of_workers_that_say_nothing_of_tasks_it_is_said_that_they_were_asked() {
    let lines = ["Worker 0: begin", "Worker 1: begin", "Worker 0: end", "Worker 1: end"];
    let said = told(Duration::from_millis(20), &lines, None);
    assert_eq!(said.answer, Proven);
    assert!(said.sentence.contains("Workers were asked"), "{}", said.sentence);
}

#[test]
fn words_that_say_nothing_prove_only_what_takes_turns_again_and_again() {
    let lines = ["web_1 | a", "db_1 | a", "web_1 | b", "db_1 | b", "web_1 | c", "db_1 | c"];
    assert_eq!((answer(&lines), answer_in_one_go(&lines)), (Proven, Inconclusive));
    assert_eq!(answer(&lines[..4]), Inconclusive);
    let said = told(Duration::ZERO, &lines, Some(r"^(\w+) \|"));
    assert_eq!(said.answer, Proven, "whoever gives a pattern knows what the lines say");
}

#[test]
fn lines_that_are_written_over_are_lines() {
    let bars = ["Task A: 10%\rTask B: 10%\rTask A: 90%\rTask B: 90%\rTask A: 100%"];
    assert_eq!(answer(&bars), Proven);
    assert_eq!(answer(&["Task A: begin\r", "Task A: end\r"]), Inconclusive);
}

#[test]
fn what_several_processes_print_at_their_end_proves_nothing() {
    // The last two lines were printed long before, and kept back by the process that started the others.
    let lines = ["Task A: working", "Task B: working", "Task A: starts", "Task B: starts"];
    let mut taken = Lines::new(None).expect("there is no pattern");
    for (line, time) in lines.iter().zip([10, 50, 90, 90]) {
        taken.line(line, Duration::from_millis(time));
    }
    assert_eq!(taken.finish(true, false).answer, Inconclusive);
}

#[test]
fn tasks_of_one_line_and_lines_that_are_missing_leave_it_open() {
    assert_eq!(answer(&["Task 1: done", "Task 2: done", "Task 3: done"]), Inconclusive);
    let mut taken = Lines::new(None).expect("there is no pattern");
    for (place, line) in (0..).zip(["Task A: begin", "Task A: end", "Task B: begin", "Task B: end"])
    {
        taken.line(line, Duration::from_millis(20) * place);
    }
    assert_eq!(taken.finish(true, true).answer, RuledOut);
    assert_eq!(taken.finish(false, true).answer, Inconclusive);
}

#[test]
fn advice_on_buffers_is_for_programs_that_have_some() {
    let lines = ["Task A: begin", "Task A: end", "Task B: begin", "Task B: end"];
    let kept = told(Duration::ZERO, &lines, None).sentence;
    let flushed = told(Duration::from_micros(30), &lines, None).sentence;
    assert!(kept.contains("stdbuf"), "{kept}");
    assert!(!flushed.contains("stdbuf"), "{flushed}");
}

#[test]
fn a_pattern_is_proposed_and_can_be_pasted() {
    let lines = ["alice: begin", "bob: begin", "alice: end", "bob: end"];
    let said = told(Duration::from_millis(20), &lines, None);
    assert_eq!(said.answer, Inconclusive);
    let proposal = said.proposal.expect("two names return");
    assert!(said.sentence.contains("4 of its 4 lines"), "{}", said.sentence);
    let pattern =
        proposal.strip_prefix("--task '").and_then(|rest| rest.strip_suffix('\'')).unwrap();
    assert_eq!(told(Duration::from_millis(20), &lines, Some(pattern)).answer, Proven);
}

#[test]
fn nothing_is_said_of_what_is_no_text_and_of_nothing() {
    assert_eq!(answer(&[]), Inconclusive);
    assert_eq!(told(Duration::ZERO, &["\u{fffd}\u{1}"], None).sentence, "Its output is no text.");
}

#[test]
fn a_pattern_without_a_group_is_refused() {
    assert!(Lines::new(Some("Task .")).is_err());
    assert!(Lines::new(Some("(")).is_err());
}

#[test]
fn lines_that_a_busy_machine_hands_over_slowly_rule_nothing_out() {
    // Printed when both tasks had ended, each line on its own.
    let lines = ["Task A: begin", "Task A: end", "Task B: begin", "Task B: end"];
    assert_eq!(told(Duration::from_millis(3), &lines, None).answer, Inconclusive);
}

#[test]
fn a_long_silence_before_the_lines_rules_nothing_out() {
    let lines = ["Task A: begin", "Task A: end", "Task B: begin", "Task B: end"];
    let mut taken = Lines::new(None).expect("there is no pattern");
    for (line, time) in lines.iter().zip([500, 520, 521, 541]) {
        taken.line(line, Duration::from_millis(time));
    }
    assert_eq!(taken.finish(true, true).answer, Inconclusive);
}

//! Random schedules, printed at once or kept back: nothing wrong is ever proven or ruled out.

use std::time::Duration;

use lines::{Lines, Told};
use proptest::prelude::*;
use words::Answer;

/// A line, when it was printed, and by which task, if by any.
#[derive(Clone, Debug)]
struct Printed {
    time: u64,
    text: String,
    task: usize,
}

/// One task: when it begins, and how long it takes from each line to the next, in milliseconds.
#[derive(Clone, Debug)]
struct Plan {
    begins: u64,
    pauses: Vec<u64>,
}

/// How lines get from where they are printed to the pipe.
#[derive(Clone, Copy, Debug)]
enum Buffering {
    /// Each line at once.
    Lines,
    /// All lines of the program when it ends.
    Whole,
    /// The lines of each task when it has ended, as of processes of their own.
    Each,
    /// The lines of each task whenever so many have gathered, and when it has ended.
    Some(usize),
    /// All when everything has ended, one task after the other.
    Afterwards,
}

fn plans() -> impl Strategy<Value = Vec<Plan>> {
    let pauses = prop::collection::vec(1..60_u64, 1..5);
    let plan = (0..150_u64, pauses).prop_map(|(begins, pauses)| Plan { begins, pauses });
    prop::collection::vec(plan, 2..5)
}

fn buffering() -> impl Strategy<Value = Buffering> {
    use Buffering::{Afterwards, Each, Lines, Some, Whole};
    prop_oneof![Just(Lines), Just(Whole), Just(Each), Just(Afterwards), (2..4_usize).prop_map(Some)]
}

/// The same tasks, each after the one before.
fn in_turn(mut plans: Vec<Plan>) -> Vec<Plan> {
    let mut end = 0;
    for plan in &mut plans {
        plan.begins = end + plan.begins % 20;
        end = plan.begins + plan.pauses.iter().sum::<u64>() + 1;
    }
    plans
}

fn are_at_once(plans: &[Plan]) -> bool {
    let ends: Vec<_> =
        plans.iter().map(|it| (it.begins, it.begins + it.pauses.iter().sum::<u64>())).collect();
    let meets =
        |one: usize, other: usize| ends[one].0 < ends[other].1 && ends[other].0 < ends[one].1;
    (0..plans.len()).any(|one| (0..one).any(|other| meets(one, other)))
}

/// The lines in the order in which they are printed.
fn print(plans: &[Plan], words: [&str; 3]) -> Vec<Printed> {
    let mut printed = Vec::new();
    for (task, plan) in plans.iter().enumerate() {
        let mut time = plan.begins;
        let mut say = |time, word: &str| {
            let text = format!("Task {}: {word}", task + 1);
            printed.push(Printed { time, text, task });
        };
        say(time, words[0]);
        for (place, pause) in plan.pauses.iter().enumerate() {
            time += pause;
            say(time, words[if place + 1 == plan.pauses.len() { 2 } else { 1 }]);
        }
    }
    printed.sort_by_key(|line| line.time);
    printed
}

/// When the lines arrive, in the order in which they do, in microseconds.
fn arrive(printed: &[Printed], buffering: Buffering) -> Vec<(u64, String)> {
    let end = printed.last().map_or(0, |line| line.time);
    let last_of = |task: usize| printed.iter().rposition(|line| line.task == task);
    let key = |place: usize| {
        let line = &printed[place];
        let own: Vec<_> =
            (0..printed.len()).filter(|other| printed[*other].task == line.task).collect();
        let among = own.iter().position(|other| *other == place).unwrap_or_default();
        let flush = |size: usize| own[(among / size * size + size - 1).min(own.len() - 1)];
        let by = match buffering {
            Buffering::Lines => place,
            Buffering::Whole => printed.len() - 1,
            Buffering::Each => last_of(line.task).unwrap_or(place),
            Buffering::Some(size) => flush(size),
            Buffering::Afterwards => return (end, line.task, place),
        };
        (printed[by].time, by, place)
    };
    let mut order: Vec<_> = (0..printed.len()).map(key).collect();
    order.sort_unstable();
    let late = |at: usize, time: u64| time * 1000 + at as u64;
    order
        .iter()
        .enumerate()
        .map(|(at, (time, _, place))| (late(at, *time), printed[*place].text.clone()))
        .collect()
}

fn told(arrived: &[(u64, String)], alone: bool, pattern: Option<&str>) -> Told {
    let mut lines = Lines::new(pattern).expect("it is a pattern");
    for (time, text) in arrived {
        lines.line(text, Duration::from_micros(*time));
    }
    lines.finish(true, alone)
}

const WORDS: [&str; 3] = ["begin", "step", "end"];
const PATTERN: Option<&str> = Some(r"^Task (\d+)");

proptest! {
    #[test]
    fn tasks_at_once_are_never_ruled_out(plans in plans(), how in buffering(), alone: bool, given: bool) {
        prop_assume!(are_at_once(&plans));
        let arrived = arrive(&print(&plans, WORDS), how);
        let told = told(&arrived, alone, PATTERN.filter(|_| given));
        prop_assert_ne!(told.answer, Answer::RuledOut, "{}\n{:#?}", told.sentence, arrived);
    }

    #[test]
    fn tasks_in_turn_are_never_proven(plans in plans(), how in buffering(), alone: bool, given: bool) {
        let arrived = arrive(&print(&in_turn(plans), WORDS), how);
        let told = told(&arrived, alone, PATTERN.filter(|_| given));
        prop_assert_ne!(told.answer, Answer::Proven, "{}\n{:#?}", told.sentence, arrived);
    }

    #[test]
    fn lists_before_and_after_prove_nothing(
        plans in plans(),
        how in buffering(),
        before in prop::sample::subsequence(vec!["queued", "submitted", "waiting", "scheduled", "added", "here"], 0..3),
        after in prop::sample::subsequence(vec!["result 7", "took 3 ms", "total 4", "ok", "4 apples"], 0..3),
    ) {
        let plans = in_turn(plans);
        let printed = print(&plans, WORDS);
        let list = |time, words: Vec<&str>| -> Vec<Printed> {
            let line = |word: &str, task: usize| Printed { time, text: format!("Task {}: {word}", task + 1), task };
            words.iter().flat_map(|word| (0..plans.len()).map(move |task| line(word, task))).collect()
        };
        let end = printed.last().map_or(0, |line| line.time);
        let all = [list(0, before), printed, list(end, after)].concat();
        // What is listed is printed by one that prints all.
        let how = if matches!(how, Buffering::Lines) { how } else { Buffering::Whole };
        let told = told(&arrive(&all, how), true, None);
        prop_assert_ne!(told.answer, Answer::Proven, "{}", told.sentence);
    }

    #[test]
    fn what_is_printed_at_once_and_interleaved_is_proven(plans in plans()) {
        let printed = print(&plans, WORDS);
        let span = |task: usize| {
            let at = |line: &Printed| line.task == task;
            (printed.iter().position(at), printed.iter().rposition(at))
        };
        let meets = |one: usize, other: usize| span(one).0 < span(other).0 && span(other).0 < span(one).1;
        let all = 0..plans.len();
        prop_assume!(all.clone().any(|one| all.clone().any(|other| one != other && meets(one, other))));
        let told = told(&arrive(&printed, Buffering::Lines), true, None);
        prop_assert_eq!(told.answer, Answer::Proven, "{}", told.sentence);
    }

    #[test]
    fn no_line_is_too_odd(
        text in prop::collection::vec(prop_oneof![
            prop::sample::select(vec![
                "Task", "任务", "タスク", "Задача", " ", "[", "]", "(", "{id=", "=", ":", " - step", "1", "2/5", "A",
                "é", "12:00:01", "2024-01-02", "INFO", "\u{1b}[", "\u{1b}]", "m", "#", "|", ">", "'", "gw0", "_",
                "Starting ", "%", ".", " --- ", "Jan ", "I0102 ", "\r", "{\"task\":", "}", "pool-", "https://",
            ]).prop_map(str::to_owned),
            "\\PC{0,3}",
        ], 0..9),
    ) {
        let line = (0, text.concat());
        let lines = [line.clone(), line];
        told(&lines, true, None);
        told(&lines, false, PATTERN);
    }
}

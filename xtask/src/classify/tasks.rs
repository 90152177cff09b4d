//! Were several tasks in progress at once? What the lines of a program say.
//!
//! A task lasts from its first line to its last. Two tasks were in progress at
//! once if each has a line between, or beyond, lines of the other that shows it:
//! the first line of each came before the last line of the other. That rests on
//! the *order* of the lines alone, and order is safe: the lines of one pipe
//! arrive in the order in which they were written to it. So lines of one of the
//! two outputs only are held against each other; between two pipes there is no
//! order.
//!
//! That they were *not* in progress at once rests on more. Most programs keep
//! their lines back in a buffer when they write to a pipe. Of several processes
//! that do, each writes its lines at its end and all at once, so that they look
//! as if they came one after the other. So it is ruled out only where there was
//! a single process, which writes its lines in the order in which it printed
//! them, or where tasks were seen to last: where time passed between the arrival
//! of the first and of the last line.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::Result;
use evidence::Answer;
use regex_lite::Regex;
use serde_json::{Value, json};

use crate::process::{Line, Stream};
use crate::show::{count, duration};
use words::WrongUsage;

/// Finds the task in `Task A - Step 1`, `[worker-3] done`, `Thread 2: 14` and `Alice - step 7`.
///
/// What precedes a colon or a dash may be anything, a key or a level of
/// urgency. A guess must not prove anything, so that this wants a word for what
/// is carried out, and a letter or a number; or a word for progress.
pub(super) const PATTERN: &str = concat!(
    r"(?i)^\W*(?:((?:actor|client|connection|coroutine|fiber|goroutine|job|process|request|task|",
    r"thread|worker)[\s_#-]*(?:[a-z]|\w*\d\w*))\b|(.+?) - step\b)"
);

/// The group of our own pattern that begins with the kind of thing that is carried out.
const KIND_GROUP: usize = 1;

/// A task must be seen to last for longer than it takes to write a buffer in one go.
const LASTS: Duration = Duration::from_millis(1);

/// More tasks than this are not told apart, so that memory stays bounded.
const MANY: usize = 10_000;

/// One task, as far as its lines tell.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Task {
    name: String,
    /// Where the pattern is a guess: the kind of thing that it is, `task` or `worker`. A worker is
    /// at work while its task is, and both are one.
    kind: String,
    lines: usize,
    /// The places of its first and its last line among all lines, from 1.
    places: [usize; 2],
    /// When these two arrived.
    arrivals: [Duration; 2],
}

impl Task {
    fn lasted(&self) -> Duration {
        self.arrivals[1].saturating_sub(self.arrivals[0])
    }
}

/// The tasks of a program, as its lines name them.
#[derive(Debug)]
pub(super) struct Tasks {
    pattern: Regex,
    /// Whether somebody who knows the program gave the pattern.
    is_given: bool,
    /// Whether the output is no text, so that our own pattern means nothing.
    is_binary: bool,
    tasks: Vec<Task>,
    /// The place in `tasks` of each name.
    names: HashMap<String, usize>,
    too_many: bool,
    lines: usize,
    named: usize,
}

/// What the lines say, and why.
#[derive(Debug)]
pub(super) struct Opinion {
    pub(super) answer: Answer,
    pub(super) sentence: String,
    overlap: Option<[Task; 2]>,
}

impl Tasks {
    /// No tasks yet. The first group of the pattern that takes part in a match names them.
    pub(super) fn new(pattern: Option<&str>) -> Result<Tasks> {
        let regex = Regex::new(pattern.unwrap_or(PATTERN));
        let regex = regex.map_err(|error| WrongUsage(format!("--task is no pattern: {error}")))?;
        if regex.captures_len() < 2 {
            let message = "--task needs a group in parentheses around the name of the task";
            return Err(WrongUsage(message.to_owned()).into());
        }
        Ok(Tasks {
            pattern: regex,
            is_given: pattern.is_some(),
            is_binary: false,
            tasks: Vec::new(),
            names: HashMap::new(),
            too_many: false,
            lines: 0,
            named: 0,
        })
    }

    /// Whether no line names a task.
    pub(super) fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// Takes in the next line.
    pub(super) fn line(&mut self, line: &Line) {
        self.lines += 1;
        self.is_binary |= line.broken && !self.is_given;
        let Some(found) = self.pattern.captures(&line.text) else { return };
        let groups = found.iter().enumerate().skip(1);
        let Some((group, name)) = groups.filter_map(|(at, found)| Some((at, found?))).next() else {
            return;
        };
        self.named += 1;
        let (place, arrival) = (self.lines, line.arrival);
        if let Some(&known) = self.names.get(name.as_str()) {
            let task = &mut self.tasks[known];
            task.lines += 1;
            (task.places[1], task.arrivals[1]) = (place, arrival);
        } else if self.tasks.len() == MANY {
            self.too_many = true;
        } else {
            let name = name.as_str().to_owned();
            self.names.insert(name.clone(), self.tasks.len());
            let is_kind_known = !self.is_given && group == KIND_GROUP;
            let kind = if is_kind_known { kind(&name) } else { String::new() };
            let (places, arrivals) = ([place; 2], [arrival; 2]);
            self.tasks.push(Task { name, kind, lines: 1, places, arrivals });
        }
    }

    /// What the lines say; `all` where none are missing, `alone` where they all come from one
    /// process.
    pub(super) fn opinion(&self, all: bool, alone: bool) -> Opinion {
        let open = |sentence: String| {
            let hint = if self.is_given { "" } else { HINT };
            Opinion {
                answer: Answer::Inconclusive,
                sentence: format!("{sentence}{hint}"),
                overlap: None,
            }
        };
        if self.lines == 0 || self.is_binary {
            let what =
                if self.is_binary { "Its output is no text." } else { "It printed no line." };
            let (answer, sentence) = (Answer::Inconclusive, what.to_owned());
            return Opinion { answer, sentence, overlap: None };
        }
        if let Some([first, second]) = self.overlap() {
            return Opinion {
                answer: Answer::Proven,
                sentence: proof(first, second),
                overlap: Some([first.clone(), second.clone()]),
            };
        }
        let lasting = self.tasks.iter().filter(|task| task.lines > 1).count();
        let within = |task: &&Task| task.lines == 1 && self.is_within_another(task);
        if self.tasks.is_empty() {
            let lines = count(self.lines, "line");
            open(format!("None of its {lines} names a task."))
        } else if lasting == 0 {
            let lines = count(self.named, "line");
            open(format!(
                "Each of its {lines} names a task of its own, and a task with one line is not seen \
                 to last."
            ))
        } else if !all || self.too_many {
            open("Not all of its lines were looked at.".to_owned())
        } else if self.tasks.iter().any(|task| task.kind != self.tasks[0].kind) {
            open("Its lines name more than one kind of thing.".to_owned())
        } else if lasting == 1 && !(self.is_given && self.tasks.len() == 1) {
            open("Only one task has more than one line.".to_owned())
        } else if let Some(task) = self.tasks.iter().find(within) {
            open(format!("Task {} has one line only, between the lines of another.", task.name))
        } else if let Some(task) = self.in_one_go().filter(|_| !alone) {
            Opinion {
                answer: Answer::Inconclusive,
                sentence: format!(
                    "The {} of task {} arrived in one go, and there were several processes: they \
                     may have kept their lines back, as most do that write to a pipe (`stdbuf -oL` \
                     and `python3 -u` tell them not to).",
                    count(task.lines, "line"),
                    task.name
                ),
                overlap: None,
            }
        } else {
            Opinion {
                answer: Answer::RuledOut,
                sentence: self.one_after_the_other(),
                overlap: None,
            }
        }
    }

    /// Two tasks of which each had its first line before the last line of the other.
    fn overlap(&self) -> Option<[&Task; 2]> {
        let mut lasting: Vec<&Task> = self.tasks.iter().filter(|task| task.lines > 1).collect();
        lasting.sort_unstable_by_key(|task| task.places[0]);
        // Of each kind, the task that ends last of those that began so far.
        let mut latest: HashMap<&str, &Task> = HashMap::new();
        for task in lasting {
            if let Some(earlier) = latest.insert(&task.kind, task)
                && task.places[0] < earlier.places[1]
            {
                return Some([earlier, task]);
            }
        }
        None
    }

    fn is_within_another(&self, task: &Task) -> bool {
        let [place, _] = task.places;
        self.tasks.iter().any(|other| other.places[0] < place && place < other.places[1])
    }

    /// A task whose lines say nothing about when they were printed.
    fn in_one_go(&self) -> Option<&Task> {
        self.tasks.iter().find(|task| task.lines > 1 && task.lasted() < LASTS)
    }

    fn one_after_the_other(&self) -> String {
        match self.tasks.as_slice() {
            [task] => format!("All lines belong to one task, {}.", task.name),
            tasks => format!(
                "The last line of each of its {} came before the first line of the next.",
                count(tasks.len(), "task")
            ),
        }
    }

    /// Describes what the lines say to a program.
    pub(super) fn to_json(&self, stream: Stream, opinion: &Opinion) -> Value {
        let milliseconds = |time: Duration| time.as_secs_f64() * 1e3;
        let describe = |task: &Task| {
            json!({
                "name": task.name,
                "lines": task.lines,
                "from_line": task.places[0],
                "to_line": task.places[1],
                "from_ms": milliseconds(task.arrivals[0]),
                "to_ms": milliseconds(task.arrivals[1]),
            })
        };
        const SHOWN: usize = 20;
        json!({
            "pattern": self.pattern.as_str(),
            "stream": stream.name(),
            "lines": self.lines,
            "lines_of_tasks": self.named,
            "task_count": self.tasks.len(),
            "tasks": self.tasks.iter().take(SHOWN).map(describe).collect::<Vec<_>>(),
            "overlap": opinion.overlap.as_ref().map(|tasks| tasks.each_ref().map(describe)),
        })
    }
}

/// What to do where we had to guess what a task is.
const HINT: &str = " If its lines name tasks in another way, say how with --task.";

/// The word before the letter or the number of a task.
fn kind(name: &str) -> String {
    let end = name.find(|letter: char| !letter.is_alphabetic()).unwrap_or_default();
    name[..end].to_lowercase()
}

fn proof(first: &Task, second: &Task) -> String {
    let end = first.places[1].min(second.places[1]);
    let until = first.arrivals[1].min(second.arrivals[1]);
    format!(
        "Tasks {} and {} were both in progress from line {} to line {end}, which arrived {} apart.",
        first.name,
        second.name,
        second.places[0],
        duration(until.saturating_sub(second.arrivals[0]))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line that arrives 10 ms after the one before it.
    fn line(place: usize, text: &str) -> Line {
        Line {
            text: text.to_owned(),
            stream: Stream::Output,
            number: place + 1,
            arrival: Duration::from_millis(10) * u32::try_from(place).unwrap(),
            broken: false,
            half: false,
            cut: 0,
        }
    }

    /// What the lines say, where they arrive so fast.
    fn answer_at(speed: u32, lines: &[&str]) -> Answer {
        let mut tasks = Tasks::new(None).unwrap();
        for (place, text) in lines.iter().enumerate() {
            let line = line(place, text);
            tasks.line(&Line { arrival: line.arrival / speed, ..line });
        }
        tasks.opinion(true, false).answer
    }

    fn answer(lines: &[&str]) -> Answer {
        answer_at(1, lines)
    }

    #[test]
    fn interleaved_tasks_are_concurrent() {
        assert_eq!(answer(&["Task A: 1", "Task B: 1", "Task A: 2", "Task B: 2"]), Answer::Proven);
    }

    #[test]
    fn a_task_within_another_is_concurrent() {
        assert_eq!(answer(&["Job 1: 1", "Job 2: 1", "Job 2: 2", "Job 1: 2"]), Answer::Proven);
    }

    #[test]
    fn interleaving_is_proof_even_where_all_lines_arrive_in_one_go() {
        let lines = ["Task A: 1", "Task B: 1", "Task A: 2", "Task B: 2"];
        assert_eq!(answer_at(1000, &lines), Answer::Proven);
    }

    #[test]
    fn one_task_after_the_other_is_not_concurrent() {
        assert_eq!(answer(&["Task A: 1", "Task A: 2", "Task B: 1", "Task B: 2"]), Answer::RuledOut);
    }

    #[test]
    fn a_last_line_of_something_else_changes_nothing() {
        assert_eq!(
            answer(&["Task A: 1", "Task A: 2", "Task B: 1", "Task B: 2", "Total: 4"]),
            Answer::RuledOut
        );
    }

    #[test]
    fn tasks_that_arrive_in_one_go_may_have_been_kept_back() {
        let lines = ["Task A: 1", "Task A: 2", "Task B: 1", "Task B: 2"];
        assert_eq!(answer_at(1000, &lines), Answer::Inconclusive);
    }

    #[test]
    fn tasks_of_one_line_are_not_seen_to_last() {
        assert_eq!(answer(&["Task 1", "Task 2", "Task 3"]), Answer::Inconclusive);
    }

    #[test]
    fn a_single_line_between_those_of_another_task_leaves_the_question_open() {
        let lines = ["Task 1: a", "Task 1: b", "Task 2: a", "Task 3: a", "Task 2: b"];
        assert_eq!(answer(&lines), Answer::Inconclusive);
    }

    #[test]
    fn nothing_is_said_of_a_program_that_prints_nothing() {
        assert_eq!(answer(&[]), Answer::Inconclusive);
    }

    #[test]
    fn missing_lines_leave_the_question_open() {
        let mut tasks = Tasks::new(Some("^(.)")).unwrap();
        ["A: 1", "A: 2"]
            .iter()
            .enumerate()
            .for_each(|(place, text)| tasks.line(&line(place, text)));
        assert_eq!(tasks.opinion(true, true).answer, Answer::RuledOut);
        assert_eq!(tasks.opinion(false, true).answer, Answer::Inconclusive);
    }

    #[test]
    fn whoever_gave_no_pattern_is_told_how_to() {
        let mut tasks = Tasks::new(None).unwrap();
        tasks.line(&line(0, "hello"));
        assert!(tasks.opinion(true, true).sentence.ends_with(HINT));
    }

    #[test]
    fn the_usual_ways_to_name_a_task_are_understood() {
        let pattern = Regex::new(PATTERN).unwrap();
        let task = |line| {
            let found = pattern.captures(line)?;
            found.get(1).or(found.get(2)).map(|name| name.as_str().to_owned())
        };
        assert_eq!(task("Task A - Step 1").as_deref(), Some("Task A"));
        assert_eq!(task("  [worker-3] done").as_deref(), Some("worker-3"));
        assert_eq!(task("Thread 12: 7").as_deref(), Some("Thread 12"));
        assert_eq!(task("Alice - Step 7").as_deref(), Some("Alice"));
        for other in ["INFO: started", "name: x", "Task completed", "processing 1", "a - b"] {
            assert_eq!(task(other), None, "{other}");
        }
    }

    #[test]
    fn names_before_steps_are_all_of_a_kind() {
        let lines = ["Alice - Step 1", "Bob - Step 1", "Alice - Step 2", "Bob - Step 2"];
        assert_eq!(answer(&lines), Answer::Proven);
    }

    #[test]
    fn a_worker_is_not_concurrent_with_its_task() {
        let lines = ["Worker 1: begins", "Task 7: begin", "Task 7: end", "Worker 1: ends"];
        assert_eq!(answer(&lines), Answer::Inconclusive);
    }

    #[test]
    fn keys_that_are_not_tasks_prove_nothing_unless_somebody_says_that_they_are() {
        let lines = ["name: a", "age: 1", "name: b", "age: 2"];
        assert_eq!(answer(&lines), Answer::Inconclusive);
    }

    #[test]
    fn a_pattern_without_a_group_is_refused() {
        assert!(Tasks::new(Some("Task .")).is_err());
        assert!(Tasks::new(Some("(")).is_err());
    }
}

//! What the lines of a program say of its tasks, for people and for programs.

use std::time::Duration;

use serde_json::{Value, json};
use words::{Answer, Time, milliseconds};

/// Tasks beyond these are only counted in what programs are told.
const SHOWN: usize = 20;

/// One task, as far as its lines tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// As the first of its lines has it.
    pub name: String,
    /// How many lines name it.
    pub lines: usize,
    /// The places of its first and of its last line among all lines, from 1.
    pub places: [usize; 2],
    /// When these two arrived, since the start of the program.
    pub arrivals: [Duration; 2],
}

/// A line, word for word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// The line without its escape sequences, cut where it is very long.
    pub text: String,
    /// Its place among all lines, from 1.
    pub place: usize,
    /// When it arrived, since the start of the program.
    pub arrival: Duration,
}

/// What the lines say of whether several tasks were in progress at once, and why.
#[derive(Clone, Debug)]
pub struct Told {
    /// Whether several tasks were in progress at once.
    pub answer: Answer,
    /// Why, for people.
    pub sentence: String,
    /// Where it is proven: the first line of the later of two tasks, and a later line of the earlier.
    pub proof: Option<[Quote; 2]>,
    /// The two tasks of the proof, the one that began first before the other.
    pub overlap: Option<[Task; 2]>,
    /// All tasks that were told apart, in the order of their first lines.
    pub tasks: Vec<Task>,
    /// Where it is open: arguments that may tell more, ready to paste.
    pub proposal: Option<String>,
    /// The pattern that was given.
    pub pattern: Option<String>,
    /// How many lines there were.
    pub lines: usize,
    /// How many of them name a task.
    pub named: usize,
}

impl Told {
    /// Describes what the lines say to a program; `stream` is the output that they were printed to.
    #[must_use]
    pub fn to_json(&self, stream: &str) -> Value {
        let quote = |quote: &Quote| {
            let Quote { text, place, arrival } = quote;
            json!({ "line": place, "ms": milliseconds(*arrival), "text": text })
        };
        json!({
            "pattern": self.pattern,
            "stream": stream,
            "lines": self.lines,
            "lines_of_tasks": self.named,
            "task_count": self.tasks.len(),
            "tasks": self.tasks.iter().take(SHOWN).map(describe).collect::<Vec<_>>(),
            "overlap": self.overlap.as_ref().map(|tasks| tasks.each_ref().map(describe)),
            "proof": self.proof.as_ref().map(|lines| lines.each_ref().map(quote)),
            "proposal": self.proposal,
        })
    }
}

impl Quote {
    /// The line with its place and its arrival.
    pub(crate) fn describe(&self) -> String {
        format!("line {} (“{}”, at {})", self.place, self.text, Time(self.arrival))
    }
}

fn describe(task: &Task) -> Value {
    json!({
        "name": task.name,
        "lines": task.lines,
        "from_line": task.places[0],
        "to_line": task.places[1],
        "from_ms": milliseconds(task.arrivals[0]),
        "to_ms": milliseconds(task.arrivals[1]),
    })
}

//! Were several tasks in progress at once? What the lines of a program say.
//!
//! A task lasts from its first line to its last. Two tasks were in progress at
//! once if one has a line of progress between two lines of progress of the other.
//! That rests on the *order* of the lines alone, and order is safe: the lines of one
//! pipe arrive in the order in which they were written to it. So lines of one of the
//! two outputs only are held against each other; between two pipes there is no order.
//!
//! ```
//! use std::time::Duration;
//! use lines::Lines;
//!
//! let mut lines = Lines::new(None)?;
//! for (time, text) in (0..).zip(["Task A: begin", "Task B: begin", "Task A: end", "Task B: end"]) {
//!     lines.line(text, Duration::from_millis(10 * time));
//! }
//! assert_eq!(lines.finish(true, true).answer, words::Answer::Proven);
//! # Ok::<(), words::WrongUsage>(())
//! ```
//!
//! That they were *not* in progress at once rests on more. Most programs keep their
//! lines back in a buffer when they write to a pipe, and some print what their tasks
//! did once all have ended. So it is ruled out only where the lines arrived in their
//! own time: each task has two lines and a pause between them, and the tasks together
//! last for a quarter of the time until their last line.
//!
//! # How often a task is found
//!
//! Of 71 styles of lines, as tools and lessons print them, 67 are known, and of 25 that
//! were thought of once the code stood, 8 at first and 18 since: `tests/names.rs` names the
//! tools. The figures are of lists that we wrote, not of a sample. Of 61 lines that look
//! like a task and name none, none is taken for one. Where the usual ways do not help, a
//! pattern is proposed.
//!
//! # Modules
//!
//! 1. `clean` takes away what a logger puts before a line;
//! 2. `name` knows the usual ways to name a task, `front` those in front of a line, and `progress`
//!    what a line says of it;
//! 3. `line` puts these together, and `judge` says what the lines prove;
//! 4. `propose` looks for a pattern where we know none.

mod clean;
mod front;
mod judge;
mod line;
mod name;
mod progress;
mod propose;
mod told;

pub use told::{Quote, Task, Told};

use std::collections::HashMap;
use std::time::Duration;

use judge::{BURST, Event, Open, Overlap};
use line::Read;
use name::Role;
use progress::Kind;
use regex_lite::Regex;
use words::{Answer, WrongUsage};

/// More tasks than this are not told apart, so that memory stays bounded.
const MANY_TASKS: usize = 10_000;

/// More lines of tasks than this are not held against each other.
const MANY_EVENTS: usize = 1 << 18;

/// From so many lines a pattern is proposed.
const SAMPLE: usize = 500;

/// No more letters than this are quoted.
const QUOTED: usize = 120;

/// The lines of one output, as far as they name tasks.
#[derive(Debug)]
pub struct Lines {
    pattern: Option<Regex>,
    is_binary: bool,
    tasks: Vec<Known>,
    /// The place in `tasks` of each kind and name.
    names: HashMap<(String, String), usize>,
    events: Vec<Event>,
    too_many: bool,
    speaks_of_a_task: bool,
    is_report: bool,
    lines: usize,
    last_arrival: Duration,
    is_mixed: bool,
    sample: Vec<String>,
}

/// A task, and what it may be held against.
#[derive(Debug)]
struct Known {
    kind: String,
    role: Role,
    task: Task,
}

impl Lines {
    /// No lines yet. The first group of the pattern that takes part in a match names the task; it is
    /// tried on the line and on what is left of it without time, level and logger. Without a
    /// pattern, the usual ways to name tasks are known.
    ///
    /// # Errors
    ///
    /// If the pattern is none, or has no group.
    pub fn new(pattern: Option<&str>) -> Result<Lines, WrongUsage> {
        let regex = pattern.map(Regex::new).transpose();
        let pattern =
            regex.map_err(|error| WrongUsage(format!("--task is no pattern: {error}")))?;
        if pattern.as_ref().is_some_and(|pattern| pattern.captures_len() < 2) {
            let message = "--task needs a group in parentheses around the name of the task";
            return Err(WrongUsage(message.to_owned()));
        }
        Ok(Lines {
            pattern,
            is_binary: false,
            tasks: Vec::new(),
            names: HashMap::new(),
            events: Vec::new(),
            too_many: false,
            speaks_of_a_task: false,
            is_report: false,
            lines: 0,
            last_arrival: Duration::ZERO,
            is_mixed: false,
            sample: Vec::new(),
        })
    }

    /// Whether no line names a task.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// All tasks and workers that were told apart, in the order of their first lines.
    pub fn tasks(&self) -> impl Iterator<Item = &Task> {
        self.tasks.iter().map(|known| &known.task)
    }

    /// All lines that name one, in their order, each with the place of its task among all [tasks](Self::tasks).
    pub fn of_tasks(&self) -> impl Iterator<Item = (usize, Quote)> {
        self.events.iter().map(|event| (event.task, event.quote()))
    }

    /// Takes in the next line, which arrived so long after the start of the program. Bytes that are
    /// no text are to be `U+FFFD` in it.
    pub fn line(&mut self, text: &str, arrival: Duration) {
        self.is_binary |= self.pattern.is_none() && text.contains('\u{fffd}');
        if text.trim().is_empty() {
            self.lines += 1;
        }
        for state in clean::states(text) {
            self.lines += 1;
            self.state(&clean::without_escapes(state), arrival);
        }
    }

    /// Takes in one state of a line.
    fn state(&mut self, text: &str, arrival: Duration) {
        if self.sample.len() < SAMPLE {
            self.sample.push(text.to_owned());
        }
        self.is_mixed &= arrival.saturating_sub(self.last_arrival) < BURST;
        self.last_arrival = arrival;
        let read = match &self.pattern {
            Some(pattern) => line::given(pattern, text),
            None => line::guess(text),
        };
        match read {
            Some(read) => self.event(read, text, arrival),
            None => {
                self.is_mixed = true;
                self.is_report |= progress::is_heading(text);
            }
        }
    }

    fn event(&mut self, read: Read, text: &str, arrival: Duration) {
        self.speaks_of_a_task |= read.speaks_of_a_task;
        let key = (read.named.kind.clone(), read.named.id.clone());
        let is_new = !self.names.contains_key(&key);
        if self.events.len() == MANY_EVENTS || is_new && self.tasks.len() == MANY_TASKS {
            self.too_many = true;
            return;
        }
        let task = *self.names.entry(key).or_insert(self.tasks.len());
        let (place, kind) = (self.lines, if self.is_report { Kind::Reported } else { read.kind });
        if is_new {
            let (places, arrivals) = ([place; 2], [arrival; 2]);
            let known = Task { name: read.named.name, lines: 0, places, arrivals };
            self.tasks.push(Known { kind: read.named.kind, role: read.named.role, task: known });
        }
        let known = &mut self.tasks[task].task;
        known.lines += 1;
        (known.places[1], known.arrivals[1]) = (place, arrival);
        let text = text.trim().chars().take(QUOTED).collect::<String>().into();
        let is_mixed = self.is_mixed;
        self.events.push(Event { task, kind, place, arrival, text, is_mixed });
    }

    /// When the first and the last line arrived that name a task; nothing where none does.
    #[must_use]
    pub fn time_of_tasks(&self) -> Option<[Duration; 2]> {
        Some([self.events.first()?.arrival, self.events.last()?.arrival])
    }

    /// What the lines say; `all_lines_kept` where none are missing, `alone` where they all come from
    /// one process.
    #[must_use]
    pub fn finish(&self, all_lines_kept: bool, alone: bool) -> Told {
        let kinds = self.kinds();
        let is_given = self.pattern.is_some();
        let is_asked = |event: &&Event| kinds[event.task].is_some();
        if self.lines == 0 {
            return self.told(Answer::Inconclusive, "It printed no line.".to_owned());
        }
        if self.is_binary {
            return self.told(Answer::Inconclusive, "Its output is no text.".to_owned());
        }
        if let Some(overlap) = judge::overlap(&self.events, &kinds, is_given, alone) {
            return self.proven(overlap);
        }
        let asked: Vec<Event> = self.events.iter().filter(is_asked).cloned().collect();
        match self.hindrance(&asked, all_lines_kept, alone) {
            Some(reason) => self.open(reason),
            None => self.told(Answer::RuledOut, self.one_after_the_other()),
        }
    }

    /// Of each task what it may be held against. Where tasks are named, nobody asks about workers.
    fn kinds(&self) -> Vec<Option<&str>> {
        let are_tasks_named = self.tasks.iter().any(|known| known.role == Role::Task);
        let are_workers_asked = !are_tasks_named && !self.speaks_of_a_task;
        let is_asked = |known: &Known| known.role == Role::Task || are_workers_asked;
        self.tasks.iter().map(|known| is_asked(known).then_some(known.kind.as_str())).collect()
    }

    fn are_workers(&self) -> bool {
        self.tasks.iter().all(|known| known.role == Role::Worker)
    }

    fn name(&self, task: usize) -> &str {
        &self.tasks[task].task.name
    }

    fn told(&self, answer: Answer, sentence: String) -> Told {
        Told {
            answer,
            sentence,
            proof: None,
            overlap: None,
            tasks: self.tasks.iter().map(|known| known.task.clone()).collect(),
            proposal: None,
            pattern: self.pattern.as_ref().map(|pattern| pattern.as_str().to_owned()),
            lines: self.lines,
            named: self.events.len(),
        }
    }

    fn proven(&self, overlap: Overlap) -> Told {
        let [begins, goes_on] = overlap.lines.map(Event::quote);
        let [earlier, later] = [overlap.earlier, overlap.lines[0].task];
        let asked = if self.are_workers() {
            " Workers were asked about: no line names what they work at."
        } else {
            ""
        };
        let sentence = format!(
            "{} had begun before {}, and went on until {}: {} was in progress at once with it.{asked}",
            self.name(earlier),
            begins.describe(),
            goes_on.describe(),
            self.name(later),
        );
        let overlap = [earlier, later].map(|task| self.tasks[task].task.clone());
        let told = self.told(Answer::Proven, sentence);
        Told { proof: Some([begins, goes_on]), overlap: Some(overlap), ..told }
    }

    /// Why nothing can be ruled out, and what may help.
    fn hindrance(&self, asked: &[Event], all_lines_kept: bool, alone: bool) -> Option<String> {
        if self.is_empty() {
            let lines = if self.lines == 1 { "line names" } else { "lines names" };
            return Some(format!("None of its {} {lines} a task.", self.lines));
        }
        if asked.is_empty() {
            return Some(
                "Its lines name workers, and speak of what these work at without a name: whether \
                 that was in progress at once they do not say."
                    .to_owned(),
            );
        }
        if !all_lines_kept || self.too_many {
            return Some("Not all of its lines were looked at.".to_owned());
        }
        if self.tasks.iter().any(|known| known.kind != self.tasks[0].kind) {
            return Some("Its lines name more than one kind of thing.".to_owned());
        }
        if self.tasks.len() == 1 {
            let reason = "Only one task is named.".to_owned();
            return self.pattern.is_none().then_some(reason);
        }
        judge::why_open(asked, self.tasks.len(), alone)
            .map(|open| self.explain(&open, kept_back(&open, asked, alone)))
    }

    fn explain(&self, open: &Open, kept_back: &str) -> String {
        match open {
            Open::Short(task) => format!(
                "{} has fewer than two lines that show it in progress, and so is not seen to last.",
                self.name(*task)
            ),
            Open::Overlap([one, other]) => format!(
                "{} and {} have lines among each other's, but no two lines of progress prove that \
                 both were in progress: they may be announced, waiting or reported.",
                self.name(*one),
                self.name(*other)
            ),
            Open::InOneGo(task) => {
                format!("All lines of {} arrived in one go{kept_back}", self.name(*task))
            }
            Open::Begins(task) => {
                format!("The first lines of {} arrived in one go{kept_back}", self.name(*task))
            }
            Open::Uncovered => "The lines of its tasks cover less than a quarter of the run: its \
                                tasks may have begun before their first lines."
                .to_owned(),
        }
    }

    /// Adds what may tell more.
    fn open(&self, reason: String) -> Told {
        let told = self.told(Answer::Inconclusive, reason);
        if self.pattern.is_some() {
            return told;
        }
        // Where tasks are known, another pattern would only name them otherwise.
        let is_unsure = self.tasks.len() < 2 || self.named_share() < 2;
        let proposal = if is_unsure { propose::propose(&self.sample) } else { None };
        let hint = match &proposal {
            Some((arguments, matched)) => {
                format!(
                    " {arguments} would name the task of {matched} of its {} lines.",
                    self.lines
                )
            }
            None if is_unsure => {
                " If its lines name tasks in another way, say how with --task.".to_owned()
            }
            None => " A line that a task prints in the middle of its work tells more.".to_owned(),
        };
        let sentence = told.sentence.clone() + &hint;
        Told { sentence, proposal: proposal.map(|(arguments, _)| arguments), ..told }
    }

    /// How many tenths of the lines name a task.
    fn named_share(&self) -> usize {
        self.events.len() * 10 / self.lines.max(1)
    }

    fn one_after_the_other(&self) -> String {
        match self.tasks.as_slice() {
            [known] if self.lines == 1 => {
                format!("There is one line, of one task, {}.", known.task.name)
            }
            [known] => format!("All lines belong to one task, {}.", known.task.name),
            tasks => {
                let things = if self.are_workers() { "workers" } else { "tasks" };
                format!(
                    "Each of its {} {things} was done before the next one began, and their lines \
                     arrived as they were printed.",
                    tasks.len()
                )
            }
        }
    }
}

/// Who may have kept the lines back that arrived in one go, and what to do about it.
fn kept_back(open: &Open, asked: &[Event], alone: bool) -> &'static str {
    let (Open::InOneGo(task) | Open::Begins(task)) = open else { return "" };
    let mut arrivals = asked.iter().filter(|event| event.task == *task).map(|event| event.arrival);
    let first = arrivals.next();
    let is_one_read = arrivals.next() == first;
    let spread = asked.last().zip(first).is_some_and(|(last, first)| {
        last.arrival.saturating_sub(first) >= BURST
            || first.saturating_sub(asked[0].arrival) >= BURST
    });
    // What was kept in one buffer is read in one go, and one process has one: a program that writes
    // line by line is not told to do so.
    if is_one_read && !(alone && spread) {
        ": they may have been printed when the task had ended, or kept back in a buffer, as most \
         programs do that write to a pipe (`stdbuf -oL` and `python3 -u` tell them not to)."
    } else {
        ", though the program writes as it prints: they may have been printed together when the task \
         had ended, as results are, or too fast to be told apart."
    }
}

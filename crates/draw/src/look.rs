//! What all pictures of a run have in common: names, letters, and the marks on the time axis.

use std::collections::{HashMap, HashSet};

use crate::colours;
use crate::text::printable;
use lanes::{Columns, Holders, Lane, Lanes, State, Time, rows};

/// What stands for a task where there is no room for its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Badge {
    /// The task's number.
    pub(crate) task: u32,
    /// A letter, different for each of the first 52 tasks.
    pub(crate) letter: char,
    /// The place of the task's colour in the table.
    pub(crate) colour: usize,
}

/// A badge for each task, in the order of their lanes.
pub(crate) fn badges(lanes: &Lanes) -> Vec<Badge> {
    let colours = colours::places(lanes.tasks.iter().map(|lane| lane.name.as_str()));
    let letters = letters(&lanes.tasks);
    let badge = |(lane, letter): (&Lane, char)| Badge {
        task: lane.number,
        letter,
        colour: colours[lane.name.as_str()],
    };
    lanes.tasks.iter().zip(letters).map(badge).collect()
}

/// What the mark for what could have gone on means: by whom it was held up.
pub(crate) fn held_up(lanes: &Lanes) -> &'static str {
    match lanes.held_up_by() {
        Some(Holders::Own) => "held up by other tasks or threads",
        Some(Holders::Foreign) => "held up by other programs",
        Some(Holders::Both) => "held up by other tasks, threads or programs",
        None => "held up by others",
    }
}

/// The tasks' own names, if these are different letters; else one letter after the other.
fn letters(tasks: &[Lane]) -> Vec<char> {
    let own: Vec<char> = tasks.iter().filter_map(|lane| single_letter(&lane.name)).collect();
    let different: HashSet<char> = own.iter().copied().collect();
    if different.len() == tasks.len() {
        return own;
    }
    ('a'..='z').chain('A'..='Z').cycle().take(tasks.len()).collect()
}

fn single_letter(name: &str) -> Option<char> {
    let mut characters = name.chars();
    let first = characters.next()?;
    (first.is_ascii_alphabetic() && characters.next().is_none()).then_some(first)
}

/// What a task's lane is called: `task A`, or with its letter where that is not its name.
pub(crate) fn task_label(lane: &Lane, letter: char) -> String {
    match single_letter(&lane.name) {
        Some(name) if name == letter => format!("task {name}"),
        _ => format!("{letter} {}", printable(&lane.name)),
    }
}

/// Which lanes the lower panel of a picture has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lower {
    /// Threads if only a few of them computed; else cores, where they are known.
    #[default]
    Best,
    /// A row a thread.
    Threads,
    /// A row a core.
    Cores,
    /// Rows of threads, as few as they fit in where there are many, and then a row a core.
    ThreadsAndCores,
}

/// A row of the lower panel: one lane, or some that were never there at once.
#[derive(Clone, Debug)]
pub(crate) struct LowerRow<'a> {
    /// What it is called.
    pub(crate) label: String,
    /// Its lanes, in the order of time.
    pub(crate) lanes: Vec<&'a Lane>,
    /// Whether they are threads, and not cores.
    pub(crate) is_of_threads: bool,
}

/// The most threads that are shown with a row for each, if it is left to us.
const FEW_THREADS: usize = 4;

/// The most threads that have a row for each where they are asked for.
const MANY_THREADS: usize = 24;

/// The most rows of threads in a picture that stands on one page.
const MOST_ROWS: usize = 64;

/// The rows of the lower panel.
///
/// A thread's row tells more than a core's: that it was there and idle, or that
/// it lost its core. But a program may start a thread for every part, and dozens
/// of short rows show nothing. Then cores have the rows, of which there are only
/// so many; and where the system does not tell cores, threads that were never
/// computing at once share a row.
pub(crate) fn lower_rows(lanes: &Lanes, lower: Lower) -> Vec<LowerRow<'_>> {
    let computed = |lane: &&Lane| lane.totals.of(State::Computing) > 0;
    let threads = lanes.threads.iter().filter(computed).count();
    match lower {
        // Where nobody computed, threads that do nothing are what there is to see.
        _ if threads == 0 => rows_of_threads(lanes, |_| true),
        Lower::Best if threads <= FEW_THREADS => rows_of_threads(lanes, |lane| computed(&lane)),
        Lower::Threads => rows_of_threads(lanes, |lane| computed(&lane)),
        Lower::Best | Lower::Cores if !lanes.cores.is_empty() => rows_of_cores(lanes),
        Lower::Best | Lower::Cores => packed_rows(lanes),
        Lower::ThreadsAndCores => {
            let mut rows = match threads {
                ..=MANY_THREADS => rows_of_threads(lanes, |lane| computed(&lane)),
                _ => packed_rows(lanes),
            };
            rows.truncate(MOST_ROWS);
            rows.extend(rows_of_cores(lanes));
            rows
        }
    }
}

fn rows_of_cores(lanes: &Lanes) -> Vec<LowerRow<'_>> {
    let row = |lane| LowerRow { label: core_label(lane), lanes: vec![lane], is_of_threads: false };
    lanes.cores.iter().map(row).collect()
}

fn rows_of_threads(lanes: &Lanes, is_shown: impl Fn(&Lane) -> bool) -> Vec<LowerRow<'_>> {
    let names = Names::of(lanes);
    let shown = lanes.threads.iter().filter(|lane| is_shown(lane));
    let row = |lane| LowerRow { label: names.label(lane), lanes: vec![lane], is_of_threads: true };
    shown.map(row).collect()
}

fn packed_rows(lanes: &Lanes) -> Vec<LowerRow<'_>> {
    let names = Names::of(lanes);
    let row = |row: Vec<usize>| {
        let lanes_of_row: Vec<&Lane> = row.iter().map(|&place| &lanes.threads[place]).collect();
        let label = match lanes_of_row[..] {
            [lane] => names.label(lane),
            _ => format!("{} threads", row.len()),
        };
        LowerRow { label, lanes: lanes_of_row, is_of_threads: true }
    };
    rows(&lanes.threads).into_iter().map(row).collect()
}

/// What a core's lane is called.
pub(crate) fn core_label(lane: &Lane) -> String {
    format!("core {}", lane.number)
}

/// How many threads have each name.
struct Names<'a>(HashMap<&'a str, usize>);

impl Names<'_> {
    fn of(lanes: &Lanes) -> Names<'_> {
        let mut names = HashMap::new();
        for lane in &lanes.threads {
            *names.entry(lane.name.as_str()).or_insert(0) += 1;
        }
        Names(names)
    }

    /// What a thread's lane is called: by its name if no other thread has the
    /// same, else by its number.
    fn label(&self, lane: &Lane) -> String {
        if lane.name.is_empty() || self.0.get(lane.name.as_str()).is_some_and(|&count| count > 1) {
            format!("thread {}", lane.number)
        } else {
            printable(&lane.name)
        }
    }
}

/// The marks on a time axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Axis {
    /// When each mark is.
    pub(crate) times: Vec<Time>,
    /// What stands at each mark; the last one has the unit.
    pub(crate) labels: Vec<String>,
}

/// A time axis in characters, one a column.
pub fn axis_cells(columns: &Columns, unicode: bool) -> Vec<char> {
    const APART: usize = 10;
    let mut cells = vec![' '; columns.count];
    let axis = axis(columns.length, columns.count / APART);
    for (&time, label) in axis.times.iter().zip(&axis.labels) {
        let label = if unicode { label.clone() } else { label.replace('µ', "u") };
        // The last label may have to move to the left.
        let column = columns.at(time).min(columns.count - label.chars().count());
        for (cell, character) in cells[column..].iter_mut().zip(label.chars()) {
            *cell = character;
        }
    }
    cells
}

/// Marks at round times, at most so many.
pub(crate) fn axis(length: Time, most: usize) -> Axis {
    let step = step(length, most);
    let (unit, size) = unit(length);
    let times: Vec<Time> = (0..length.max(1)).step_by(usize_of(step)).collect();
    let mut labels: Vec<String> = times.iter().map(|&time| number(time, size, step)).collect();
    if let Some(last) = labels.last_mut() {
        last.push_str(unit);
    }
    Axis { times, labels }
}

/// The shortest of 1, 2, 5, 10, 20, 50 … nanoseconds with which there are few enough marks.
fn step(length: Time, most: usize) -> Time {
    let powers = (0..19).map(|power| 10_u64.pow(power));
    let steps = powers.flat_map(|power| [power, 2 * power, 5 * power]);
    let mut fitting = steps.filter(|step| length / step < most.max(1) as u64);
    fitting.next().unwrap_or(10_u64.pow(19))
}

fn unit(length: Time) -> (&'static str, Time) {
    match length {
        0..2_000 => (" ns", 1),
        2_000..2_000_000 => (" µs", 1_000),
        2_000_000..2_000_000_000 => (" ms", 1_000_000),
        _ => (" s", 1_000_000_000),
    }
}

/// A time in a unit, with as many decimals as a step needs.
fn number(time: Time, size: Time, step: Time) -> String {
    let decimals =
        (0..9).take_while(|&decimals| !(step * 10_u64.pow(decimals)).is_multiple_of(size));
    let decimals = decimals.count();
    let value = time as f64 / size as f64;
    format!("{value:.decimals$}")
}

fn usize_of(time: Time) -> usize {
    usize::try_from(time).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Time = 1_000_000;

    fn tasks(names: &[&str]) -> Vec<Lane> {
        let lane = |(number, name): (u32, &&str)| Lane {
            number,
            name: (*name).to_owned(),
            ..Lane::default()
        };
        (1..).zip(names).map(lane).collect()
    }

    #[test]
    fn tasks_that_are_called_after_letters_keep_them() {
        assert_eq!(letters(&tasks(&["A", "C", "x"])), ['A', 'C', 'x']);
        assert_eq!(letters(&tasks(&["A", "A", "B"])), ['a', 'b', 'c']);
        assert_eq!(letters(&tasks(&["squares", "B"])), ['a', 'b']);
    }

    #[test]
    fn a_task_is_labelled_with_its_letter() {
        let lanes = tasks(&["A", "squares"]);
        assert_eq!(task_label(&lanes[0], 'A'), "task A");
        assert_eq!(task_label(&lanes[0], 'b'), "b A");
        assert_eq!(task_label(&lanes[1], 'a'), "a squares");
    }

    #[test]
    fn marks_on_the_axis_are_round_and_few() {
        let labels = |length, most| axis(length, most).labels;
        assert_eq!(labels(241 * MS, 6), ["0", "50", "100", "150", "200 ms"]);
        assert_eq!(labels(10 * MS, 5), ["0", "5 ms"]);
        assert_eq!(labels(2_500 * MS, 5), ["0", "1", "2 s"]);
        assert_eq!(labels(12_345 * MS, 4), ["0", "5", "10 s"]);
        assert_eq!(labels(0, 5), ["0 ns"]);
        for length in [1, 7, 999, 10_001, 123_456_789, u64::MAX / 2] {
            for most in [1, 4, 20] {
                assert!(axis(length, most).times.len() <= most, "{length} {most}");
            }
        }
    }

    #[test]
    fn marks_have_the_decimals_that_they_need() {
        assert_eq!(number(1_500, 1_000, 500), "1.5");
        assert_eq!(number(1_000, 1_000, 500), "1.0");
        assert_eq!(number(20_000, 1_000, 10_000), "20");
    }
}

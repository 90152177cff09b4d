//! What is proven, and what is ruled out.

use std::collections::HashMap;
use std::time::Duration;

use crate::progress::Kind;
use crate::told::Quote;

/// Lines that arrive closer to one another may have been written in one go.
pub(crate) const BURST: Duration = Duration::from_millis(1);

/// A task is seen to last where two of its lines, one after the other, are further apart.
const PAUSE: Duration = Duration::from_millis(10);

/// The tasks together must last for this part of the time from the program's start to their last
/// line: before the first line, tasks may have been in progress, or an interpreter may have started.
const COVERED: u32 = 4;

/// So often the lines of two tasks must take turns, in their own time, where none of our words says
/// that they are lines of progress: a list of all tasks is not printed so often.
const TURNS: usize = 6;

/// Among so many tasks, turns are looked for.
const COMPARED: usize = 8;

/// A line that names a task.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) task: usize,
    pub(crate) kind: Kind,
    pub(crate) place: usize,
    pub(crate) arrival: Duration,
    pub(crate) text: Box<str>,
    /// Whether a line without a task arrived with it.
    pub(crate) is_mixed: bool,
}

impl Event {
    /// The line, word for word.
    pub(crate) fn quote(&self) -> Quote {
        Quote { text: self.text.to_string(), place: self.place, arrival: self.arrival }
    }
}

/// Two lines between which two tasks were in progress: the first line of the one, and a later one of
/// the other, which had begun before.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Overlap<'a> {
    pub(crate) earlier: usize,
    pub(crate) lines: [&'a Event; 2],
}

/// Why nothing is ruled out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Open {
    /// The task has fewer than two lines.
    Short(usize),
    /// The lines of the two tasks overlap, though none proves anything.
    Overlap([usize; 2]),
    /// The lines of the task arrived in one go.
    InOneGo(usize),
    /// The first lines of the task arrived in one go.
    Begins(usize),
    /// Most of the time passed before or between the tasks' lines.
    Uncovered,
}

/// The lines that show progress and when: what several processes flushed at their end shows not when.
fn telling(events: &[Event], alone: bool) -> &[Event] {
    let Some(last) = events.last().filter(|_| !alone) else { return events };
    let is_late = |event: &Event| last.arrival.saturating_sub(event.arrival) < BURST;
    let burst = events.iter().rev().take_while(|event| is_late(event)).count();
    let (before, end) = events.split_at(events.len() - burst);
    if end.iter().all(|event| event.task == last.task) { events } else { before }
}

/// Two tasks that were in progress at once, if the lines prove it. `kinds` says of each task what may
/// be held against it, and nothing where it is not asked about.
pub(crate) fn overlap<'a>(
    events: &'a [Event],
    kinds: &[Option<&str>],
    is_given: bool,
    alone: bool,
) -> Option<Overlap<'a>> {
    let telling = telling(events, alone);
    let mut lasting: Vec<_> = progress(telling, kinds, is_given).into_values().collect();
    lasting.retain(|lines| lines.len() > 1);
    lasting.sort_unstable_by_key(|lines| lines[0].place);
    // Of each kind, the task that ends last of those that began so far.
    let mut latest: HashMap<Option<&str>, Vec<&Event>> = HashMap::new();
    for lines in lasting {
        let kind = kinds[lines[0].task];
        let other = latest.get(&kind);
        if let Some(goes_on) = other.and_then(|other| shows(other, &lines, is_given)) {
            return Some(Overlap { earlier: goes_on.task, lines: [lines[0], goes_on] });
        }
        if other.is_none_or(|other| last(other).place < last(&lines).place) {
            latest.insert(kind, lines);
        }
    }
    if is_given { None } else { turns(telling, kinds) }
}

/// The lines of each task that show it in progress.
fn progress<'a>(
    events: &'a [Event],
    kinds: &[Option<&str>],
    is_given: bool,
) -> HashMap<usize, Vec<&'a Event>> {
    let mut lines: HashMap<usize, Vec<&Event>> = HashMap::new();
    for event in events {
        let counts = event.kind == Kind::Progress || is_given && event.kind == Kind::Unknown;
        if counts && kinds[event.task].is_some() {
            lines.entry(event.task).or_default().push(event);
        }
    }
    lines
}

fn last<'a>(lines: &[&'a Event]) -> &'a Event {
    lines.last().expect("a task that is known has a line")
}

/// The line of the first task that shows that the second began within it. Within one write a guess
/// needs them to take turns, for what is called and what calls it do not.
fn shows<'a>(first: &[&'a Event], second: &[&Event], is_given: bool) -> Option<&'a Event> {
    let began = second[0].place;
    let next = first.get(first.partition_point(|line| line.place < began))?;
    let is_within = first[0].place < began;
    let alternate = next.place < last(second).place;
    let lasts = last(first).arrival.saturating_sub(first[0].arrival) >= BURST;
    (is_within && (is_given || alternate || lasts)).then_some(*next)
}

/// Two tasks of which nothing is known but that their lines take turns, again and again, in their
/// own time.
fn turns<'a>(events: &'a [Event], kinds: &[Option<&str>]) -> Option<Overlap<'a>> {
    let counts = |event: &&Event| matches!(event.kind, Kind::Progress | Kind::Unknown);
    let compared = 0..kinds.len().min(COMPARED);
    let pairs =
        compared.clone().flat_map(|one| (one + 1..compared.end).map(move |other| [one, other]));
    let same = pairs.filter(|[one, other]| kinds[*one].is_some() && kinds[*one] == kinds[*other]);
    for pair in same {
        let mut turns: Vec<&Event> = Vec::new();
        for event in events.iter().filter(counts).filter(|event| pair.contains(&event.task)) {
            let is_turn = turns.last().is_none_or(|last| {
                last.task != event.task && event.arrival.saturating_sub(last.arrival) >= BURST
            });
            if is_turn {
                turns.push(event);
            }
        }
        if turns.len() >= TURNS {
            return Some(Overlap { earlier: turns[0].task, lines: [turns[1], turns[2]] });
        }
    }
    None
}

/// One task's lines, as far as they bear on whether it was in progress.
#[derive(Clone, Copy, Debug)]
struct Span<'a> {
    first: &'a Event,
    last: &'a Event,
    lines: usize,
    longest_pause: Duration,
    first_pause: Duration,
}

/// Why it is open whether one task came after the other, or nothing where it is seen.
pub(crate) fn why_open(events: &[Event], tasks: usize, alone: bool) -> Option<Open> {
    let mut spans = spans(events, tasks);
    spans.sort_unstable_by_key(|span| span.first.place);
    for (task, next) in spans.iter().zip(spans.iter().skip(1)) {
        if next.first.place < task.last.place {
            return Some(Open::Overlap([task.first.task, next.first.task]));
        }
    }
    let told_of = |task: usize| spans.iter().find(|span| span.first.task == task);
    let is_short = |task: &usize| told_of(*task).is_none_or(|span| span.lines < 2);
    if let Some(task) = (0..tasks).find(is_short) {
        return Some(Open::Short(task));
    }
    if let Some(span) = spans.iter().find(|span| span.longest_pause < PAUSE) {
        return Some(Open::InOneGo(span.first.task));
    }
    let began = |span: &&Span| span.first_pause < BURST || !alone && span.first.is_mixed;
    if let Some(span) = spans.iter().find(began) {
        return Some(Open::Begins(span.first.task));
    }
    let end = spans.last()?.last.arrival;
    let lasted = |span: &Span| span.last.arrival.saturating_sub(span.first.arrival);
    let covered: Duration = spans.iter().map(lasted).sum();
    (covered * COVERED < end).then_some(Open::Uncovered)
}

/// From the first to the last line of each task; that it is to come is said before it is in progress.
fn spans(events: &[Event], tasks: usize) -> Vec<Span<'_>> {
    let mut spans: Vec<Option<Span>> = vec![None; tasks];
    for event in events {
        match &mut spans[event.task] {
            Some(span) => {
                let pause = event.arrival.saturating_sub(span.last.arrival);
                span.first_pause = if span.lines == 1 { pause } else { span.first_pause };
                span.longest_pause = span.longest_pause.max(pause);
                span.last = event;
                span.lines += 1;
            }
            None if event.kind == Kind::Announced => {}
            none => {
                let (longest_pause, first_pause) = (Duration::ZERO, Duration::ZERO);
                let (first, last) = (event, event);
                *none = Some(Span { first, last, lines: 1, longest_pause, first_pause });
            }
        }
    }
    spans.into_iter().flatten().collect()
}

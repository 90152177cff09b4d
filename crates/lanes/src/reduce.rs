//! The same lanes at a lower resolution.
//!
//! A picture that is `pixels` wide cannot show more than that many different
//! things a lane. What is shorter than a pixel is merged with its neighbours
//! until it is not; what is longer stays exactly as it is. A merged span tells
//! how long it was in each state, so that totals remain what they were. The
//! verdict's evidence is kept: a highlight is never touched, nothing is merged
//! across its start or end on the lanes that it names, and so are the lines
//! that a broken edge of the contract names.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::{About, Axis, Lane, Lanes, Level, Mark, Span, State, Strip, Time, Totals};

/// What was merged into one [`Span`]. Between spans of a core there may be gaps, in no state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// How many spans there were.
    pub count: usize,
    /// How long they were in each state.
    pub totals: Totals,
}

impl Merged {
    fn join(&mut self, other: &Merged) {
        self.count += other.count;
        for state in State::ALL {
            self.totals.add(state, other.totals.of(state));
        }
    }
}

impl Lanes {
    /// What a picture that is `pixels` wide can show of these lanes: in time linear in what is there.
    pub fn at_resolution(&self, pixels: usize) -> Lanes {
        let pixel = self.length.div_ceil(pixels.max(1) as u64).max(1);
        let lanes = |lanes: &[Lane], axis: Option<Axis>| -> Vec<Lane> {
            lanes.iter().map(|lane| lane.reduced(pixel, &self.limits(axis, lane.number))).collect()
        };
        Lanes {
            resolution: pixel.max(self.resolution),
            tasks: lanes(&self.tasks, Some(Axis::Concurrent)),
            threads: lanes(&self.threads, Some(Axis::Parallel)),
            cores: lanes(&self.cores, None),
            strip: Strip {
                in_progress: reduced_levels(&self.strip.in_progress, pixel),
                executing: reduced_levels(&self.strip.executing, pixel),
            },
            marks: self.reduced_marks(pixel),
            waits: self.waits.clone(),
            edges: self.edges.clone(),
            highlights: self.highlights.clone(),
            ..*self
        }
    }

    /// The same, if there are no more than so many spans; else at a resolution
    /// that leaves no more, if one does.
    pub fn at_most(&self, spans: usize) -> Cow<'_, Lanes> {
        let mut lanes = Cow::Borrowed(self);
        let mut pixels = spans;
        while lanes.spans() > spans && pixels > 0 {
            lanes = Cow::Owned(lanes.at_resolution(pixels));
            pixels /= 2;
        }
        lanes
    }

    /// How many spans there are.
    fn spans(&self) -> usize {
        let lanes = [&self.tasks, &self.threads, &self.cores].into_iter().flatten();
        lanes.map(|lane| lane.spans.len()).sum()
    }

    /// The times at which a highlight on this lane starts or ends.
    fn limits(&self, axis: Option<Axis>, lane: u32) -> Vec<Time> {
        let about = |highlight: &&super::Highlight| {
            Some(highlight.axis) == axis && highlight.lanes.contains(&lane)
        };
        let highlights = self.highlights.iter().filter(about);
        let mut limits: Vec<Time> = highlights.flat_map(|h| [h.start, h.end]).collect();
        limits.sort_unstable();
        limits
    }

    /// The lines, but a task's that fall into the same pixel as its last one are counted there.
    fn reduced_marks(&self, pixel: Time) -> Vec<Mark> {
        let ends = self.edges.iter().filter(|edge| edge.is_broken());
        let kept: HashSet<usize> =
            ends.flat_map(|edge| [edge.earlier.place, edge.later.place]).collect();
        let mut last_of_task = HashMap::new();
        let mut marks: Vec<Mark> = Vec::new();
        for mark in &self.marks {
            let last = last_of_task.get(&mark.task).map(|&place: &usize| &mut marks[place]);
            match last {
                Some(last) if last.time + pixel > mark.time && !kept.contains(&mark.place) => {
                    last.more += 1;
                }
                _ => {
                    last_of_task.insert(mark.task, marks.len());
                    marks.push(mark.clone());
                }
            }
        }
        marks
    }
}

impl Lane {
    pub(super) fn reduced(&self, pixel: Time, limits: &[Time]) -> Lane {
        let mut limits = limits.iter().copied().peekable();
        let mut heap: Option<Heap> = None;
        let mut spans = Vec::new();
        for span in &self.spans {
            let is_long = span.length() >= pixel;
            let is_limit = limits.next_if(|&limit| limit < span.end).is_some();
            while limits.next_if(|&limit| limit < span.end).is_some() {}
            let is_far = heap.as_ref().is_some_and(|heap| heap.end + pixel <= span.start);
            if is_long || is_limit || is_far {
                spans.extend(heap.take().map(Heap::into_span));
            }
            if is_long {
                spans.push(span.clone());
                continue;
            }
            let grown = heap.get_or_insert_with(|| Heap::new(span.start));
            grown.add(span);
            if grown.end - grown.start >= pixel {
                spans.extend(heap.take().map(Heap::into_span));
            }
        }
        spans.extend(heap.map(Heap::into_span));
        Lane { spans, name: self.name.clone(), ..*self }
    }
}

/// Spans that are being merged.
struct Heap {
    start: Time,
    end: Time,
    merged: Merged,
    /// The longest span in each state: what a merged span is said to be about.
    longest: [(Time, About); 4],
    only: Option<Span>,
}

impl Heap {
    fn new(start: Time) -> Heap {
        let longest = [(0, About::default()); 4];
        Heap { start, end: start, merged: Merged::default(), longest, only: None }
    }

    fn add(&mut self, span: &Span) {
        self.end = span.end;
        self.only = (self.merged.count == 0).then(|| span.clone());
        match &span.merged {
            Some(merged) => self.merged.join(merged),
            None => {
                self.merged.count += 1;
                self.merged.totals.add(span.state, span.length());
            }
        }
        let longest = &mut self.longest[span.state as usize];
        if span.length() > longest.0 {
            *longest = (span.length(), span.about);
        }
    }

    fn into_span(self) -> Span {
        if let Some(only) = self.only {
            return only;
        }
        let state = self.merged.totals.prevailing().unwrap_or(State::Quiet);
        let (_, about) = self.longest[state as usize];
        Span { start: self.start, end: self.end, state, about, merged: Some(Box::new(self.merged)) }
    }
}

/// Levels of at least a pixel each, but perhaps for the last and those beside long ones.
pub(super) fn reduced_levels(levels: &[Level], pixel: Time) -> Vec<Level> {
    let mut reduced: Vec<Level> = Vec::new();
    for &level in levels {
        match reduced.last_mut() {
            Some(last) if last.length() < pixel && level.length() < pixel => {
                last.end = level.end;
                last.least = last.least.min(level.least);
                last.most = last.most.max(level.most);
                last.area += level.area;
            }
            _ => reduced.push(level),
        }
    }
    reduced
}

/// The spans as they look: those in the same state and for the same task are
/// joined if nothing of length `least` lies between them, and what is shorter
/// is left out there. Merged spans stay as they are.
pub fn joined(spans: &[Span], least: Time) -> Vec<Span> {
    let mut joined: Vec<Span> = Vec::new();
    for span in spans {
        let last = joined.last_mut().filter(|last| span.start - last.end < least.max(1));
        match last {
            Some(last) if last.looks_like(span) => {
                last.end = span.end;
                last.about = last.about.in_common_with(&span.about);
            }
            // It stays a gap, unless what follows looks like what came before.
            Some(_) if span.length() < least && span.merged.is_none() => {}
            _ => joined.push(span.clone()),
        }
    }
    joined
}

impl Span {
    fn looks_like(&self, other: &Span) -> bool {
        let is_one_piece = self.merged.is_none() && other.merged.is_none();
        is_one_piece && self.state == other.state && self.about.task == other.about.task
    }
}

impl About {
    fn in_common_with(&self, other: &About) -> About {
        fn same<T: PartialEq + Copy>(one: Option<T>, other: Option<T>) -> Option<T> {
            one.filter(|_| one == other)
        }
        About {
            task: same(self.task, other.task),
            step: same(self.step, other.step),
            part: same(self.part, other.part),
            thread: same(self.thread, other.thread),
            core: same(self.core, other.core),
            wait: same(self.wait, other.wait),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::Script;
    use crate::{Edge, End, Highlight};

    const MS: Time = 1_000_000;

    /// A task that is computed for one millisecond in every two, on one thread, and then for long.
    fn flicker() -> Lanes {
        let script = Script::new().thread(0, 0, "main").start(0, 0, 1, "A");
        let parts = (0..40_u32).map(|part| (u64::from(part) * 2, part));
        let script = parts.fold(script, |script, (start, part)| {
            script.part(start..start + 1, [0, 0], [1, 1, part]).say(start + 1, 0, 1, "tick")
        });
        let script = script.part(80..200, [0, 0], [1, 2, 1]);
        Lanes::of(&script.end(200, 0, 1).trace())
    }

    /// The time in each state, as the spans have it.
    fn recount(lane: &Lane) -> Totals {
        let mut totals = Merged::default();
        for span in &lane.spans {
            match &span.merged {
                Some(merged) => totals.join(merged),
                None => totals.totals.add(span.state, span.length()),
            }
        }
        totals.totals
    }

    #[test]
    fn what_is_shorter_than_a_pixel_is_merged_and_the_rest_stays_as_it_is() {
        let reduced = flicker().at_resolution(10); // 20 ms a pixel
        let spans = &reduced.threads[0].spans;
        assert_eq!(spans.len(), 5);
        let merged = spans[0].merged.as_ref().expect("a merged span");
        assert_eq!((spans[0].start, spans[0].end, merged.count), (0, 20 * MS, 20));
        assert_eq!(merged.totals.of(State::Computing), 10 * MS);
        assert_eq!((spans[4].start, spans[4].end), (80 * MS, 200 * MS));
        assert_eq!(spans[4].merged, None);
    }

    #[test]
    fn no_resolution_changes_how_long_a_lane_did_what() {
        let lanes = flicker();
        for pixels in [1, 7, 60, 200, 100_000] {
            let reduced = lanes.at_resolution(pixels);
            let twice = reduced.at_resolution(pixels.div_ceil(3));
            for lanes in [&reduced, &twice] {
                for lane in [&lanes.tasks, &lanes.threads, &lanes.cores].into_iter().flatten() {
                    assert_eq!(recount(lane), lane.totals, "{pixels} pixels");
                }
            }
            let area = |levels: &[Level]| levels.iter().map(|level| level.area).sum::<u64>();
            assert_eq!(area(&reduced.strip.executing), area(&lanes.strip.executing));
        }
    }

    #[test]
    fn a_lane_has_no_more_spans_than_twice_its_pixels() {
        let reduced = flicker().at_resolution(10);
        let lanes = reduced.tasks.iter().chain(&reduced.threads).chain(&reduced.cores);
        assert!(lanes.clone().count() == 3);
        assert!(lanes.map(|lane| lane.spans.len()).all(|spans| spans <= 20));
        assert!(reduced.strip.executing.len() <= 20);
        assert!(reduced.marks.len() <= 10);
    }

    #[test]
    fn there_are_no_more_spans_than_asked_for() {
        let lanes = flicker();
        assert_eq!(lanes.at_most(lanes.spans()).as_ref(), &lanes);
        for most in [10, 60, lanes.spans() - 1] {
            let reduced = lanes.at_most(most);
            assert!(reduced.spans() <= most, "{} of {most}", reduced.spans());
            assert!(reduced.resolution > 0);
        }
    }

    #[test]
    fn surplus_lines_are_counted_where_the_last_one_stands() {
        let lanes = flicker();
        let reduced = lanes.at_resolution(10);
        let shown: usize = reduced.marks.iter().map(|mark| 1 + mark.more).sum();
        assert_eq!(shown, lanes.marks.len());
        assert!(reduced.marks[0].more > 0);
    }

    #[test]
    fn nothing_is_merged_across_the_ends_of_a_highlight() {
        let mut lanes = flicker();
        let sentence = String::new();
        let (start, end, at_least) = (26 * MS, 27 * MS, MS);
        let axis = Axis::Parallel;
        lanes.highlights.push(Highlight { axis, lanes: [0, 1], start, end, at_least, sentence });
        let reduced = lanes.at_resolution(2);
        let limits = reduced.threads[0].spans.iter().flat_map(|span| [span.start, span.end]);
        let limits: HashSet<Time> = limits.collect();
        assert!(limits.contains(&start) && limits.contains(&end));
        assert_eq!(reduced.highlights, lanes.highlights);
    }

    #[test]
    fn the_lines_of_a_broken_edge_are_never_dropped() {
        let mut lanes = flicker();
        let [earlier, later] = [9, 8].map(|place: usize| End::from(&lanes.marks[place - 1]));
        lanes.edges.push(Edge { earlier, later });
        let reduced = lanes.at_resolution(1);
        assert!([8, 9].iter().all(|&place| reduced.marks.iter().any(|mark| mark.place == place)));
        assert_eq!(reduced.edges, lanes.edges);
    }
}

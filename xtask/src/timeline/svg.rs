//! Lanes as an SVG picture, for documents and slides.
//!
//! The picture brings its own background and follows the reader's preference
//! for light or dark; a program that does not know preferences shows it light.
//! It uses no script, loads nothing, and its text is text. As in the terminal
//! every state has a shape besides its colour: compute is a block, being ready
//! is a hatched block, waiting a dotted line and nothing known a plain one.

mod counts;
mod paper;
mod rows;

use std::collections::{HashMap, HashSet};

use super::lanes::{Axis, Lanes, State, Strip, Time};
use super::look::{self, Badge, Lower};
use crate::show::{count, duration};
use paper::{Anchor, Paper};
use rows::{DOTS, hatch};

/// The width of a picture, in pixels.
const WIDTH: f64 = 960.0;
/// Where lanes begin: what is left of it is for their names.
const LEFT: f64 = 118.0;
/// Where lanes end.
const RIGHT: f64 = WIDTH - 22.0;
/// Draws the lanes under a title.
pub(crate) fn draw(lanes: &Lanes, title: &str, lower: Lower) -> String {
    // Half a pixel is what a screen of high density can show.
    const RESOLUTION: usize = 2 * (RIGHT - LEFT) as usize;
    let reduced = lanes.at_resolution(RESOLUTION);
    let mut picture = Picture {
        lanes: &reduced,
        badges: look::badges(lanes),
        paper: Paper::default(),
        y: 0.0,
        least: lanes.length / RESOLUTION as u64,
        rows_of_tasks: HashMap::new(),
        used: HashSet::new(),
    };
    let top = picture.heading(title);
    picture.tasks();
    picture.count("tasks at once", &reduced.strip.in_progress, Axis::Concurrent);
    picture.lower(&look::lower_rows(&reduced, lower));
    picture.count("cores at once", &reduced.strip.executing, Axis::Parallel);
    picture.axis(top);
    picture.edges();
    picture.legend();
    picture.paper.reach(picture.y + 14.0);
    picture.paper.finish(WIDTH, title, &describe(lanes))
}

/// What the picture shows, in words.
pub(crate) fn describe(lanes: &Lanes) -> String {
    let of = duration_of(lanes.length);
    let mut sentences = vec![format!("A run of {of} as lanes on a time axis.")];
    for (levels, what) in [(&lanes.strip.in_progress, "task"), (&lanes.strip.executing, "thread")] {
        let most = levels.iter().map(|level| level.most).max().unwrap_or(0);
        let several = duration_of(Strip::at_least_two(levels));
        let doing = if what == "task" { "in progress" } else { "executing" };
        sentences.push(match most {
            0 => format!("No {what} was {doing}."),
            1 => format!("Never more than one {what} was {doing} at once."),
            _ => format!("Up to {most} {what}s were {doing} at once, two or more for {several}."),
        });
    }
    sentences.extend(lanes.highlights.iter().map(|highlight| highlight.sentence.clone()));
    sentences.join(" ")
}

struct Picture<'a> {
    lanes: &'a Lanes,
    badges: Vec<Badge>,
    paper: Paper,
    /// Where the next row begins.
    y: f64,
    /// How far down the middle of each task's row is.
    rows_of_tasks: HashMap<u32, f64>,
    /// What is shorter than this cannot be seen.
    least: Time,
    /// The states that were drawn.
    used: HashSet<State>,
}

impl Picture<'_> {
    /// Where a time stands.
    #[expect(clippy::cast_precision_loss, reason = "a pixel has no sixteen digits")]
    fn x(&self, time: Time) -> f64 {
        LEFT + (RIGHT - LEFT) * time as f64 / self.lanes.length.max(1) as f64
    }

    /// The title; returns where the time axis begins.
    fn heading(&mut self, title: &str) -> f64 {
        self.paper.text("ink title", [16.0, 28.0], Anchor::Start, title);
        let cores = self.lanes.available_cores.and_then(|cores| usize::try_from(cores).ok());
        let cores = cores.map(|cores| format!(" on {}", count(cores, "core"))).unwrap_or_default();
        let note = format!("{}{cores}", duration_of(self.lanes.length));
        self.paper.text("dim", [RIGHT, 28.0], Anchor::End, &note);
        self.y = 64.0;
        50.0
    }

    /// The time axis above the lanes, and lines down from it to the last row.
    fn axis(&mut self, top: f64) {
        let axis = look::axis(self.lanes.length, 12);
        for (&time, label) in axis.times.iter().zip(&axis.labels) {
            let x = self.x(time);
            self.paper.line_beneath("grid", x, [top + 5.0, self.y]);
            let anchor = if x > RIGHT - 20.0 { Anchor::End } else { Anchor::Middle };
            self.paper.text("dim small", [x.min(RIGHT), top], anchor, label);
        }
    }

    /// What the shapes mean.
    fn legend(&mut self) {
        const SAMPLE: f64 = 20.0;
        let prints_steps = self.lanes.marks.iter().any(|mark| mark.step.is_some());
        let has = |state| self.used.contains(&state);
        let entries = [
            (Sample::State(State::Computing), "computing", has(State::Computing)),
            (Sample::State(State::Ready), "ready, not computing", has(State::Ready)),
            (Sample::State(State::Waiting), "waiting", has(State::Waiting)),
            (Sample::State(State::Quiet), "there, nothing recorded", has(State::Quiet)),
            (Sample::Line(Some(1)), "prints step 1", prints_steps),
            (Sample::Line(None), "prints a line", true),
            (Sample::Several, "two or more at once", true),
        ];
        self.y += 8.0;
        let mut x = 16.0;
        for (sample, text, is_used) in entries {
            if !is_used {
                continue;
            }
            let width = SAMPLE + 6.0 + 6.0 * text.len() as f64;
            if x + width > RIGHT {
                (x, self.y) = (16.0, self.y + 18.0);
            }
            self.sample(sample, x);
            self.paper.text("dim small", [x + SAMPLE + 5.0, self.y + 10.0], Anchor::Start, text);
            x += width + 12.0;
        }
        self.y += 14.0;
    }

    /// A shape of the legend, twenty pixels wide.
    fn sample(&mut self, sample: Sample, x: f64) {
        let (top, middle) = (self.y + 1.0, self.y + 6.0);
        match sample {
            Sample::State(State::Computing) => self.paper.rect("f0", [x, top, 20.0, 10.0], ""),
            Sample::State(State::Ready) => self.paper.rect("", [x, top, 20.0, 10.0], &hatch(0)),
            Sample::State(State::Waiting) => {
                self.paper.line("s0", [x + 3.0, middle], [x + 20.0, middle], DOTS);
            }
            Sample::State(State::Quiet) => {
                self.paper.line("quiet", [x, middle], [x + 20.0, middle], "");
            }
            Sample::Line(step) => self.line_of_output([x + 11.0, middle], 0, step),
            Sample::Several => self.paper.rect("many", [x, top, 20.0, 10.0], ""),
        }
    }
}

/// What the legend has a sample of.
#[derive(Clone, Copy, Debug)]
enum Sample {
    State(State),
    Line(Option<u16>),
    Several,
}

fn duration_of(time: Time) -> String {
    duration(std::time::Duration::from_nanos(time))
}

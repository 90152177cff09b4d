//! A run as an inline picture: task lanes, the strip, core lanes and thread lanes on one time axis.
//!
//! The picture is complete as it stands, without a script. Along the time axis
//! everything is placed in per cent of the picture's width, so that zooming is
//! nothing but making the picture wider: patterns and letters keep their shape.
//! The script moves a cursor over this very picture, and reads from it what it
//! tells about an event.

use std::fmt::{self, Write as _};

use super::html::Text;
use super::rows::{Row, rows};
use crate::timeline::lanes::{About, Axis, Edge, End, Highlight, Lane, Lanes, Level, Span, State, Time};

/// How many things a lane can show side by side.
const RESOLUTION: usize = 2_000;

/// How many spans a picture has at most, all lanes together; with more there is
/// less resolution. A browser scrolls over this many without effort.
const MOST_SPANS: usize = 16_000;

/// How many lanes of tasks, and how many rows of threads, a picture has at most.
const MOST_LANES: usize = 40;

/// How many different colours tasks have.
const COLOURS: usize = 6;

/// The height of a panel's title, of a task's, a core's and a thread's lane, and of half the strip.
const TITLE: usize = 22;
const TASK: usize = 28;
const CORE: usize = 24;
const THREAD: usize = 18;
const HALF_STRIP: usize = 34;
const AXIS: usize = 26;

/// The picture of a run, and the labels that stand beside it.
pub(super) struct Picture {
    /// The names of the lanes: an SVG.
    pub(super) labels: String,
    /// The lanes: an SVG as wide as there is room.
    pub(super) lanes: String,
    /// Its height in pixels.
    pub(super) height: usize,
}

/// Draws a run.
pub(super) fn draw(full: &Lanes, title: &str, description: &str) -> Picture {
    let drawn = reduced(full);
    let mut canvas = Canvas::new(&drawn);
    canvas.tasks();
    canvas.strip();
    canvas.cores();
    canvas.threads();
    canvas.axis();
    canvas.edges();
    canvas.finish(title, description)
}

/// A small picture of a run on a time axis of some length, without words.
pub(super) fn thumbnail(full: &Lanes, axis: Time) -> String {
    const LANE: usize = 9;
    let lanes = full.at_resolution(300);
    let mut canvas = Canvas { length: axis, ..Canvas::new(&lanes) };
    for lane in lanes.tasks.iter().take(6) {
        canvas.thumbnail_lane("task", lane, LANE);
    }
    canvas.y += 4;
    for lane in lanes.cores.iter().take(6) {
        canvas.thumbnail_lane("core", lane, LANE);
    }
    let height = canvas.y;
    format!("<svg class=\"thumbnail\" aria-hidden=\"true\" height=\"{height}\">{}</svg>", canvas.lanes)
}

/// The lanes at the highest resolution that the picture has room for.
fn reduced(full: &Lanes) -> Lanes {
    let mut resolution = RESOLUTION;
    loop {
        let mut lanes = full.at_resolution(resolution);
        let named = |axis: Axis, number| {
            let of_axis = |highlight: &&Highlight| highlight.axis == axis;
            full.highlights.iter().filter(of_axis).any(|h| h.lanes.contains(&number))
        };
        let mut room = MOST_LANES;
        lanes.tasks.retain(|lane| {
            room = room.saturating_sub(1);
            room > 0 || named(Axis::Concurrent, lane.number)
        });
        let all = lanes.tasks.iter().chain(&lanes.threads).chain(&lanes.cores);
        let spans: usize = all.map(|lane| lane.spans.len()).sum();
        if spans <= MOST_SPANS || resolution <= 100 {
            return lanes;
        }
        resolution /= 2;
    }
}

/// What has been drawn so far.
struct Canvas<'a> {
    model: &'a Lanes,
    length: Time,
    /// Where the next thing goes.
    y: usize,
    labels: String,
    lanes: String,
    /// Where each task's lane is: its number, its colour and the place of its marks.
    tasks: Vec<(u32, usize)>,
    /// What goes on top of everything else.
    on_top: String,
}

/// A place on the time axis.
struct Percent(f64);

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = format!("{:.3}", self.0);
        write!(f, "{}%", digits.trim_end_matches('0').trim_end_matches('.'))
    }
}

impl<'a> Canvas<'a> {
    fn new(model: &'a Lanes) -> Canvas<'a> {
        Canvas {
            model,
            length: model.length.max(1),
            y: 0,
            labels: String::new(),
            lanes: String::new(),
            tasks: Vec::new(),
            on_top: String::new(),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "nobody sees the sixteenth digit")]
    fn percent(&self, time: Time) -> Percent {
        Percent(time as f64 / self.length as f64 * 100.0)
    }

    fn tasks(&mut self) {
        self.title("Tasks");
        self.band(Axis::Concurrent, self.model.tasks.len() * TASK);
        for (place, lane) in self.model.tasks.iter().enumerate() {
            self.tasks.push((lane.number, self.y + 4));
            self.label(TASK, &format!("Task {}", lane.name));
            let name = format!("Task {}", lane.name);
            self.open_lane("task", &name, lane.number, Some(place));
            for span in &lane.spans {
                let step = span.about.step.map(|step| step.to_string());
                self.span(span, None, step);
            }
            self.lanes.push_str("</g>");
            self.proof(Axis::Concurrent, &[lane], TASK);
            self.y += TASK;
        }
        self.marks();
    }

    /// A small triangle where a task printed a line.
    fn marks(&mut self) {
        for mark in &self.model.marks {
            let Some(&(_, y)) = self.tasks.iter().find(|(task, _)| *task == mark.task) else {
                continue;
            };
            let x = self.percent(mark.time);
            let text = Text(crate::show::shortened(&mark.text));
            write!(
                self.on_top,
                "<svg class=\"mark\" x=\"{x}\" y=\"{}\" data-t=\"{}\"><path d=\"M-4 0h8l-4 7z\"/><title>{text}</title></svg>",
                y - 4,
                mark.time
            )
            .expect("a string takes any text");
        }
    }

    /// Tasks in progress above the line, threads executing below it.
    fn strip(&mut self) {
        self.title("At once");
        let middle = self.y + HALF_STRIP;
        let strip = &self.model.strip;
        let most = strip.in_progress.iter().chain(&strip.executing).map(|level| level.most).max();
        let most = most.unwrap_or(1).max(2) as usize;
        let unit = ((HALF_STRIP - 4) as f64 / most as f64).min(14.0);
        self.label_at(middle - HALF_STRIP / 2, "tasks in progress");
        self.label_at(middle + HALF_STRIP / 2, "threads executing");
        for (class, levels) in [("up", &strip.in_progress), ("down", &strip.executing)] {
            write!(self.lanes, "<g class=\"levels {class}\">").expect("a string");
            for level in levels.iter().filter(|level| level.most > 0) {
                self.level(level, class == "up", middle, unit);
            }
            self.lanes.push_str("</g>");
        }
        for (y, class) in [
            (middle as f64, "zero"),
            (middle as f64 - 2.0 * unit, "two"),
            (middle as f64 + 2.0 * unit, "two"),
        ] {
            write!(self.lanes, "<line class=\"{class}\" x2=\"100%\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>")
                .expect("a string");
        }
        self.y = middle + HALF_STRIP;
    }

    fn level(&mut self, level: &Level, up: bool, middle: usize, unit: f64) {
        let (x, width) = (self.percent(level.start), self.percent(level.length()));
        let height = level.mean() * unit;
        let y = if up { middle as f64 - height } else { middle as f64 };
        let count = match (level.least, level.most) {
            (least, most) if least == most => most.to_string(),
            (least, most) => format!("{least} to {most}"),
        };
        let class = if level.most >= 2 { " class=\"several\"" } else { "" };
        write!(
            self.lanes,
            "<rect{class} x=\"{x}\" width=\"{width}\" y=\"{y:.1}\" height=\"{height:.1}\" data-n=\"{count}\"/>"
        )
        .expect("a string takes any text");
    }

    fn cores(&mut self) {
        if self.model.cores.is_empty() {
            return;
        }
        self.title("Cores");
        self.band(Axis::Parallel, self.model.cores.len() * CORE);
        for lane in self.model.cores.iter().take(MOST_LANES) {
            let name = format!("Core {}", lane.number);
            self.label(CORE, &name);
            self.open_lane("core", &name, lane.number, None);
            for span in &lane.spans {
                self.computed_span(span);
            }
            self.lanes.push_str("</g>");
            self.proof_on_core(lane);
            self.y += CORE;
        }
    }

    fn threads(&mut self) {
        let rows = rows(&self.model.threads);
        if rows.is_empty() {
            return;
        }
        self.title("Threads");
        let shown = rows.len().min(MOST_LANES);
        if self.model.cores.is_empty() {
            self.band(Axis::Parallel, shown * THREAD);
        }
        for row in rows.iter().take(MOST_LANES) {
            self.label(THREAD, &row.name());
            for lane in &row.lanes {
                let name = super::rows::name(lane);
                self.open_lane("thread", &name, lane.number, None);
                for span in &lane.spans {
                    self.computed_span(span);
                }
                self.lanes.push_str("</g>");
            }
            self.proof(Axis::Parallel, &row.lanes, THREAD);
            self.y += THREAD;
        }
    }

    /// A span on a core or thread: whose compute it was is what one wants to see.
    fn computed_span(&mut self, span: &Span) {
        let place = span.about.task.and_then(|task| {
            self.model.tasks.iter().position(|lane| lane.number == task)
        });
        let name = place.map(|place| self.model.tasks[place].name.as_str());
        let name = name.filter(|name| name.chars().count() <= 3);
        let step = span.about.step.map(|step| step.to_string()).unwrap_or_default();
        let label = name.map(|name| format!("{name}{step}"));
        let label = label.filter(|_| span.state == State::Computing);
        self.span(span, place, label);
    }

    fn span(&mut self, span: &Span, colour: Option<usize>, label: Option<String>) {
        let (x, width) = (self.percent(span.start), self.percent(span.length()));
        let share = width.0;
        let state = &span.state.name()[..1];
        let colour = colour.map(|place| format!(" t{}", place % COLOURS)).unwrap_or_default();
        let about = about(&span.about);
        let merged = span.merged.as_ref().map(|merged| format!(" data-m=\"{}\"", merged.count));
        let merged = merged.unwrap_or_default();
        write!(
            self.lanes,
            "<rect class=\"{state}{colour}\" x=\"{x}\" width=\"{width}\" data-a=\"{about}\"{merged}/>"
        )
        .expect("a string takes any text");
        if let Some(label) = label.filter(|_| share >= 2.2 && span.state == State::Computing) {
            let middle = self.percent(span.start + span.length() / 2);
            let narrow = if share < 6.0 { " class=\"s\"" } else { "" };
            write!(self.lanes, "<text{narrow} x=\"{middle}\">{}</text>", Text(label))
                .expect("a string takes any text");
        }
    }

    /// The time of a highlight, over the whole height of its panel, and what it proves.
    fn band(&mut self, axis: Axis, height: usize) {
        for highlight in self.model.highlights.iter().filter(|highlight| highlight.axis == axis) {
            let x = self.percent(highlight.start);
            let width = self.percent(highlight.end - highlight.start);
            let y = self.y;
            write!(
                self.lanes,
                "<rect class=\"band {}\" x=\"{x}\" width=\"{width}\" y=\"{y}\" height=\"{height}\" data-t=\"{}\"/>",
                axis.name(),
                highlight.start
            )
            .expect("a string takes any text");
            let middle = highlight.start + (highlight.end - highlight.start) / 2;
            let (x, anchor) = match self.percent(middle).0 {
                ..25.0 => (self.percent(highlight.start), "start"),
                75.0.. => (self.percent(highlight.end), "end"),
                _ => (self.percent(middle), "middle"),
            };
            let words = match axis {
                Axis::Concurrent => "the proof: both in progress",
                Axis::Parallel => "the proof: both executing",
            };
            write!(
                self.lanes,
                "<text class=\"caption\" text-anchor=\"{anchor}\" x=\"{x}\" y=\"{}\">{words}</text>",
                y - 6
            )
            .expect("a string takes any text");
        }
    }

    /// Frames what is highlighted on some lanes of one row.
    fn proof(&mut self, axis: Axis, lanes: &[&Lane], height: usize) {
        for highlight in self.model.highlights.iter().filter(|highlight| highlight.axis == axis) {
            if lanes.iter().any(|lane| highlight.lanes.contains(&lane.number)) {
                self.frame(highlight.start, highlight.end, height);
            }
        }
    }

    /// Frames what a core executed of the two threads in the time of the highlight.
    fn proof_on_core(&mut self, lane: &Lane) {
        for highlight in &self.model.highlights {
            let proves = |span: &&Span| {
                let thread = span.about.thread;
                highlight.axis == Axis::Parallel
                    && thread.is_some_and(|thread| highlight.lanes.contains(&thread))
                    && span.start < highlight.end
                    && span.end > highlight.start
            };
            let spans: Vec<&Span> = lane.spans.iter().filter(proves).collect();
            if let (Some(first), Some(last)) = (spans.first(), spans.last()) {
                let (start, end) = (first.start.max(highlight.start), last.end.min(highlight.end));
                self.frame(start, end, CORE);
            }
        }
    }

    fn frame(&mut self, start: Time, end: Time, height: usize) {
        let (x, width) = (self.percent(start), self.percent(end - start));
        write!(
            self.on_top,
            "<rect class=\"proof\" rx=\"3\" x=\"{x}\" width=\"{width}\" y=\"{}\" height=\"{}\"/>",
            self.y + 2,
            height - 4
        )
        .expect("a string takes any text");
    }

    /// Round times, some of which show only where there is room for them.
    fn axis(&mut self) {
        let step = round_step(self.length);
        let bottom = self.y + 4;
        let mut grid = String::new();
        for number in 0..=(self.length / step * 5 + 4) {
            let time = number * step / 5;
            if time > self.length {
                break;
            }
            let x = self.percent(time);
            let class = match number {
                number if number % 10 == 0 => "even",
                number if number % 5 == 0 => "odd",
                _ => "fine",
            };
            let y = bottom + 15;
            let anchor = match x.0 {
                ..2.0 => " text-anchor=\"start\"",
                98.0.. => " text-anchor=\"end\"",
                _ => "",
            };
            write!(
                grid,
                "<g class=\"tick {class}\"><line x1=\"{x}\" x2=\"{x}\" y1=\"0\" y2=\"{bottom}\"/><text{anchor} x=\"{x}\" y=\"{y}\">{}</text></g>",
                time_text(time)
            )
            .expect("a string takes any text");
        }
        self.lanes.insert_str(0, &grid);
        self.y += AXIS;
    }

    /// What the contract asked for, and, where it did not get that, when what was printed.
    fn edges(&mut self) {
        for edge in &self.model.edges {
            let place = |end: &End| self.tasks.iter().find(|(task, _)| *task == end.task);
            let (Some(&(_, from)), Some(&(_, to))) = (place(&edge.earlier), place(&edge.later)) else {
                continue;
            };
            self.edge(edge, from, to);
        }
    }

    fn edge(&mut self, edge: &Edge, from: usize, to: usize) {
        let (x1, x2) = (self.percent(edge.earlier.time), self.percent(edge.later.time));
        let class = if edge.is_broken() { "broken" } else { "kept" };
        write!(
            self.on_top,
            "<line class=\"edge {class}\" x1=\"{x1}\" y1=\"{from}\" x2=\"{x2}\" y2=\"{to}\" marker-end=\"url(#{class}-arrow)\"/>"
        )
        .expect("a string takes any text");
        if edge.is_broken() {
            for (x, y, end) in [(x1, from, edge.earlier), (x2, to, edge.later)] {
                let anchor = if x.0 > 80.0 { "end" } else { "start" };
                write!(
                    self.on_top,
                    "<text class=\"broken-time\" text-anchor=\"{anchor}\" x=\"{x}\" y=\"{}\">line {}: {}</text>",
                    y + 18,
                    end.place,
                    time_text(end.time)
                )
                .expect("a string takes any text");
            }
        }
    }

    fn title(&mut self, title: &str) {
        self.y += TITLE;
        write!(self.labels, "<text class=\"title\" x=\"0\" y=\"{}\">{title}</text>", self.y - 6)
            .expect("a string takes any text");
    }

    fn label(&mut self, height: usize, label: &str) {
        self.label_at(self.y + height / 2, label);
    }

    fn label_at(&mut self, y: usize, label: &str) {
        write!(self.labels, "<text x=\"0\" y=\"{}\">{}</text>", y + 4, Text(cut(label)))
            .expect("a string takes any text");
    }

    fn open_lane(&mut self, kind: &str, name: &str, number: u32, colour: Option<usize>) {
        let colour = colour.map(|place| format!(" t{}", place % COLOURS)).unwrap_or_default();
        write!(
            self.lanes,
            "<g class=\"lane {kind}{colour}\" data-name=\"{}\" data-number=\"{number}\" transform=\"translate(0 {})\">",
            Text(name),
            self.y
        )
        .expect("a string takes any text");
    }

    fn thumbnail_lane(&mut self, kind: &str, lane: &Lane, height: usize) {
        let place = self.model.tasks.iter().position(|task| std::ptr::eq(task, lane));
        self.open_lane(kind, "", lane.number, place);
        for span in &lane.spans {
            let task = self.model.tasks.iter().position(|task| Some(task.number) == span.about.task);
            let (x, width) = (self.percent(span.start), self.percent(span.length()));
            let state = &span.state.name()[..1];
            let colour = task.map(|place| format!(" t{}", place % COLOURS)).unwrap_or_default();
            write!(self.lanes, "<rect class=\"{state}{colour}\" x=\"{x}\" width=\"{width}\"/>")
                .expect("a string takes any text");
        }
        self.lanes.push_str("</g>");
        self.y += height;
    }

    fn finish(self, title: &str, description: &str) -> Picture {
        let (height, lanes, on_top) = (self.y, self.lanes, self.on_top);
        let (title, description) = (Text(title), Text(description));
        Picture {
            labels: format!("<svg class=\"labels\" aria-hidden=\"true\" height=\"{height}\">{}</svg>", self.labels),
            lanes: format!(
                "<svg class=\"lanes\" role=\"img\" aria-label=\"{title}: {description}\" height=\"{height}\">{lanes}{on_top}</svg>"
            ),
            height,
        }
    }
}

/// Task, step, part, thread and core, as far as they are known, with commas between.
fn about(about: &About) -> String {
    let numbers = [
        about.task,
        about.step.map(u32::from),
        about.part.map(u32::from),
        about.thread,
        about.core.map(u32::from),
    ];
    let numbers = numbers.map(|number| number.map(|number| number.to_string()).unwrap_or_default());
    numbers.join(",").trim_end_matches(',').to_owned()
}

/// A label that fits beside the lanes.
fn cut(label: &str) -> String {
    const LONGEST: usize = 17;
    if label.chars().count() <= LONGEST {
        return label.to_owned();
    }
    label.chars().take(LONGEST - 1).chain(['…']).collect()
}

/// A round length of time of which some six to twelve make the axis.
fn round_step(length: Time) -> Time {
    let mut step: Time = 1;
    loop {
        for factor in [1, 2, 5] {
            if length / (step * factor) <= 12 {
                return (step * factor).max(5);
            }
        }
        step *= 10;
    }
}

/// A time on the axis.
#[expect(clippy::cast_precision_loss, reason = "nobody sees the sixteenth digit")]
pub(super) fn time_text(time: Time) -> String {
    let (value, unit) = match time {
        0 => return "0".to_owned(),
        1..1_000 => (time as f64, "ns"),
        1_000..1_000_000 => (time as f64 / 1e3, "µs"),
        1_000_000..10_000_000_000 => (time as f64 / 1e6, "ms"),
        _ => (time as f64 / 1e9, "s"),
    };
    let digits = format!("{value:.1}");
    format!("{} {unit}", digits.trim_end_matches(".0"))
}

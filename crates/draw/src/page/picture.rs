//! A run as an inline picture: task lanes, the strip, core lanes and thread lanes on one time axis.
//!
//! The picture is complete as it stands, without a script, and zooming is
//! nothing but making it wider. So that this distorts neither letters nor
//! patterns there are two layers:
//!
//! - what has a shape of its own is placed in per cent of the picture's width;
//! - spans are strokes in a layer [`UNITS`] wide that is stretched to the
//!   picture's width. All of a lane's spans in one state are one path, where a
//!   span takes some ten bytes: `h17` for its length, `m53 0` to the next one.
//!
//! The script moves a cursor over this very picture, and reads from it what it
//! tells about an event: `data-a` says of each of a path's spans what it is
//! about, as a place in the picture's list `data-about`.

use std::collections::{BTreeMap, HashMap};
use std::fmt::{self, Write as _};

use super::html::Text;
use super::rows::rows;
use crate::colours;
use lanes::{About, Axis, Edge, End, Lane, Lanes, Level, Span, State, Time};

/// How many things a lane can show side by side, where the page has room for it.
pub(super) const RESOLUTION: usize = 2_000;

/// How many lanes of tasks, and how many rows of threads, a picture has at most.
const MOST_LANES: usize = 40;

/// How wide the stretched layer is, in its own units.
const UNITS: u64 = 100_000;

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
    /// The height of all of it that has to be in sight at once: down to the time axis.
    pub(super) main: usize,
}

/// Draws a run, with so many different things side by side at most.
pub(super) fn draw(full: &Lanes, resolution: usize, title: &str, description: &str) -> Picture {
    let drawn = reduced(full, resolution);
    let (all_tasks, colours) = (full.tasks.len(), colours(full));
    let mut canvas = Canvas { all_tasks, colours, ..Canvas::new(&drawn) };
    canvas.tasks();
    canvas.strip();
    // One of these answers whether the run was parallel, and stands above the axis.
    if canvas.model.cores.is_empty() {
        canvas.threads();
        canvas.axis();
    } else {
        canvas.cores();
        canvas.axis();
        canvas.threads();
    }
    canvas.edges();
    canvas.finish(title, description)
}

/// What a task is called: its lines may say themselves that it is one.
pub(super) fn task_name(lane: &Lane) -> String {
    let name = lane.name.as_str();
    match name.get(..4) {
        Some(begin) if begin.eq_ignore_ascii_case("task") => name.to_owned(),
        _ => format!("Task {name}"),
    }
}

/// A small picture of a run on a time axis of some length, without words.
pub fn thumbnail(full: &Lanes, axis: Time) -> String {
    const LANE: usize = 9;
    let lanes = full.at_resolution(300);
    let mut canvas = Canvas { length: axis, colours: colours(full), ..Canvas::new(&lanes) };
    for lane in lanes.tasks.iter().take(6) {
        canvas.lane("task", "", canvas.colours.get(&lane.number).copied(), [lane]);
        canvas.y += LANE;
    }
    canvas.y += 4;
    for lane in lanes.cores.iter().take(6) {
        canvas.lane("core", "", None, [lane]);
        canvas.y += LANE;
    }
    let height = canvas.y;
    format!(
        "<svg class=\"thumbnail\" aria-hidden=\"true\" height=\"{height}\" viewBox=\"0 0 {UNITS} {height}\" preserveAspectRatio=\"none\">{}</svg>",
        canvas.spans
    )
}

/// The place of each task's colour in the table, by its number.
pub(super) fn colours(lanes: &Lanes) -> HashMap<u32, usize> {
    let places = colours::places(lanes.tasks.iter().map(|lane| lane.name.as_str()));
    lanes.tasks.iter().map(|lane| (lane.number, places[lane.name.as_str()])).collect()
}

/// The lanes at a resolution, and no more of them than anybody would look at.
/// Those that the verdict rests on are always there.
fn reduced(full: &Lanes, resolution: usize) -> Lanes {
    let mut lanes = full.at_resolution(resolution);
    let mut room = MOST_LANES;
    lanes.tasks.retain(|lane| {
        let mut proofs = full.highlights.iter().filter(|h| h.axis == Axis::Concurrent);
        let has_room = room > 0;
        room = room.saturating_sub(1);
        has_room || proofs.any(|proof| proof.lanes.contains(&lane.number))
    });
    lanes
}

/// What has been drawn so far.
struct Canvas<'a> {
    model: &'a Lanes,
    length: Time,
    /// How many tasks there were, drawn or not.
    all_tasks: usize,
    /// Each task's colour, by its number.
    colours: HashMap<u32, usize>,
    /// Where the next thing goes.
    y: usize,
    /// Where the time axis ends.
    main: usize,
    labels: String,
    /// What lies below the spans.
    below: String,
    /// The stretched layer.
    spans: String,
    letters: String,
    marks: String,
    /// What spans are about, each with its place in the list.
    subjects: HashMap<String, usize>,
    /// What goes on top of everything else.
    on_top: String,
    /// Where each task's lane is: its number, and where its lines are marked.
    tasks: Vec<(u32, usize)>,
}

/// The spans of one state on one lane, or of one state and task: one path.
#[derive(Default)]
struct Strokes {
    path: String,
    /// What each span is about, nothing where it is about the same as the one before.
    about: Vec<String>,
    last: String,
    /// Where the last stroke ended.
    end: u64,
}

impl Strokes {
    /// Adds a stroke behind the others.
    fn add(&mut self, [start, end]: [u64; 2], about: String) {
        let (start, end) = (start.max(self.end), end.max(start.max(self.end) + 1));
        match self.path.is_empty() {
            true => write!(self.path, "M{start} 0h{}", end - start),
            false => write!(self.path, "m{} 0h{}", start - self.end, end - start),
        }
        .expect("a string takes any text");
        self.end = end;
        self.about.push(if about == self.last { String::new() } else { about.clone() });
        self.last = about;
    }
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
            all_tasks: model.tasks.len(),
            colours: HashMap::new(),
            y: 0,
            main: 0,
            labels: String::new(),
            below: String::new(),
            spans: String::new(),
            letters: String::new(),
            marks: String::new(),
            subjects: HashMap::new(),
            on_top: String::new(),
            tasks: Vec::new(),
        }
    }

    /// A time in units of the stretched layer.
    fn units(&self, time: Time) -> u64 {
        let units = u128::from(time) * u128::from(UNITS) / u128::from(self.length);
        u64::try_from(units).unwrap_or(UNITS)
    }

    #[expect(clippy::cast_precision_loss, reason = "nobody sees the sixteenth digit")]
    fn percent(&self, time: Time) -> Percent {
        Percent(time as f64 / self.length as f64 * 100.0)
    }

    fn tasks(&mut self) {
        self.title_of("Tasks", self.model.tasks.len(), self.all_tasks);
        self.band(Axis::Concurrent, self.model.tasks.len() * TASK);
        for lane in &self.model.tasks {
            self.tasks.push((lane.number, self.y + 4));
            let name = task_name(lane);
            self.label(TASK, &name);
            let colour = self.colours.get(&lane.number).copied();
            self.lane("task", &name, colour, [lane]);
            for span in lane.spans.iter().filter(|span| span.state == State::Computing) {
                let step = span.about.step.map(|step| step.to_string());
                self.letters(span, TASK, step.unwrap_or_default());
            }
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
            let (x, time) = (self.percent(mark.time), mark.time);
            write!(self.marks, "<use href=#mark x={x} y={} data-t={time} />", y - 4)
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
        self.label_at(middle - HALF_STRIP / 2, "in progress");
        self.label_at(middle + HALF_STRIP / 2, "executing");
        self.scale(most, middle, unit);
        self.levels("up", &strip.in_progress, middle, -unit);
        self.levels("down", &strip.executing, middle, unit);
        for (y, class) in [
            (middle as f64, "zero"),
            (middle as f64 - 2.0 * unit, "two"),
            (middle as f64 + 2.0 * unit, "two"),
        ] {
            write!(
                self.on_top,
                "<line class=\"{class}\" x2=\"100%\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>"
            )
            .expect("a string");
        }
        self.y = middle + HALF_STRIP;
    }

    /// The numbers that the strip's heights stand for: all where there is room, and else the highest.
    fn scale(&mut self, most: usize, middle: usize, unit: f64) {
        const LETTER: f64 = 9.0;
        for number in (1..=most).filter(|&number| number == most || unit >= LETTER) {
            for y in [-1.0, 1.0].map(|side| middle as f64 + side * number as f64 * unit + 3.5) {
                write!(
                    self.labels,
                    "<text class=\"scale\" x=\"100%\" y=\"{y:.1}\">{number}</text>"
                )
                .expect("a string takes any text");
            }
        }
    }

    /// One count over time, in columns: those of several in a path of their own.
    fn levels(&mut self, class: &str, levels: &[Level], middle: usize, unit: f64) {
        let top = if unit < 0.0 { middle - HALF_STRIP } else { middle };
        write!(
            self.spans,
            "<g class=\"levels {class}\" data-top={top} data-height={HALF_STRIP} transform=\"translate(0 {middle})\">"
        )
        .expect("a string takes any text");
        for (class, is_several) in [("one", false), ("several", true)] {
            let (mut path, mut counts, mut last) = (String::new(), Vec::new(), String::new());
            let levels = levels.iter().filter(|level| level.most > 0);
            for level in levels.filter(|level| (level.most >= 2) == is_several) {
                let (start, end) = (self.units(level.start), self.units(level.end));
                let (width, height) = ((end - start).max(1), level.mean() * unit);
                let height = format!("{height:.1}");
                let height = height.trim_end_matches(".0");
                write!(path, "M{start} 0v{height}h{width}V0").expect("a string");
                let count = match (level.least, level.most) {
                    (least, most) if least == most => most.to_string(),
                    (least, most) => format!("{least}–{most}"),
                };
                counts.push(if count == last { String::new() } else { count.clone() });
                last = count;
            }
            if !path.is_empty() {
                let counts = counts.join(",");
                write!(self.spans, "<path class={class} d=\"{path}\" data-n=\"{counts}\"/>")
                    .expect("a string takes any text");
            }
        }
        self.spans.push_str("</g>");
    }

    fn cores(&mut self) {
        self.title("Cores");
        self.band(Axis::Parallel, self.model.cores.len() * CORE);
        for lane in self.model.cores.iter().take(MOST_LANES) {
            let name = format!("Core {}", lane.number);
            self.label(CORE, &name);
            self.lane("core", &name, None, [lane]);
            self.whose(lane, CORE);
            self.proof_on_core(lane);
            self.y += CORE;
        }
    }

    fn threads(&mut self) {
        let rows = rows(&self.model.threads);
        if rows.is_empty() {
            return;
        }
        let shown = rows.len().min(MOST_LANES);
        self.title_of("Threads", shown, rows.len());
        if self.model.cores.is_empty() {
            self.band(Axis::Parallel, shown * THREAD);
        }
        for row in rows.iter().take(MOST_LANES) {
            self.label(THREAD, &row.name());
            self.lane("thread", &row.name(), None, row.lanes.iter().copied());
            row.lanes.iter().for_each(|lane| self.whose(lane, THREAD));
            self.proof(Axis::Parallel, &row.lanes, THREAD);
            self.y += THREAD;
        }
    }

    /// One or more lanes that share a row, as a path for each state. What is
    /// on no task's lane has a path for each task as well.
    fn lane<'b>(
        &mut self,
        kind: &str,
        name: &str,
        colour: Option<usize>,
        lanes: impl IntoIterator<Item = &'b Lane>,
    ) {
        let mut strokes: BTreeMap<String, Strokes> = BTreeMap::new();
        for lane in lanes {
            for span in &lane.spans {
                let task = if colour.is_some() { None } else { self.colour(span) };
                let task = task.map(|place| place.to_string()).unwrap_or_default();
                let class = format!("{}{task}", &span.state.name()[..1]);
                let ends = [self.units(span.start), self.units(span.end)];
                let thread = (kind == "thread").then_some(lane.number).or(span.about.thread);
                let mut about = self.subject(&About { thread, ..span.about });
                if let Some(core) = span.about.core.filter(|_| kind == "thread") {
                    write!(about, ".{core}").expect("a string takes any text");
                }
                let merged = span.merged.as_ref().map(|merged| format!("*{}", merged.count));
                let about = about + &merged.unwrap_or_default();
                strokes.entry(class).or_default().add(ends, about);
            }
        }
        let colour = colour.map(|colour| format!(" t{colour}")).unwrap_or_default();
        let (name, y) = (Text(name), self.y);
        let height = match kind {
            "task" => TASK,
            "core" => CORE,
            _ => THREAD,
        };
        write!(
            self.spans,
            "<g class=\"lane {kind}{colour}\" data-name=\"{name}\" data-top={y} data-height={height} transform=\"translate(0 {y})\">"
        )
        .expect("a string takes any text");
        for (class, Strokes { path, about, .. }) in strokes {
            let about = about.join("|");
            write!(self.spans, "<path class={class} d=\"{path}\" data-a=\"{about}\"/>")
                .expect("a string takes any text");
        }
        self.spans.push_str("</g>");
    }

    /// The place of what a span is about in the picture's list of that.
    fn subject(&mut self, about: &About) -> String {
        let next = self.subjects.len();
        let place = *self.subjects.entry(subject(about)).or_insert(next);
        place.to_string()
    }

    /// The colour of the task that a span is about.
    fn colour(&self, span: &Span) -> Option<usize> {
        self.colours.get(&span.about.task?).copied()
    }

    /// Says in letters whose compute it is that a core or a thread executed.
    fn whose(&mut self, lane: &Lane, height: usize) {
        for span in lane.spans.iter().filter(|span| span.state == State::Computing) {
            let task = span.about.task.and_then(|task| self.model.task(task));
            if let Some(task) = task.filter(|task| task.name.chars().count() <= 3) {
                let step = span.about.step.map(|step| step.to_string()).unwrap_or_default();
                self.letters(span, height, format!("{}{step}", task.name));
            }
        }
    }

    /// Letters inside a span, where there is room for them.
    fn letters(&mut self, span: &Span, height: usize, letters: String) {
        let share = self.percent(span.length()).0;
        if share < 2.2 || letters.is_empty() {
            return;
        }
        let middle = self.percent(span.start + span.length() / 2);
        let class = if share < 6.0 { " class=narrow" } else { "" };
        let y = self.y + height / 2 + 4;
        write!(self.letters, "<text{class} x={middle} y={y}>{}</text>", Text(letters))
            .expect("a string takes any text");
    }

    /// The time of a highlight, over the whole height of its panel, and what it proves.
    fn band(&mut self, axis: Axis, height: usize) {
        for highlight in self.model.highlights.iter().filter(|highlight| highlight.axis == axis) {
            let x = self.percent(highlight.start);
            let width = self.percent(highlight.end - highlight.start);
            let y = self.y;
            write!(
                self.below,
                "<rect class=\"band {}\" x=\"{x}\" width=\"{width}\" y=\"{y}\" height=\"{height}\" data-t=\"{}\" data-end=\"{}\"/>",
                axis.name(),
                highlight.start,
                highlight.end
            )
            .expect("a string takes any text");
            let middle = highlight.start + (highlight.end - highlight.start) / 2;
            let (x, anchor) = match self.percent(middle).0 {
                ..34.0 => (self.percent(highlight.start), "start"),
                66.0.. => (self.percent(highlight.end), "end"),
                _ => (self.percent(middle), "middle"),
            };
            let words = match axis {
                Axis::Concurrent => "the proof: both in progress",
                Axis::Parallel => "the proof: both executing",
            };
            write!(
                self.on_top,
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

    /// Round times.
    fn axis(&mut self) {
        let step = round_step(self.length);
        let bottom = self.y + 4;
        let mut grid = String::new();
        for number in 0..=self.length / step {
            let x = self.percent(number * step);
            // Where there is little room, every second label is shown, or every fourth.
            let class = match number % 4 {
                0 => "fourth",
                2 => "second",
                _ => "odd",
            };
            let anchor = match x.0 {
                ..2.0 => " text-anchor=start",
                94.0.. => " text-anchor=end",
                _ => "",
            };
            write!(
                grid,
                "<svg class=\"tick {class}\" x={x} data-t={}><path d=\"M0 0V{bottom}\"/><text{anchor} y={}>{}</text></svg>",
                number * step,
                bottom + 15,
                time_text(number * step)
            )
            .expect("a string takes any text");
        }
        self.below.insert_str(0, &grid);
        self.y += AXIS;
        self.main = self.y;
    }

    /// What the contract asked for, and, where it did not get that, when what was printed.
    fn edges(&mut self) {
        let mut arcs = String::new();
        for edge in &self.model.edges {
            let place = |end: &End| self.tasks.iter().find(|(task, _)| *task == end.task);
            let (Some(&(_, from)), Some(&(_, to))) = (place(&edge.earlier), place(&edge.later))
            else {
                continue;
            };
            match edge.is_broken() {
                true => self.broken(edge, from, to),
                false => arcs += &self.arc(edge, from, to),
            }
        }
        if !arcs.is_empty() {
            let height = self.y;
            write!(
                self.on_top,
                "<svg width=\"100%\" height=\"{height}\" viewBox=\"0 0 {UNITS} {height}\" preserveAspectRatio=\"none\">{arcs}</svg>"
            )
            .expect("a string takes any text");
        }
    }

    /// An edge that was kept: an arc above the lanes, in a stretched layer of its own. It needs no
    /// arrow, as time goes to the right.
    fn arc(&self, edge: &Edge, from: usize, to: usize) -> String {
        const BEND: usize = 11;
        let (start, end) = (self.units(edge.earlier.time), self.units(edge.later.time));
        let (middle, bent_from, bent_to) = (start.midpoint(end), from - BEND, to - BEND);
        format!(
            "<path class=\"edge kept\" d=\"M{start} {from}C{middle} {bent_from} {middle} {bent_to} {end} {to}\"/>"
        )
    }

    /// An edge that was broken: an arrow backwards, with the times of both lines.
    fn broken(&mut self, edge: &Edge, from: usize, to: usize) {
        let (x1, x2) = (self.percent(edge.earlier.time), self.percent(edge.later.time));
        write!(
            self.on_top,
            "<line class=\"edge broken\" x1=\"{x1}\" y1=\"{from}\" x2=\"{x2}\" y2=\"{to}\"/>"
        )
        .expect("a string takes any text");
        // On one lane, one time lies below the other.
        let below = if from == to { 17 } else { 0 };
        self.broken_time(x1, from + 20 + below, &edge.earlier);
        self.broken_time(x2, to + 20, &edge.later);
    }

    /// When a line of a broken edge was printed, on a ground that hides what lies below it.
    fn broken_time(&mut self, x: Percent, y: usize, end: &End) {
        const LETTER: usize = 7;
        let text = format!("line {}: {}", end.place, time_text(end.time));
        let width = text.chars().count() * LETTER + 8;
        // On a phone, a time is some half as wide as the picture.
        let (anchor, left) =
            if x.0 > 50.0 { ("end", format!("-{width}")) } else { ("start", "0".into()) };
        let start = if anchor == "end" { -4 } else { 4 };
        write!(
            self.on_top,
            "<svg class=\"broken-time\" x=\"{x}\" y=\"{y}\"><rect x=\"{left}\" y=\"-12\" width=\"{width}\" height=\"16\" rx=\"3\"/>\
             <text text-anchor=\"{anchor}\" x=\"{start}\">{text}</text></svg>"
        )
        .expect("a string takes any text");
    }

    fn title(&mut self, title: &str) {
        self.titled("title", title);
    }

    /// A panel's title, which says how many lanes there was no room for; and that in small letters, since
    /// labels have little room either.
    fn title_of(&mut self, title: &str, shown: usize, all: usize) {
        match shown == all {
            true => self.title(title),
            false => self.titled("title counted", &format!("{title}: {shown} of {all}")),
        }
    }

    fn titled(&mut self, class: &str, title: &str) {
        self.y += TITLE;
        write!(self.labels, "<text class=\"{class}\" x=\"0\" y=\"{}\">{title}</text>", self.y - 6)
            .expect("a string takes any text");
    }

    fn label(&mut self, height: usize, label: &str) {
        self.label_at(self.y + height / 2, label);
    }

    fn label_at(&mut self, y: usize, label: &str) {
        write!(self.labels, "<text x=\"0\" y=\"{}\">{}</text>", y + 4, Text(cut(label)))
            .expect("a string takes any text");
    }

    /// The names of tasks and threads by number, for the script: numbers are all that spans have.
    fn names(lanes: &[Lane]) -> String {
        const MOST: usize = 500;
        let named = lanes.iter().filter(|lane| !lane.name.is_empty()).take(MOST);
        let names = named.map(|lane| (lane.number.to_string(), lane.name.clone().into()));
        Text(serde_json::Value::Object(names.collect())).to_string()
    }

    fn finish(self, title: &str, description: &str) -> Picture {
        let (height, main) = (self.y, self.main);
        let (title, description) = (Text(title), Text(description));
        let tasks = Canvas::names(&self.model.tasks);
        let threads = Canvas::names(&self.model.threads);
        let mut subjects: Vec<(String, usize)> = self.subjects.into_iter().collect();
        subjects.sort_by_key(|&(_, place)| place);
        let subjects: Vec<String> = subjects.into_iter().map(|(subject, _)| subject).collect();
        let subjects = subjects.join("|");
        let Canvas { labels, below, spans, letters, marks, on_top, .. } = self;
        Picture {
            labels: format!(
                "<svg class=\"labels\" aria-hidden=\"true\" height=\"{height}\">{labels}</svg>"
            ),
            lanes: format!(
                "<svg class=\"lanes\" role=\"img\" aria-label=\"{title}: {description}\" height=\"{height}\" \
                 data-about=\"{subjects}\" data-tasks=\"{tasks}\" data-threads=\"{threads}\">{below}\
                 <svg class=\"spans\" width=\"100%\" height=\"{height}\" viewBox=\"0 0 {UNITS} {height}\" preserveAspectRatio=\"none\">{spans}</svg>\
                 <g class=\"letters\">{letters}</g><g class=\"marks\">{marks}</g>{on_top}</svg>"
            ),
            height,
            main,
        }
    }
}

/// Task, step, part and thread, as far as they are known, with commas between.
fn subject(about: &About) -> String {
    let numbers = [about.task, about.step.map(u32::from), about.part.map(u32::from), about.thread];
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
                return step * factor;
            }
        }
        step *= 10;
    }
}

/// A time on the axis.
#[expect(clippy::cast_precision_loss, reason = "nobody sees the sixteenth digit")]
pub fn time_text(time: Time) -> String {
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

//! Lanes as an SVG picture, for documents and slides.
//!
//! The picture brings its own background and follows the reader's preference
//! for light or dark; a program that does not know preferences shows it light.
//! It uses no script, loads nothing, and its text is text. As in the terminal
//! every state has a shape besides its colour: compute is a block, being ready
//! is a hatched block, waiting a dotted line and nothing known a plain one.

pub mod chart;
mod counts;
mod paper;
mod rows;

use std::collections::{HashMap, HashSet};

use super::look::{self, Badge, Lower};
use crate::text::{count, duration};
use lanes::{Axis, Lanes, State, Strip, Time};
use paper::{Anchor, Paper};
use rows::{DOTS, hatch};

/// The width of a picture that stands alone, in pixels.
pub const WIDE: f64 = 960.0;
/// The width of a picture beside another one: a document shows it at three quarters of its size.
pub const NARROW: f64 = 560.0;
/// Where lanes begin: what is left of it is for their names.
const LEFT: f64 = 118.0;
/// How far from the right edge lanes end.
const MARGIN: f64 = 22.0;

/// What to draw besides the lanes.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// The picture's title.
    pub title: &'a str,
    /// Which lanes the lower panel has.
    pub lower: Lower,
    /// How wide the picture is: [`WIDE`] or [`NARROW`].
    pub width: f64,
    /// Where the time axis ends, if that is after the run: pictures that end
    /// at the same time can be laid side by side.
    pub until: Time,
}

/// Draws the lanes.
pub fn draw(lanes: &Lanes, options: Options<'_>) -> String {
    let right = options.width - MARGIN;
    // Half a pixel is what a screen of high density can show.
    let resolution = 2 * (right - LEFT) as usize;
    let reduced = lanes.at_resolution(resolution);
    let until = options.until.max(lanes.length);
    let mut picture = Picture {
        lanes: &reduced,
        badges: look::badges(lanes),
        paper: Paper::default(),
        right,
        y: 0.0,
        until,
        least: until / resolution as u64,
        rows_of_tasks: HashMap::new(),
        used: HashSet::new(),
    };
    let top = picture.heading(options.title);
    picture.tasks();
    picture.count("tasks at once", &reduced.strip.in_progress, Axis::Concurrent);
    picture.lower(&look::lower_rows(&reduced, options.lower));
    picture.count("cores at once", &reduced.strip.executing, Axis::Parallel);
    picture.axis(top);
    picture.edges();
    picture.legend();
    picture.paper.reach(picture.y + 14.0);
    picture.paper.finish(options.width, options.title, &describe(lanes))
}

/// What the picture shows, in words.
fn describe(lanes: &Lanes) -> String {
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
    /// Where lanes end.
    right: f64,
    /// Where the next row begins.
    y: f64,
    /// How far down the middle of each task's row is.
    rows_of_tasks: HashMap<u32, f64>,
    /// Where the time axis ends.
    until: Time,
    /// What is shorter than this cannot be seen.
    least: Time,
    /// The states that were drawn.
    used: HashSet<State>,
}

impl Picture<'_> {
    /// Where a time stands.
    fn x(&self, time: Time) -> f64 {
        LEFT + (self.right - LEFT) * time as f64 / self.until.max(1) as f64
    }

    /// The title; returns where the time axis begins.
    fn heading(&mut self, title: &str) -> f64 {
        self.paper.text("ink title", [16.0, 28.0], Anchor::Start, title);
        let cores = self.lanes.available_cores.and_then(|cores| usize::try_from(cores).ok());
        let cores = cores.map(|cores| format!(" on {}", count(cores, "core"))).unwrap_or_default();
        let note = format!("{}{cores}", duration_of(self.lanes.length));
        // Beside the title where there is room, and else under it.
        const WIDTH_OF_A_LETTER: f64 = 9.0;
        let letters = (title.chars().count() + note.chars().count()) as f64;
        let has_room = 32.0 + letters * WIDTH_OF_A_LETTER < self.right;
        let down = if has_room { 0.0 } else { 20.0 };
        let (x, anchor) = if has_room { (self.right, Anchor::End) } else { (16.0, Anchor::Start) };
        self.paper.text("dim", [x, 28.0 + down], anchor, &note);
        self.y = 64.0 + down;
        50.0 + down
    }

    /// The time axis above the lanes, and lines down from it to the last row.
    fn axis(&mut self, top: f64) {
        const APART: f64 = 68.0;
        let axis = look::axis(self.until, ((self.right - LEFT) / APART) as usize);
        for (&time, label) in axis.times.iter().zip(&axis.labels) {
            let x = self.x(time);
            self.paper.line_beneath("grid", x, [top + 5.0, self.y]);
            let anchor = if x > self.right - 20.0 { Anchor::End } else { Anchor::Middle };
            self.paper.text("dim small", [x.min(self.right), top], anchor, label);
        }
    }

    /// What the shapes mean.
    fn legend(&mut self) {
        const SAMPLE: f64 = 20.0;
        let prints_steps = self.lanes.marks.iter().any(|mark| mark.step.is_some());
        let has = |state| self.used.contains(&state);
        let entries = [
            (Sample::State(State::Computing), "computing", has(State::Computing)),
            (Sample::State(State::Ready), look::held_up(self.lanes), has(State::Ready)),
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
            if x + width > self.right {
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

#[cfg(test)]
mod tests {
    use super::*;
    use evidence::{Evidence, Verdict};
    use lanes::script::{Script, both};
    use lanes::{Edge, End, Highlight};
    use roxmltree::{Document, Node};

    const OPTIONS: Options<'static> =
        Options { title: "A run", lower: Lower::Best, width: WIDE, until: 0 };

    fn drawn() -> String {
        let trace = both();
        draw(
            &Lanes::of(&trace).with_verdict(&Verdict::of(Evidence::default().and(&trace))),
            OPTIONS,
        )
    }

    /// The row whose name begins like this.
    fn row<'a>(document: &'a Document<'_>, name: &str) -> Node<'a, 'a> {
        let is_named = |group: &Node<'_, '_>| {
            group
                .first_element_child()
                .and_then(|title| title.text())
                .unwrap_or_default()
                .starts_with(name)
        };
        document.descendants().filter(|node| node.has_tag_name("g")).find(is_named).expect("a row")
    }

    fn number(node: &Node<'_, '_>, name: &str) -> f64 {
        node.attribute(name).and_then(|value| value.parse().ok()).expect("a number")
    }

    /// Where the blocks of compute in a row begin and end, in milliseconds.
    fn blocks(row: &Node<'_, '_>) -> Vec<(f64, f64)> {
        let is_block = |node: &Node<'_, '_>| {
            let class = node.attribute("class").unwrap_or_default();
            node.has_tag_name("rect") && class.starts_with('f')
        };
        let ms = |x: f64| ((x - LEFT) / (WIDE - MARGIN - LEFT) * 130.0).round();
        let extent = |node: Node<'_, '_>| {
            let x = number(&node, "x");
            (ms(x), ms(x + number(&node, "width")))
        };
        row.children().filter(is_block).map(extent).collect()
    }

    #[test]
    fn compute_stands_where_it_was() {
        let picture = drawn();
        let document = Document::parse(&picture).expect("XML");
        assert_eq!(blocks(&row(&document, "task A")), [(20.0, 50.0)]);
        assert_eq!(blocks(&row(&document, "task C")), [(80.0, 90.0), (110.0, 130.0)]);
        assert_eq!(blocks(&row(&document, "thread 1")), [(20.0, 50.0), (50.0, 70.0)]);
    }

    #[test]
    fn a_picture_is_xml_with_a_title_and_loads_nothing() {
        let picture = drawn();
        let document = Document::parse(&picture).expect("XML");
        let root = document.root_element();
        assert_eq!(root.attribute("role"), Some("img"));
        let text = |tag| {
            let mut children = root.children();
            children.find(|node| node.has_tag_name(tag)).and_then(|node| node.text())
        };
        assert_eq!(text("title"), Some("A run"));
        let description = text("desc").expect("a description");
        assert!(description.contains("Up to 2 tasks were in progress at once"), "{description}");
        for node in document.descendants() {
            assert!(!["script", "image", "use", "foreignObject"].contains(&node.tag_name().name()));
            assert!(node.attributes().all(|attribute| attribute.name() != "href"));
        }
        assert_eq!(picture.matches("url(").count(), picture.matches("url(#").count());
        assert!(picture.contains("@media (prefers-color-scheme:dark)"));
    }

    #[test]
    fn names_are_no_markup() {
        let trace = Script::new().start(0, 0, 1, "<b>&\u{1b}[1m").end(9, 0, 1).trace();
        let picture = draw(&Lanes::of(&trace), Options { title: "\"<&>", ..OPTIONS });
        let document = Document::parse(&picture).expect("XML");
        assert!(document.descendants().any(|node| node.text() == Some("a <b>&\u{fffd}[1m")));
    }

    #[test]
    fn the_evidence_is_outlined_on_the_lanes_that_it_is_about() {
        let picture = drawn();
        let document = Document::parse(&picture).expect("XML");
        let has_outline = |name| {
            row(&document, name).children().any(|node| node.attribute("class") == Some("bracket"))
        };
        for (name, expected) in
            [("task A", true), ("task B", true), ("task C", false), ("thread 1", true)]
        {
            assert_eq!(has_outline(name), expected, "{name}");
        }
        assert!(picture.contains("tasks A and B in progress at once for 50 ms: concurrent"));
    }

    #[test]
    fn evidence_is_seen_however_short_it_is() {
        let mut lanes = Lanes::of(&both());
        let (axis, sentence) = (Axis::Parallel, String::new());
        let (start, end, at_least) = (30_000_000, 30_000_001, 1);
        lanes.highlights.push(Highlight { axis, lanes: [1, 2], start, end, at_least, sentence });
        let picture = draw(&lanes, OPTIONS);
        let document = Document::parse(&picture).expect("XML");
        let row = row(&document, "thread 1");
        let outline = row.children().find(|node| node.attribute("class") == Some("bracket"));
        assert!(number(&outline.expect("an outline"), "width") >= 3.0);
    }

    #[test]
    fn broken_edges_are_drawn_with_both_times() {
        let mut lanes = Lanes::of(&both());
        let [earlier, later] = [2, 1].map(|place: usize| End::from(&lanes.marks[place]));
        lanes.edges.push(Edge { earlier, later });
        let title = "broken: the line at 50 ms should have come before the one at 0 ns";
        assert!(draw(&lanes, OPTIONS).contains(title));
    }

    #[test]
    fn pictures_can_share_a_time_axis() {
        let lanes = Lanes::of(&both());
        let picture = draw(&lanes, Options { until: 2 * lanes.length, ..OPTIONS });
        let document = Document::parse(&picture).expect("XML");
        assert_eq!(blocks(&row(&document, "task A")), [(10.0, 25.0)]);
    }

    #[test]
    fn a_picture_remains_small_however_much_happened() {
        let mut script = Script::new().start(0, 0, 1, "A");
        for part in 0..60_000 {
            let start = 3 * u64::from(part);
            script = script.part(start..start + 1, [part % 4, part % 2], [1, 1, part]);
        }
        let picture = draw(&Lanes::of(&script.trace()), OPTIONS);
        assert!(picture.len() < 1 << 20, "{} bytes", picture.len());
    }
}

//! Lanes for a terminal, made of characters.
//!
//! Every state has a character of its own, so that colour adds and never
//! decides. Two panels share one time axis: above a lane a task, with the number
//! of **tasks at once** under it, and below a lane a thread or a core, with the
//! number of **cores at once**. Where the first number exceeds one the run was
//! concurrent, where the second does it was parallel. In the lower panel compute
//! is written with the letter of its task.

use std::fmt::Write as _;

use anstyle::Style;

use super::colours;
use super::look::{self, Badge, Lower, LowerRow};
use crate::text::{BOLD, DIM, GOOD, columns_of, fitted, printable};
use lanes::{Axis, Cell, Columns, Lane, Lanes, Level, Mark, Span, State, Time};

/// How to draw.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How many columns there are, labels included; at least 40 are used.
    pub width: usize,
    /// Whether characters outside of ASCII can be shown.
    pub unicode: bool,
    /// Whether to add colour and weight, as ANSI escape codes.
    pub colour: bool,
    /// Which lanes the lower panel has.
    pub lower: Lower,
}

/// The most rows of a panel, so that a lesson's lines remain in sight.
const MOST_ROWS: usize = 6;

/// Draws the lanes and below them what their characters mean, each line ended.
pub fn draw(lanes: &Lanes, options: Options) -> String {
    let (drawn, legend) = draw_apart(lanes, options);
    let paint = |line| if options.colour { format!("{DIM}{line}{DIM:#}\n") } else { line + "\n" };
    drawn + &filled(&legend, options.width).into_iter().map(paint).collect::<String>()
}

/// The same, with what each character means apart, for whoever has said it before.
pub fn draw_apart(lanes: &Lanes, options: Options) -> (String, Vec<String>) {
    if lanes.length == 0 {
        return ("Nothing happened in this trace.\n".to_owned(), Vec::new());
    }
    let picture = Picture::new(lanes, options, look::lower_rows(lanes, options.lower));
    let mut rows = vec![picture.axis()];
    rows.extend(picture.task_rows());
    rows.push(picture.count("tasks at once", &lanes.strip.in_progress, Axis::Concurrent));
    rows.extend(picture.lower_rows());
    rows.push(picture.count("cores at once", &lanes.strip.executing, Axis::Parallel));
    (rows.iter().map(|row| picture.line(row)).collect(), picture.legend(&rows))
}

/// Two runs on one time axis, one under the other, each below its title: its tasks, and how many cores were
/// at work at once. And what each character means.
pub fn draw_beside(runs: [(&str, &Lanes); 2], options: Options) -> (String, Vec<String>) {
    let mut pictures = runs.map(|(_, lanes)| Picture::new(lanes, options, Vec::new()));
    let label_width = pictures[0].label_width.max(pictures[1].label_width);
    let length = runs[0].1.length.max(runs[1].1.length).max(1);
    pictures.iter_mut().for_each(|picture| picture.lay_out(label_width, length));
    let axis = pictures[0].axis();
    let mut drawn = pictures[0].line(&axis);
    let mut legend: Vec<String> = Vec::new();
    for ((title, lanes), picture) in runs.iter().zip(&pictures) {
        let mut rows = picture.task_rows();
        rows.push(picture.count("cores at once", &lanes.strip.executing, Axis::Parallel));
        drawn += &(picture.paint(BOLD, &printable(title)) + "\n");
        drawn.extend(rows.iter().map(|row| picture.line(row)));
        let news = picture.legend(&rows).into_iter().filter(|entry| !legend.contains(entry));
        legend.extend(news.collect::<Vec<_>>());
    }
    (drawn, legend)
}

/// What characters mean, in lines of so many columns, which are broken between two of them.
pub fn filled(legend: &[String], columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for entry in legend {
        match lines.last_mut() {
            Some(line) if columns_of(line) + 3 + columns_of(entry) <= columns => {
                let _ = write!(line, "   {entry}");
            }
            _ => lines.push(entry.clone()),
        }
    }
    lines
}

/// The characters of a picture, and what they mean.
struct Glyphs {
    computing: char,
    ready: char,
    waiting: char,
    quiet: char,
    line: char,
    cut: char,
}

const UNICODE: Glyphs =
    Glyphs { computing: '█', ready: '░', waiting: '·', quiet: '─', line: '•', cut: '…' };
const ASCII: Glyphs =
    Glyphs { computing: '#', ready: ':', waiting: '.', quiet: '-', line: '*', cut: '~' };

/// A row of the picture.
struct Row {
    label: String,
    label_style: Style,
    cells: Vec<(char, Style)>,
}

struct Picture<'a> {
    lanes: &'a Lanes,
    options: Options,
    glyphs: &'static Glyphs,
    badges: Vec<Badge>,
    lower: Vec<LowerRow<'a>>,
    /// How wide labels are, the space behind them included.
    label_width: usize,
    columns: Columns,
}

impl<'a> Picture<'a> {
    fn new(lanes: &'a Lanes, options: Options, lower: Vec<LowerRow<'a>>) -> Picture<'a> {
        const LONGEST_LABEL: usize = 16;
        let badges = look::badges(lanes);
        let tasks = lanes.tasks.iter().zip(&badges).take(MOST_ROWS);
        let labels = tasks.map(|(lane, badge)| look::task_label(lane, badge.letter));
        let labels = labels.chain(lower.iter().take(MOST_ROWS).map(|row| row.label.clone()));
        let longest = labels.map(|label| columns_of(&label)).max().unwrap_or(0);
        let label_width = longest.clamp("tasks at once".len(), LONGEST_LABEL) + 1;
        let count = options.width.max(40) - label_width;
        let columns = Columns { length: lanes.length, count };
        let glyphs = if options.unicode { &UNICODE } else { &ASCII };
        Picture { lanes, options, glyphs, badges, lower, label_width, columns }
    }

    /// Gives labels so many columns, and the rest to so much time.
    fn lay_out(&mut self, label_width: usize, length: Time) {
        self.label_width = label_width;
        self.columns = Columns { length, count: self.options.width.max(40) - label_width };
    }

    /// The time axis.
    fn axis(&self) -> Row {
        let cells = look::axis_cells(&self.columns, self.options.unicode);
        let cells = cells.into_iter().map(|cell| (cell, DIM)).collect();
        Row { label: String::new(), label_style: DIM, cells }
    }

    /// A row a task; if there are too many tasks, the last row counts the rest.
    fn task_rows(&self) -> Vec<Row> {
        let shown = shown(self.lanes.tasks.len());
        let rows = self.lanes.tasks[..shown].iter().zip(&self.badges);
        let mut rows: Vec<Row> = rows.map(|(lane, badge)| self.task_row(lane, badge)).collect();
        let rest = &self.lanes.tasks[shown..];
        if !rest.is_empty() {
            let spans: Vec<&Span> = rest.iter().flat_map(|lane| &lane.spans).collect();
            rows.push(self.rest(rest.len(), &spans));
        }
        rows
    }

    fn task_row(&self, lane: &Lane, badge: &Badge) -> Row {
        let colour = colour(badge);
        let cells = self.columns.cells(&lane.spans);
        let glyph = |cell: &Cell| match cell.totals.prevailing() {
            None => (' ', Style::new()),
            Some(State::Computing) => (self.glyphs.computing, colour),
            Some(state) => (self.glyph(state), colour.dimmed()),
        };
        let mut cells: Vec<_> = cells.iter().map(glyph).collect();
        for mark in self.lanes.marks.iter().filter(|mark| mark.task == lane.number) {
            cells[self.columns.at(mark.time)] = (self.line_glyph(mark), colour.bold());
        }
        let label = look::task_label(lane, badge.letter);
        Row { label, label_style: colour, cells }
    }

    /// A line of the output stands as the number of the step that it announces.
    fn line_glyph(&self, mark: &Mark) -> char {
        let digit = mark.step.and_then(|step| char::from_digit(step.into(), 10));
        digit.unwrap_or(self.glyphs.line)
    }

    /// A row a thread or a core; if there are too many, the last row counts the rest.
    fn lower_rows(&self) -> Vec<Row> {
        let shown = shown(self.lower.len());
        let mut rows: Vec<Row> =
            self.lower[..shown].iter().map(|row| self.lower_row(row)).collect();
        let rest = &self.lower[shown..];
        if !rest.is_empty() {
            let lanes = rest.iter().flat_map(|row| &row.lanes);
            let spans = lanes.flat_map(|lane| &lane.spans);
            let computing: Vec<&Span> =
                spans.filter(|span| span.state == State::Computing).collect();
            rows.push(self.rest(rest.len(), &computing));
        }
        rows
    }

    fn lower_row(&self, row: &LowerRow<'_>) -> Row {
        let mut cells = vec![(' ', Style::new()); self.columns.count];
        for lane in &row.lanes {
            let lengths = (0..).map(|column| self.columns.length_of(column));
            let shown = lengths.zip(&mut cells);
            for (cell, (length, shown)) in self.columns.cells(&lane.spans).iter().zip(shown) {
                // A core that did nothing is in no state: the rest of the column is a gap.
                let is_gap = !row.is_of_threads && 2 * cell.totals.of(State::Computing) < length;
                match cell.totals.prevailing() {
                    None => {}
                    _ if is_gap => {}
                    // A lane that shares its row is silent where it does nothing.
                    Some(State::Quiet) if row.lanes.len() > 1 => {}
                    Some(State::Computing) => *shown = self.letter(cell.task),
                    Some(state) => *shown = (self.glyph(state), DIM),
                }
            }
        }
        Row { label: row.label.clone(), label_style: Style::new(), cells }
    }

    /// Compute, written with the letter of its task.
    fn letter(&self, task: Option<u32>) -> (char, Style) {
        let badge = self.badges.iter().find(|badge| Some(badge.task) == task);
        // Without colour the letter stands alone; with it, on a block of the task's colour.
        badge.map_or((self.glyphs.computing, Style::new()), |badge| {
            (badge.letter, colour(badge).invert())
        })
    }

    /// How many of the surplus lanes were at it.
    fn rest(&self, count: usize, spans: &[&Span]) -> Row {
        let mut intervals: Vec<_> = spans.iter().map(|span| (span.start, span.end)).collect();
        intervals.sort_unstable();
        let levels = Level::count(intervals.into_iter());
        let means = self.columns.means(&levels);
        let cells = means.iter().map(|&mean| (digit(mean), Style::new())).collect();
        Row { label: format!("{count} more"), label_style: DIM, cells }
    }

    /// How many there were at once.
    fn count(&self, label: &str, levels: &[Level], axis: Axis) -> Row {
        let highlights = self.lanes.highlights.iter().filter(|highlight| highlight.axis == axis);
        let proofs: Vec<(Time, Time)> = highlights.map(|h| (h.start, h.end)).collect();
        let means = self.columns.means(levels);
        let cell = |(column, mean): (usize, &f64)| {
            let (start, end) = (self.columns.start(column), self.columns.start(column + 1));
            // However short the overlap is that proves the answer, it is seen.
            let is_proof = proofs.iter().any(|&(from, until)| from < end && start < until);
            let mean = if is_proof { mean.max(2.0) } else { *mean };
            (digit(mean), if mean < 1.5 { DIM } else { GOOD.bold() })
        };
        let cells = (0..).zip(&means).map(cell).collect();
        Row { label: label.to_owned(), label_style: BOLD, cells }
    }

    const fn glyph(&self, state: State) -> char {
        match state {
            State::Computing => self.glyphs.computing,
            State::Ready => self.glyphs.ready,
            State::Waiting => self.glyphs.waiting,
            State::Quiet => self.glyphs.quiet,
        }
    }

    /// The row as a line.
    fn line(&self, row: &Row) -> String {
        let label = fitted(&row.label, self.label_width - 1, self.glyphs.cut);
        let mut line = self.paint(row.label_style, &label);
        line.push(' ');
        let used = row.cells.iter().rposition(|cell| cell.0 != ' ').map_or(0, |last| last + 1);
        for run in row.cells[..used].chunk_by(|one, next| one.1 == next.1) {
            let text: String = run.iter().map(|cell| cell.0).collect();
            line.push_str(&self.paint(run[0].1, &text));
        }
        line.push('\n');
        line
    }

    fn paint(&self, style: Style, text: &str) -> String {
        if self.options.colour && style != Style::new() {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    /// What the characters mean that were used.
    fn legend(&self, rows: &[Row]) -> Vec<String> {
        let glyphs = self.glyphs;
        let meanings = [
            (glyphs.computing, "computing"),
            (glyphs.ready, look::held_up(self.lanes)),
            (glyphs.waiting, "waiting"),
            (glyphs.quiet, "there, nothing recorded"),
            (glyphs.line, "prints a line"),
        ];
        let is_used = |glyph| rows.iter().any(|row| row.cells.iter().any(|cell| cell.0 == glyph));
        let used = meanings.into_iter().filter(|&(glyph, _)| is_used(glyph));
        let mut entries: Vec<String> =
            used.map(|(glyph, what)| format!("{glyph} {what}")).collect();
        if self.lanes.marks.iter().any(|mark| mark.step.is_some()) {
            entries.push("1 prints step 1".to_owned());
        }
        let lanes = self.lower.iter().flat_map(|row| &row.lanes);
        let computes = lanes.into_iter().any(|lane| lane.totals.of(State::Computing) > 0);
        if let (Some(badge), Some(lane)) = (self.badges.first(), self.lanes.tasks.first())
            && computes
        {
            let name = if lane.name.chars().eq([badge.letter]) { "task " } else { "" };
            let name = format!("{name}{}", printable(&lane.name));
            entries.push(format!("{} computing for {name}", badge.letter));
        }
        entries
    }
}

/// How many rows are shown as they are, out of so many.
const fn shown(rows: usize) -> usize {
    if rows > MOST_ROWS { MOST_ROWS - 1 } else { rows }
}

fn colour(badge: &Badge) -> Style {
    colours::style(badge.colour)
}

/// A count as one character.
fn digit(count: f64) -> char {
    match count.round() {
        0.0 => ' ',
        count @ 1.0..10.0 => char::from(b'0' + count as u8),
        _ => '+',
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::colours::TaskColours;
    use evidence::trace::Trace;
    use lanes::Highlight;
    use lanes::script::{Script, both};

    const PLAIN: Options = Options { width: 80, unicode: true, colour: false, lower: Lower::Best };

    fn drawn(trace: &Trace, options: Options) -> String {
        draw(&Lanes::of(trace), options)
    }

    #[test]
    fn a_run_as_it_is_drawn_at_80_columns() {
        let picture = concat!(
            "              0                        50                       100 ms\n",
            "task A        1·········███████████████•\n",
            "task B        1·········░░░░░░░░░░░░░░░███████████\n",
            "task C                                                ██████░░░░░░░░░░██████████\n",
            "tasks at once 222222222222222222222222211111111111     1111111111111111111111111\n",
            "main          ─────────────────────────────────────────CCCCC░░░░░░░░░░CCCCCCCCCC\n",
            "thread 1                AAAAAAAAAAAAAAABBBBBBBBBBB\n",
            "thread 2                AAAAAAAAAAAAAAABBBBBBBBBBB\n",
            "cores at once           22222222222222222222222221     11111          1111111111\n",
            "█ computing   ░ held up by other tasks, threads or programs   · waiting\n",
            "─ there, nothing recorded   • prints a line   1 prints step 1\n",
            "A computing for task A\n",
        );
        assert_eq!(drawn(&both(), PLAIN), picture);
    }

    #[test]
    fn two_runs_stand_on_one_axis() {
        let short = Script::new().start(0, 0, 1, "A").part(0..50, [1, 0], [1, 1, 0]).end(50, 0, 1);
        let [long, short] = [both(), short.trace()].map(|trace| Lanes::of(&trace));
        let (picture, legend) = draw_beside([("before", &long), ("after", &short)], PLAIN);
        let expected = concat!(
            "              0                        50                       100 ms\n",
            "before\n",
            "task A        1·········███████████████•\n",
            "task B        1·········░░░░░░░░░░░░░░░███████████\n",
            "task C                                                ██████░░░░░░░░░░██████████\n",
            "cores at once           22222222222222222222222221     11111          1111111111\n",
            "after\n",
            "task A        ██████████████████████████\n",
            "cores at once 1111111111111111111111111\n",
        );
        assert_eq!(picture, expected);
        let legend = legend.join(" ");
        assert!(legend.contains("░ held up") && !legend.contains("computing for"), "{legend}");
    }

    #[test]
    fn a_core_is_not_drawn_as_computing_where_it_mostly_did_not() {
        // A part for a millisecond in every four, and a column of some fifteen milliseconds.
        let parts = (0..250_u64).map(|part| 4 * part..4 * part + 1);
        let script = parts.fold(Script::new().start(0, 0, 1, "A"), |script, time| {
            script.part(time, [1, 0], [1, 1, 0])
        });
        let lower = Lower::Cores;
        let picture = drawn(&script.end(1000, 0, 1).trace(), Options { lower, ..PLAIN });
        let core = picture.lines().find(|line| line.starts_with("core 0")).expect("a core");
        assert!(!core.contains('A'), "{picture}");
    }

    #[test]
    fn no_character_is_outside_of_ascii_where_the_terminal_has_no_more() {
        for width in [60, 80, 200] {
            let picture = drawn(&both(), Options { width, unicode: false, ..PLAIN });
            assert!(picture.is_ascii(), "{picture}");
            assert!(['#', ':', '.', '-', '*'].iter().all(|&glyph| picture.contains(glyph)));
        }
    }

    #[test]
    fn no_line_is_wider_than_it_may_be() {
        for (width, lower) in [(60, Lower::Best), (80, Lower::Cores), (200, Lower::Threads)] {
            let picture = drawn(&both(), Options { width, lower, ..PLAIN });
            let widest = picture.lines().map(|line| line.chars().count()).max();
            assert_eq!(widest, Some(width));
        }
    }

    #[test]
    fn lanes_begin_in_the_same_column_whatever_script_their_names_are_in() {
        let script = Script::new().start(0, 0, 1, "並行処理").start(0, 0, 2, "e\u{301}tude");
        let picture = drawn(&script.end(9, 0, 1).end(9, 0, 2).trace(), PLAIN);
        let rows = picture.lines().filter(|line| line.contains("──"));
        let begins: Vec<_> =
            rows.map(|row| row.split_once('─').map(|(name, _)| columns_of(name))).collect();
        assert!(begins.len() > 2 && begins.iter().all(|begin| *begin == begins[0]), "{picture}");
    }

    #[test]
    fn colour_adds_nothing_but_colour() {
        let plain = drawn(&both(), PLAIN);
        let coloured = drawn(&both(), Options { colour: true, ..PLAIN });
        assert_ne!(coloured, plain);
        assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain);
    }

    #[test]
    fn tasks_have_the_colours_of_their_lines() {
        let mut lines = TaskColours::default();
        for (task, place) in ["A", "B", "C", "D", "E", "F", "G"].iter().zip(0..) {
            let line = lines.paint(&format!("Task {task} - Step 1"));
            assert!(line.starts_with(&colours::style(place).render().to_string()), "{task}");
        }
    }

    #[test]
    fn a_picture_has_few_rows_however_many_lanes_there_are() {
        let mut script = Script::new();
        for number in 1..=100 {
            let start = u64::from(number % 50);
            script = script.start(start, 0, number, "worker");
            script = script.part(start + 20..start + 30, [number, number % 40], [number, 1, 1]);
            script = script.end(start + 60, 0, number);
        }
        let trace = script.trace();
        for lower in [Lower::Best, Lower::Threads, Lower::Cores] {
            let picture = drawn(&trace, Options { lower, ..PLAIN });
            assert!(picture.lines().count() <= 18, "{picture}");
            assert!(picture.contains("95 more"), "{picture}");
        }
    }

    #[test]
    fn threads_that_never_compute_at_once_share_a_row_where_cores_are_unknown() {
        let mut script = Script::new().start(0, 0, 1, "A");
        for part in 0..8 {
            let start = u64::from(part / 2) * 10;
            script = script.part(start..start + 10, [part, 0], [1, 1, part]);
        }
        let mut lanes = Lanes::of(&script.end(40, 0, 1).trace());
        lanes.cores.clear();
        let picture = draw(&lanes, PLAIN);
        assert_eq!(picture.matches("4 threads").count(), 2, "{picture}");
    }

    #[test]
    fn the_overlap_that_proves_an_answer_is_seen_however_short_it_is() {
        let mut lanes = Lanes::of(&both());
        let (start, end, at_least) = (85_000_000, 85_000_001, 1);
        let (axis, sentence) = (Axis::Parallel, String::new());
        let before = draw(&lanes, PLAIN).matches('2').count();
        lanes.highlights.push(Highlight { axis, lanes: [0, 1], start, end, at_least, sentence });
        assert_eq!(draw(&lanes, PLAIN).matches('2').count(), before + 1);
    }

    #[test]
    fn a_trace_in_which_nothing_happened_says_so() {
        assert_eq!(drawn(&Script::new().trace(), PLAIN), "Nothing happened in this trace.\n");
    }

    #[test]
    fn counts_beyond_nine_are_many() {
        assert_eq!([0.2, 0.6, 1.4, 9.4, 9.6, 300.0].map(digit), [' ', '1', '1', '9', '+', '+']);
    }
}

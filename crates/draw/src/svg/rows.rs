//! The rows of the two panels.

use super::paper::Anchor;
use super::{Picture, duration_of};
use crate::colours::COLOURS;
use crate::look::{self, Badge, LowerRow};
use lanes::{Axis, End, Highlight, Lane, Span, State, joined};

/// The height of a row, and of a block in it.
const ROW: f64 = 24.0;
const BLOCK: f64 = 16.0;

/// The most rows of a panel.
const MOST_ROWS: usize = 16;

/// The dots of a wait.
pub(super) const DOTS: &str =
    " stroke-width=\"2.5\" stroke-linecap=\"round\" stroke-dasharray=\"0 6\"";

impl Picture<'_> {
    /// A row a task.
    pub(super) fn tasks(&mut self) {
        let lanes = self.lanes;
        let shown = shown(lanes.tasks.len());
        for (lane, place) in lanes.tasks[..shown].iter().zip(0..) {
            let badge = self.badges[place].clone();
            let label = look::task_label(lane, badge.letter);
            self.rows_of_tasks.insert(lane.number, self.y + BLOCK / 2.0);
            self.begin(&label, &[lane]);
            self.label(&format!("label f{}", badge.colour % COLOURS), &label);
            for span in joined(&lane.spans, self.least) {
                self.span(&span, badge.colour, None);
            }
            self.paper.flush();
            self.outline(Axis::Concurrent, &[lane.number]);
            self.lines_of(lane, &badge);
            self.end();
        }
        self.surplus(lanes.tasks.len() - shown);
    }

    /// A row a thread or a core.
    pub(super) fn lower(&mut self, rows: &[LowerRow<'_>]) {
        self.y += 8.0;
        let shown = shown(rows.len());
        for row in &rows[..shown] {
            self.begin(&row.label, &row.lanes);
            self.label("label ink", &row.label);
            let least = self.least;
            for span in row.lanes.iter().flat_map(|lane| joined(&lane.spans, least)) {
                if span.state != State::Quiet || row.lanes.len() == 1 {
                    let badge = self.badges.iter().find(|b| Some(b.task) == span.about.task);
                    let (colour, letter) = badge.map_or((0, None), |b| (b.colour, Some(b.letter)));
                    self.span(&span, colour, letter);
                }
            }
            self.paper.flush();
            if row.is_of_threads {
                let numbers: Vec<u32> = row.lanes.iter().map(|lane| lane.number).collect();
                self.outline(Axis::Parallel, &numbers);
            }
            self.end();
        }
        self.surplus(rows.len() - shown);
    }

    /// Begins a row, with what a screen reader says of it.
    fn begin(&mut self, label: &str, lanes: &[&Lane]) {
        let spent = State::ALL
            .into_iter()
            .map(|state| (state.name(), lanes.iter().map(|lane| lane.totals.of(state)).sum()));
        let spent = spent.filter(|&(_, time)| time > 0);
        let spent: Vec<String> =
            spent.map(|(name, time)| format!("{name} {}", duration_of(time))).collect();
        self.paper.begin(&format!("{label}: {}", spent.join(", ")));
    }

    fn end(&mut self) {
        self.paper.end();
        self.y += ROW;
    }

    fn label(&mut self, class: &str, label: &str) {
        const LONGEST: usize = 14;
        let mut text: String = label.chars().take(LONGEST).collect();
        if label.chars().count() > LONGEST {
            text.pop();
            text.push('…');
        }
        self.paper.text(class, [16.0, self.y + BLOCK - 4.0], Anchor::Start, &text);
    }

    /// Says how many lanes there is no row for.
    fn surplus(&mut self, count: usize) {
        if count > 0 {
            let at = [16.0, self.y + BLOCK - 4.0];
            self.paper.text("dim", at, Anchor::Start, &format!("and {count} more"));
            self.y += ROW;
        }
    }

    /// A span, in the shape of its state. One that was merged of many is a
    /// block as high as its share of compute, hatched above for what was ready.
    fn span(&mut self, span: &Span, colour: usize, letter: Option<char>) {
        let colour = colour % COLOURS;
        let (x, width) = (self.x(span.start), self.x(span.end) - self.x(span.start));
        let block = [x, self.y, width, BLOCK];
        let middle = self.y + BLOCK / 2.0;
        self.used.insert(span.state);
        match span.state {
            State::Computing | State::Ready if span.merged.is_some() => {
                let [computing, ready] = shares(span).map(|share| BLOCK * share);
                let top = self.y + BLOCK - computing;
                let class = format!(" class=\"f{colour}\"");
                self.paper.small_rect(&class, [x, top, width, computing]);
                self.paper.small_rect(&hatch(colour), [x, top - ready, width, ready]);
            }
            State::Computing => {
                self.paper.rect(&format!("f{colour}"), block, "");
                if let Some(letter) = letter.filter(|_| width >= 11.0) {
                    let at = [x + width / 2.0, self.y + BLOCK - 4.0];
                    self.paper.text("letter", at, Anchor::Middle, &letter.to_string());
                }
            }
            State::Ready => self.paper.rect("", block, &hatch(colour)),
            State::Waiting => {
                let class = format!("s{colour}");
                self.paper.line(&class, [x + 3.0, middle], [x + width, middle], DOTS);
            }
            State::Quiet => self.paper.line("quiet", [x, middle], [x + width, middle], ""),
        }
    }

    /// The lines that a task printed, each with the number of its step where there is room.
    fn lines_of(&mut self, lane: &Lane, badge: &Badge) {
        const APART: f64 = 15.0;
        let middle = self.y + BLOCK / 2.0;
        let lanes = self.lanes;
        let mut free = 0.0;
        for mark in lanes.marks.iter().filter(|mark| mark.task == lane.number) {
            let x = self.x(mark.time);
            let step = mark.step.filter(|&step| step < 10 && x >= free);
            self.line_of_output([x, middle], badge.colour % COLOURS, step);
            if step.is_some() {
                free = x + APART;
            }
        }
    }

    /// A line of the output: a disc with the number of the step, or a small one.
    pub(super) fn line_of_output(&mut self, at: [f64; 2], colour: usize, step: Option<u16>) {
        const THIN: &str = " stroke-width=\"1.5\"";
        let class = format!("disc s{colour}");
        let Some(step) = step else {
            return self.paper.circle(&class, at, 3.0, THIN);
        };
        self.paper.circle(&class, at, 7.0, THIN);
        let (class, at) = (format!("small f{colour}"), [at[0], at[1] + 4.0]);
        self.paper.text(&class, at, Anchor::Middle, &step.to_string());
    }

    /// Outlines the very overlap that proves an answer, on the lanes that overlap.
    fn outline(&mut self, axis: Axis, numbers: &[u32]) {
        let lanes = self.lanes;
        for proof in lanes.highlights.iter().filter(|highlight| highlight.axis == axis) {
            if proof.lanes.iter().any(|lane| numbers.contains(lane)) {
                let (x, width) = self.extent(proof);
                let shape = [x, self.y - 2.5, width, BLOCK + 5.0];
                self.paper.rect("bracket", shape, " rx=\"3\"");
            }
        }
    }

    /// Where a highlight begins and how wide it is: never too narrow to be seen.
    pub(super) fn extent(&self, proof: &Highlight) -> (f64, f64) {
        let (x, end) = (self.x(proof.start), self.x(proof.end));
        let surplus = (3.0 - (end - x)).max(0.0) / 2.0;
        (x - surplus, end - x + 2.0 * surplus)
    }

    /// Broken edges of the contract: from the line that should have come first
    /// to the one that came before it.
    pub(super) fn edges(&mut self) {
        let lanes = self.lanes;
        for edge in lanes.edges.iter().filter(|edge| edge.is_broken()) {
            let at = |end: &End| Some([self.x(end.time), *self.rows_of_tasks.get(&end.task)?]);
            let (Some(from), Some(to)) = (at(&edge.earlier), at(&edge.later)) else { continue };
            let [earlier, later] = [&edge.earlier, &edge.later].map(|end| duration_of(end.time));
            let title =
                format!("broken: the line at {earlier} should have come before the one at {later}");
            self.paper.begin(&title);
            self.paper.line("broken", from, to, " marker-end=\"url(#arrow)\"");
            self.paper.end();
        }
    }
}

/// How many rows are shown, out of so many.
const fn shown(rows: usize) -> usize {
    if rows > MOST_ROWS { MOST_ROWS - 1 } else { rows }
}

/// The shares of compute and of being ready in a merged span.
fn shares(span: &Span) -> [f64; 2] {
    let totals = span.merged.as_ref().map(|merged| merged.totals).unwrap_or_default();
    let share = |state| totals.of(state) as f64 / span.length() as f64;
    [State::Computing, State::Ready].map(share)
}

/// The fill of what is ready.
pub(super) fn hatch(colour: usize) -> String {
    format!(" fill=\"url(#ready{colour})\"")
}

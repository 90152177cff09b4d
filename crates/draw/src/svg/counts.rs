//! How many there were at once, and what proves it.

use super::paper::Anchor;
use super::{LEFT, Picture, duration_of};
use lanes::{Axis, Highlight, Level, Time};

/// The height of a count.
const HEIGHT: f64 = 30.0;

impl Picture<'_> {
    /// A count over time, and what proves that it exceeded one.
    pub(super) fn count(&mut self, label: &str, levels: &[Level], axis: Axis) {
        let most = levels.iter().map(|level| level.most).max().unwrap_or(0);
        let unit = (HEIGHT / f64::from(most.max(1))).min(10.0);
        let height = unit * f64::from(most.max(1));
        self.paper.begin(&format!("{label}: up to {most}"));
        let base = self.y + height;
        self.paper.text("ink label", [16.0, base - height / 2.0 + 4.0], Anchor::Start, label);
        for Bar { start, end, count } in bars(levels, self.least) {
            let (x, width) = (self.x(start), self.x(end) - self.x(start));
            let is_several = count >= 1.5;
            let tall = unit * count;
            let class = if is_several { "many" } else { "one" };
            if width < 2.0 {
                let look = format!(" class=\"{class}\"");
                self.paper.small_rect(&look, [x, base - tall, width, tall]);
            } else {
                self.paper.rect(class, [x, base - tall, width, tall], "");
            }
            if width >= 14.0 && unit >= 9.0 && tall >= 9.0 {
                let class = if is_several { "letter" } else { "small ink" };
                let at = [x + width / 2.0, base - tall + 9.0];
                self.paper.text(class, at, Anchor::Middle, &format!("{count:.0}"));
            }
        }
        self.paper.flush();
        self.paper.end();
        self.y = base + 4.0;
        let lanes = self.lanes;
        for proof in lanes.highlights.iter().filter(|highlight| highlight.axis == axis) {
            self.proof(proof);
        }
    }

    /// Marks when it was that was outlined, and says what it is.
    fn proof(&mut self, proof: &Highlight) {
        /// More than the text takes.
        const ROOM: f64 = 400.0;
        let (x, width) = self.extent(proof);
        let y = self.y + 4.0;
        self.paper.line("bracket", [x, y], [x + width, y], "");
        for end in [x, x + width] {
            self.paper.line("bracket", [end, y - 4.0], [end, y + 4.0], "");
        }
        let text = self.in_words(proof);
        // Beside it where there is room, and else under it.
        if x + width + ROOM < self.right {
            self.paper.text("proof", [x + width + 8.0, y + 4.0], Anchor::Start, &text);
        } else if x - ROOM > LEFT {
            self.paper.text("proof", [x - 8.0, y + 4.0], Anchor::End, &text);
        } else {
            self.y += 14.0;
            let middle = (x + width / 2.0).clamp(LEFT + ROOM / 2.0, self.right - ROOM / 2.0);
            self.paper.text("proof", [middle, y + 15.0], Anchor::Middle, &text);
        }
        self.y += 14.0;
    }

    fn in_words(&self, proof: &Highlight) -> String {
        let length = duration_of(proof.at_least);
        match proof.axis {
            Axis::Concurrent => {
                let name = |number| self.lanes.task(number).map_or("?", |lane| &lane.name);
                let [one, other] = proof.lanes.map(name);
                format!("tasks {one} and {other} in progress at once for {length}: concurrent")
            }
            Axis::Parallel => {
                let [one, other] = proof.lanes;
                format!(
                    "threads {one} and {other} executing at once for at least {length}: parallel"
                )
            }
        }
    }
}

/// A time in which a count was the same, as far as the picture can show.
struct Bar {
    start: Time,
    end: Time,
    count: f64,
}

/// Joins levels of the same height, and leaves out what is too short to be seen.
fn bars(levels: &[Level], least: Time) -> Vec<Bar> {
    let mut bars: Vec<Bar> = Vec::new();
    for level in levels {
        let (start, end, count) = (level.start, level.end, level.mean());
        match bars.last_mut() {
            Some(last) if level.length() < least || (last.count - count).abs() < 0.1 => {
                last.end = end;
            }
            _ => bars.push(Bar { start, end, count }),
        }
    }
    bars.retain(|bar| bar.count > 0.0);
    bars
}

//! Curves over the number of cores, or over whatever else is turned, as a picture.

use super::paper::{Anchor, Paper};
use super::{MARGIN, WIDE};
use crate::colours::COLOURS;

/// Where the axes are.
const LEFT: f64 = 64.0;
const TOP: f64 = 64.0;
const HEIGHT: f64 = 360.0;
/// What is right of them is for the curves' names.
const NAMES: f64 = 190.0;

/// Curves between two axes.
#[derive(Clone, Debug)]
pub struct Chart<'a> {
    /// The picture's title.
    pub title: &'a str,
    /// What it shows, in words.
    pub description: &'a str,
    /// The horizontal axis.
    pub across: Axis<'a>,
    /// The vertical axis.
    pub up: Axis<'a>,
    /// The curves, the most important ones last: they lie above the others.
    pub curves: Vec<Curve>,
}

/// An axis. It reaches as far as the curves do.
#[derive(Clone, Copy, Debug)]
pub struct Axis<'a> {
    /// What stands on it.
    pub of: &'a str,
    /// How far apart its marks are.
    pub scale: Scale,
}

/// How far apart the marks of an axis are.
#[derive(Clone, Copy, Debug)]
pub enum Scale {
    /// Each is twice the one before; the first is 1.
    Doubling,
    /// Each is so much more than the one before; the first is 0.
    Even(f64),
}

impl Scale {
    /// As few marks as reach to this value, and two at least.
    fn marks(self, most: f64) -> Vec<f64> {
        let steps = match self {
            Scale::Doubling => most.max(1.0).log2(),
            Scale::Even(step) => most / step,
        };
        let steps = 0..=steps.ceil().max(1.0) as i32;
        steps.map(|number| self.mark(f64::from(number))).collect()
    }

    /// The mark with this number, from 0.
    fn mark(self, number: f64) -> f64 {
        match self {
            Scale::Doubling => number.exp2(),
            Scale::Even(step) => step * number,
        }
    }

    /// How far along an axis that ends at `last` a value stands: from 0 to 1.
    fn part(self, value: f64, last: f64) -> f64 {
        match self {
            Scale::Doubling => value.max(1.0).log2() / last.log2(),
            Scale::Even(_) => value / last,
        }
    }
}

/// A curve.
#[derive(Clone, Debug)]
pub struct Curve {
    /// What it is called.
    pub name: String,
    /// How far across it is how far up. On an axis that doubles nothing is below 1.
    pub points: Vec<(f64, f64)>,
    /// Its place in the table of colours; nothing for one that all others are compared with.
    pub colour: Option<usize>,
    /// Whether it is what the curve of the same colour cannot exceed: it is dashed, and shares that one's
    /// name.
    pub is_limit: bool,
}

/// Draws curves.
#[must_use]
pub fn draw(chart: &Chart<'_>) -> String {
    let points = || chart.curves.iter().flat_map(|curve| &curve.points);
    let across = chart.across.scale.marks(points().map(|point| point.0).fold(0.0, f64::max));
    let up = chart.up.scale.marks(points().map(|point| point.1).fold(0.0, f64::max));
    let scales = [chart.across.scale, chart.up.scale];
    let mut drawing = Drawing { paper: Paper::default(), scales, marks: [across, up] };
    drawing.axes(chart);
    drawing.curves(&chart.curves);
    drawing.paper.reach(TOP + HEIGHT + 52.0);
    drawing.paper.finish(WIDE, chart.title, chart.description)
}

/// A chart in the making; of two things the first is of the horizontal axis.
struct Drawing {
    paper: Paper,
    scales: [Scale; 2],
    marks: [Vec<f64>; 2],
}

impl Drawing {
    /// Where a point of a curve stands.
    fn at(&self, (across, up): (f64, f64)) -> [f64; 2] {
        let width = WIDE - LEFT - NAMES - MARGIN;
        let last = |axis: usize| self.marks[axis].last().copied().unwrap_or(1.0);
        let part = |axis: usize, value| self.scales[axis].part(value, last(axis));
        [LEFT + width * part(0, across), TOP + HEIGHT * (1.0 - part(1, up))]
    }

    fn axes(&mut self, chart: &Chart<'_>) {
        self.paper.text("ink title", [16.0, 28.0], Anchor::Start, chart.title);
        self.paper.text("dim small", [16.0, 48.0], Anchor::Start, chart.up.of);
        let [right, bottom] = [WIDE - NAMES - MARGIN, TOP + HEIGHT];
        let [across, up] = self.marks.clone();
        for mark in across {
            let [x, _] = self.at((mark, 0.0));
            self.paper.line("grid", [x, TOP], [x, bottom], "");
            let at = [x, bottom + 18.0];
            self.paper.text("dim small", at, Anchor::Middle, &format!("{mark}"));
        }
        for mark in up {
            let [_, y] = self.at((0.0, mark));
            self.paper.line("grid", [LEFT, y], [right, y], "");
            let at = [LEFT - 8.0, y + 4.0];
            self.paper.text("dim small", at, Anchor::End, &format!("{mark}"));
        }
        let middle = [(LEFT + right) / 2.0, bottom + 38.0];
        self.paper.text("dim small", middle, Anchor::Middle, chart.across.of);
    }

    /// The curves, and their names where they end, one below the other.
    fn curves(&mut self, curves: &[Curve]) {
        const APART: f64 = 15.0;
        let mut names: Vec<(f64, &Curve)> = Vec::new();
        for curve in curves {
            let class = curve.colour.map_or("quiet".to_owned(), |it| format!("s{}", it % COLOURS));
            let is_dashed = curve.is_limit || curve.colour.is_none();
            let look = if is_dashed {
                " stroke-width=\"1.5\" stroke-dasharray=\"5 4\""
            } else {
                " stroke-width=\"2.5\""
            };
            self.paper.begin(&curve.name);
            for pair in curve.points.windows(2) {
                let [from, to] = [self.at(pair[0]), self.at(pair[1])];
                self.paper.line(&class, from, to, look);
            }
            if let (false, Some(colour)) = (curve.is_limit, curve.colour) {
                let class = format!("f{}", colour % COLOURS);
                for &point in &curve.points {
                    self.paper.circle(&class, self.at(point), 3.0, "");
                }
            }
            self.paper.end();
            if !curve.is_limit {
                let last = curve.points.last().map_or(TOP, |&last| self.at(last)[1]);
                names.push((last, curve));
            }
        }
        names.sort_by(|one, other| one.0.total_cmp(&other.0));
        // From below, so that what ends at the bottom is not pushed out of the picture.
        let mut below = TOP + HEIGHT + APART;
        for (last, curve) in names.into_iter().rev() {
            let y = last.min(below - APART);
            let class = curve.colour.map_or("dim".to_owned(), |it| format!("f{}", it % COLOURS));
            let x = WIDE - NAMES - MARGIN + 10.0;
            self.paper.text(&class, [x, y + 4.0], Anchor::Start, &curve.name);
            below = y;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use roxmltree::{Document, Node};

    fn curve(name: &str, points: &[(f64, f64)], colour: Option<usize>) -> Curve {
        Curve { name: name.to_owned(), points: points.to_vec(), colour, is_limit: false }
    }

    fn drawn(curves: Vec<Curve>, scales: [Scale; 2]) -> String {
        let [across, up] = [("cores", scales[0]), ("times as fast", scales[1])]
            .map(|(of, scale)| Axis { of, scale });
        draw(&Chart { title: "T", description: "D", across, up, curves })
    }

    #[test]
    fn a_chart_is_a_picture_with_a_name_for_each_curve() {
        let curves = vec![
            curve("as many as cores", &[(1.0, 1.0), (1024.0, 1024.0)], None),
            curve("a < b", &[(1.0, 1.0), (2.0, 1.9), (1024.0, 4.0)], Some(7)),
            curve("nothing", &[], Some(0)),
        ];
        let picture = drawn(curves, [Scale::Doubling; 2]);
        let document = Document::parse(&picture).expect("a picture");
        let texts: Vec<_> = document.descendants().filter_map(|node| node.text()).collect();
        for name in ["as many as cores", "a < b", "nothing", "1024", "cores", "T"] {
            assert!(texts.contains(&name), "{name} is missing in {texts:?}");
        }
    }

    #[test]
    fn a_limit_is_dashed_in_the_colour_of_what_it_limits_and_has_no_name_of_its_own() {
        let points = [(0.0, 1.0), (50.0, 2.0)];
        let limit = Curve { is_limit: true, ..curve("a, at most", &points, Some(1)) };
        let picture = drawn(vec![limit, curve("a", &points, Some(1))], [Scale::Even(10.0); 2]);
        let document = Document::parse(&picture).expect("a picture");
        let of_colour = |node: &Node<'_, '_>| node.attribute("class") == Some("s1");
        let in_colour: Vec<_> = document
            .descendants()
            .filter(|node| node.has_tag_name("line") && of_colour(node))
            .map(|line| {
                line.attribute("stroke-dasharray").is_some()
                    && line.parent().is_some_and(|it| it.tag_name().name() == "g")
            })
            .collect();
        // In patterns, too, there are lines of this colour.
        assert_eq!(in_colour.iter().filter(|is_dashed| **is_dashed).count(), 1);
        let named = |name| {
            let texts = document.descendants().filter(|node| node.has_tag_name("text"));
            texts.filter(|node| node.text() == Some(name)).count()
        };
        assert_eq!((named("a"), named("a, at most")), (1, 0));
    }

    #[test]
    fn what_is_twice_as_much_is_one_step_further() {
        let scale = Scale::Doubling;
        let [one, two, four] = [1.0, 2.0, 4.0].map(|value| scale.part(value, 1024.0));
        assert!((two - one - (four - two)).abs() < 1e-9 && (two - one - 0.1).abs() < 1e-9);
        assert_eq!(scale.marks(3.0), [1.0, 2.0, 4.0]);
    }

    #[test]
    fn even_marks_reach_as_far_as_the_curves() {
        let scale = Scale::Even(20.0);
        assert_eq!(scale.marks(90.0), [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
        assert_eq!(scale.marks(0.0), [0.0, 20.0]);
        assert!((scale.part(25.0, 100.0) - 0.25).abs() < 1e-9);
    }
}

//! Curves over the number of cores, as a picture: both axes go by powers of two.

use super::paper::{Anchor, Paper};
use super::{MARGIN, WIDE};
use crate::colours::COLOURS;

/// Where the axes are.
const LEFT: f64 = 64.0;
const TOP: f64 = 64.0;
const HEIGHT: f64 = 360.0;
/// What is right of them is for the curves' names.
const NAMES: f64 = 190.0;

/// Curves over the number of cores.
#[derive(Clone, Debug)]
pub struct Chart<'a> {
    /// The picture's title.
    pub title: &'a str,
    /// What it shows, in words.
    pub description: &'a str,
    /// What stands on the vertical axis.
    pub of: &'a str,
    /// The curves, the most important ones last: they lie above the others.
    pub curves: Vec<Curve>,
}

/// A curve.
#[derive(Clone, Debug)]
pub struct Curve {
    /// What it is called.
    pub name: String,
    /// On how many cores there is how much of it. Neither is below 1.
    pub points: Vec<(f64, f64)>,
    /// Its place in the table of colours; nothing for one that others are compared with.
    pub colour: Option<usize>,
}

/// Draws curves.
#[must_use]
pub fn draw(chart: &Chart<'_>) -> String {
    let points = || chart.curves.iter().flat_map(|curve| &curve.points);
    let powers = |values: &mut dyn Iterator<Item = f64>| values.fold(1.0, f64::max).log2().ceil();
    let across = powers(&mut points().map(|point| point.0)).max(1.0);
    let up = powers(&mut points().map(|point| point.1)).max(1.0);
    let mut drawing = Drawing { paper: Paper::default(), across, up };
    drawing.axes(chart);
    drawing.curves(&chart.curves);
    drawing.paper.reach(TOP + HEIGHT + 52.0);
    drawing.paper.finish(WIDE, chart.title, chart.description)
}

struct Drawing {
    paper: Paper,
    /// How many powers of two there are to the right, and upwards.
    across: f64,
    up: f64,
}

impl Drawing {
    /// Where a number of cores, and how much there is on them, stands.
    fn at(&self, (cores, value): (f64, f64)) -> [f64; 2] {
        let width = WIDE - LEFT - NAMES - MARGIN;
        let part = |value: f64, of: f64| value.max(1.0).log2() / of;
        [LEFT + width * part(cores, self.across), TOP + HEIGHT * (1.0 - part(value, self.up))]
    }

    fn axes(&mut self, chart: &Chart<'_>) {
        self.paper.text("ink title", [16.0, 28.0], Anchor::Start, chart.title);
        self.paper.text("dim small", [16.0, 48.0], Anchor::Start, chart.of);
        let [right, bottom] = [self.at((self.across.exp2(), 1.0))[0], TOP + HEIGHT];
        for power in 0..=self.across as i32 {
            let cores = f64::from(power).exp2();
            let [x, _] = self.at((cores, 1.0));
            self.paper.line("grid", [x, TOP], [x, bottom], "");
            let at = [x, bottom + 18.0];
            self.paper.text("dim small", at, Anchor::Middle, &format!("{cores}"));
        }
        for power in 0..=self.up as i32 {
            let value = f64::from(power).exp2();
            let [_, y] = self.at((1.0, value));
            self.paper.line("grid", [LEFT, y], [right, y], "");
            let at = [LEFT - 8.0, y + 4.0];
            self.paper.text("dim small", at, Anchor::End, &format!("{value}"));
        }
        let middle = [(LEFT + right) / 2.0, bottom + 38.0];
        self.paper.text("dim small", middle, Anchor::Middle, "cores");
    }

    /// The curves, and their names where they end, one below the other.
    fn curves(&mut self, curves: &[Curve]) {
        const APART: f64 = 15.0;
        let mut names: Vec<(f64, &Curve)> = Vec::new();
        for curve in curves {
            let (class, look) = match curve.colour {
                Some(colour) => (format!("s{}", colour % COLOURS), " stroke-width=\"2.5\""),
                None => ("quiet".to_owned(), " stroke-width=\"1.5\" stroke-dasharray=\"5 4\""),
            };
            self.paper.begin(&curve.name);
            for pair in curve.points.windows(2) {
                let [from, to] = [self.at(pair[0]), self.at(pair[1])];
                self.paper.line(&class, from, to, look);
            }
            if let (Some(colour), points) = (curve.colour, &curve.points) {
                let class = format!("f{}", colour % COLOURS);
                points.iter().for_each(|&it| self.paper.circle(&class, self.at(it), 3.0, ""));
            }
            self.paper.end();
            let last = curve.points.last().map_or(TOP, |&last| self.at(last)[1]);
            names.push((last, curve));
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

    fn curve(name: &str, points: &[(f64, f64)], colour: Option<usize>) -> Curve {
        Curve { name: name.to_owned(), points: points.to_vec(), colour }
    }

    #[test]
    fn a_chart_is_a_picture_with_a_name_for_each_curve() {
        let curves = vec![
            curve("as many as cores", &[(1.0, 1.0), (1024.0, 1024.0)], None),
            curve("a < b", &[(1.0, 1.0), (2.0, 1.9), (1024.0, 4.0)], Some(7)),
            curve("nothing", &[], Some(0)),
        ];
        let chart = Chart { title: "T", description: "D", of: "times as fast", curves };
        let picture = draw(&chart);
        let document = roxmltree::Document::parse(&picture).expect("a picture");
        let texts: Vec<_> = document.descendants().filter_map(|node| node.text()).collect();
        for name in ["as many as cores", "a < b", "nothing", "1024", "cores", "T"] {
            assert!(texts.contains(&name), "{name} is missing in {texts:?}");
        }
    }

    #[test]
    fn what_is_twice_as_much_is_one_step_further() {
        let drawing = Drawing { paper: Paper::default(), across: 10.0, up: 10.0 };
        let [one, two, four] = [1.0, 2.0, 4.0].map(|value| drawing.at((value, value)));
        assert!((two[0] - one[0] - (four[0] - two[0])).abs() < 1e-9);
        assert!((one[1] - two[1] - HEIGHT / 10.0).abs() < 1e-9);
    }
}

//! What came of the dial, as curves: what each quadrant gains, over how much of a step is waiting.

use draw::svg::chart::{self, Axis, Chart, Curve, Scale};

use super::{Dial, Gain, MARKS, Row};
use crate::explain;

/// Draws a curve for each quadrant, and above it, dashed, what no schedule can exceed.
pub(super) fn draw(dial: &Dial) -> String {
    let rows = || dial.rows.iter().skip(1).zip(0..);
    let curve = |(row, colour): (&Row, usize), of: fn(Gain) -> f64, is_limit| Curve {
        name: name(row, is_limit),
        points: points(dial, row, of),
        colour: Some(colour),
        is_limit,
    };
    let limits = rows().map(|row| curve(row, |gain| gain.at_most, true));
    let measured = rows().map(|row| curve(row, |gain| gain.measured, false));
    let description: Vec<String> = rows().filter_map(|(row, _)| sentence(dial, row)).collect();
    chart::draw(&Chart {
        title: "What each quadrant gains, and where",
        description: &description.join(" "),
        across: Axis { of: "% of a step that is waiting", scale: Scale::Even(20.0) },
        up: Axis {
            of: "times as fast as one task after the other on one core; dashed: what cores and waits \
                 allow at most",
            scale: Scale::Even(1.0),
        },
        curves: limits.chain(measured).collect(),
    })
}

fn name(row: &Row, is_limit: bool) -> String {
    let quadrant = explain::name(row.program.chapter);
    if is_limit { format!("{quadrant}, at most") } else { quadrant }
}

/// How much is waiting at each mark, and what is gained there.
fn points(dial: &Dial, row: &Row, of: fn(Gain) -> f64) -> Vec<(f64, f64)> {
    let known = (0..MARKS.len()).filter_map(|mark| dial.share(mark).zip(dial.gain(row, mark)));
    known.map(|(share, gain)| (share, of(gain))).collect()
}

/// A curve in words.
fn sentence(dial: &Dial, row: &Row) -> Option<String> {
    let points = points(dial, row, |gain| gain.measured);
    let [(least, first), .., (most, last)] = points[..] else { return None };
    Some(format!(
        "{}: {first:.1} times as fast where {least:.0} % of a step is waiting, {last:.1} where {most:.0} % \
         is.",
        explain::name(row.program.chapter)
    ))
}

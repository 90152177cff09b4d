//! What came of the dial, in words: bars beside what no schedule can exceed.

use serde_json::{Value, json};
use words::Outcome;

use super::{Dial, Gain, MARKS};
use crate::examine::Conditions;
use crate::series::Series;
use crate::show::{BAD, BOLD, DIM, UNSURE, glyph, has_unicode, paint, width, wrap};
use crate::timing::milliseconds;
use crate::{envelope, explain};

/// How many columns stand beside a bar.
const BESIDE: usize = 32;

/// Prints a bar a mark, quadrant by quadrant.
pub(super) fn print(dial: &Dial) {
    let others = || dial.rows.iter().skip(1);
    let gains =
        || others().flat_map(|row| (0..MARKS.len()).filter_map(|mark| dial.gain(row, mark)));
    let most = gains().map(|gain| gain.measured.max(gain.at_most)).fold(1.0, f64::max);
    let head = "How many times as fast as one task after the other on one core, over how much of a step \
                is waiting";
    wrap(head, width()).iter().for_each(|line| anstream::println!("{BOLD}{line}{BOLD:#}"));
    for row in others() {
        let quadrant = explain::name(row.program.chapter);
        anstream::println!("\n{BOLD}{quadrant}{BOLD:#} {DIM}{}{DIM:#}", row.program.id());
        for mark in 0..MARKS.len() {
            let Some((gain, share)) = dial.gain(row, mark).zip(dial.share(mark)) else { continue };
            let bar = bar(gain, most, width().saturating_sub(BESIDE).min(60));
            let Gain { measured, at_most } = gain;
            anstream::println!("  {share:3.0} %  {bar}  {measured:.1} {DIM}of {at_most:.1}{DIM:#}");
        }
    }
    anstream::println!();
    let legend = format!("{} is what the cores and the waits allow at most.", end(has_unicode()));
    for line in wrap(&legend, width()) {
        anstream::println!("{DIM}{line}{DIM:#}");
    }
    for line in dial.disturbance().iter().flat_map(|why| wrap(why, width())) {
        anstream::println!("{}", paint(UNSURE, line));
    }
    for fault in dial.rows.iter().flat_map(|row| &row.marks).flat_map(Series::faults) {
        wrap(&fault, width()).iter().for_each(|line| anstream::println!("{}", paint(BAD, line)));
    }
}

/// A bar as long as the gain, with the end of what is possible on the same scale, where no gain is none.
fn bar(gain: Gain, most: f64, columns: usize) -> String {
    let column = |gain: f64| (gain / most * (columns - 1) as f64).round() as usize;
    let (full, end_at) = (column(gain.measured), column(gain.at_most));
    let cell = |place| match place {
        _ if place == end_at => end(has_unicode()),
        _ if place < full => glyph("█", "#"),
        _ => " ",
    };
    (0..columns).map(cell).collect()
}

/// What marks the end of what is possible.
const fn end(has_unicode: bool) -> &'static str {
    if has_unicode { "│" } else { "|" }
}

/// Everything that was measured, for a program to read.
pub(super) fn to_json(dial: &Dial, conditions: &Conditions, outcome: Outcome) -> Value {
    let mark = |row: &super::Row, mark: usize| {
        let gain = dial.gain(row, mark);
        json!({
            "wait_ms": milliseconds(MARKS[mark] * conditions.slow),
            "waiting_percent": dial.share(mark),
            "gain": gain.map(|gain| gain.measured),
            "gain_at_most": gain.map(|gain| gain.at_most),
        })
    };
    let row = |row: &super::Row| {
        let mut described = row.program.to_json();
        described["marks"] = (0..MARKS.len()).map(|place| mark(row, place)).collect();
        described
    };
    let content = json!({
        "compute_ms": dial.compute().map(milliseconds),
        "lessons": dial.rows.iter().map(row).collect::<Vec<_>>(),
        "disturbed": dial.disturbance(),
    });
    envelope::answer("dial", outcome, Some(conditions), content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_the_gain_and_the_end_is_where_it_may_be() {
        let bar = |measured, at_most| bar(Gain { measured, at_most }, 4.0, 9);
        let [end, full] = [end(has_unicode()), glyph("█", "#")];
        assert_eq!(bar(1.0, 2.0), format!("{full}{full}  {end}    "));
        assert_eq!(bar(4.0, 2.0), format!("{full}{full}{full}{full}{end}{full}{full}{full} "));
    }
}

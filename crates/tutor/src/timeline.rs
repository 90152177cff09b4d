//! A run as a picture: a line a task, from left to right.
//!
//! ```text
//!   A        ░░░░░░░░███
//!   B                   ░░░░░░░░███
//!            0 ms to 61 ms     ░ waits     █ computes
//! ```

use std::time::Duration;

use anstyle::{AnsiColor, Style};
use command::show::{DIM, duration, fitted, glyph, width};
use judge::Run;
use judge::lanes::{Lane, Stretch, lanes};

/// The most lanes that are shown: more than that are no picture any more.
const LANES: usize = 8;

/// How many columns stand before the lanes.
const INDENT: usize = 11;

/// Draws a run. Where there are no two tasks, or nothing was done, there is nothing to see.
pub(crate) fn draw(run: &Run) {
    let lanes = lanes(&run.attended.hall);
    let ends = lanes.iter().flat_map(|lane| &lane.stretches).map(|&(_, _, to)| to);
    let length = ends.max().unwrap_or(0);
    if lanes.len() < 2 || length == 0 {
        return;
    }
    let columns = width() - INDENT;
    for lane in lanes.iter().take(LANES) {
        let (task, row) = (fitted(&lane.task, INDENT - 3, '…'), row(lane, length, columns));
        anstream::println!("{}", format!("  {task} {row}").trim_end());
    }
    let time = duration(Duration::from_nanos(length));
    let (waits, computes) = (sign(Stretch::Waits), sign(Stretch::Computes));
    let legend = format!("0 ms to {time}     {waits} waits     {computes} computes");
    anstream::println!("  {DIM}{:1$}{legend}{DIM:#}", "", INDENT - 2);
}

fn sign(stretch: Stretch) -> &'static str {
    match stretch {
        Stretch::Waits => glyph("░", "."),
        Stretch::Computes => glyph("█", "#"),
    }
}

/// A lane, in colour. Whatever was done is seen, however short it was; compute before a wait.
fn row(lane: &Lane, length: u64, columns: usize) -> String {
    const COMPUTES: Style = AnsiColor::Green.on_default();
    let mut text = String::new();
    for cell in cells(lane, length, columns) {
        match cell {
            None => text.push(' '),
            Some(Stretch::Waits) => text += &format!("{DIM}{}{DIM:#}", sign(Stretch::Waits)),
            Some(Stretch::Computes) => {
                text += &format!("{COMPUTES}{}{COMPUTES:#}", sign(Stretch::Computes));
            }
        }
    }
    text
}

/// What is shown in each column.
fn cells(lane: &Lane, length: u64, columns: usize) -> Vec<Option<Stretch>> {
    let mut cells = vec![None; columns];
    let place = |time: u64| {
        let place = u128::from(time) * columns as u128 / u128::from(length);
        usize::try_from(place).unwrap_or(columns).min(columns - 1)
    };
    for &(stretch, from, to) in &lane.stretches {
        // Where something ends, something else may begin.
        let (from, to) = (place(from), place(to.saturating_sub(1)).max(place(from)));
        for cell in &mut cells[from..=to] {
            if *cell != Some(Stretch::Computes) {
                *cell = Some(stretch);
            }
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(stretches: &[(Stretch, u64, u64)], length: u64) -> String {
        let lane = Lane { task: "A".to_owned(), stretches: stretches.to_vec() };
        let cell = |cell| match cell {
            None => ' ',
            Some(Stretch::Waits) => '.',
            Some(Stretch::Computes) => '#',
        };
        cells(&lane, length, 10).into_iter().map(cell).collect()
    }

    #[test]
    fn a_lane_is_drawn_to_scale_and_nothing_in_it_is_lost() {
        use Stretch::{Computes, Waits};
        assert_eq!(shown(&[(Waits, 0, 50), (Computes, 50, 100)], 100), ".....#####");
        assert_eq!(shown(&[(Waits, 20, 40)], 100), "  ..      ");
        // A wait of a moment, a compute of one within a wait, and one at the very end.
        assert_eq!(shown(&[(Waits, 0, 1)], 1_000_000), ".         ");
        assert_eq!(shown(&[(Computes, 500, 500), (Waits, 0, 1_000)], 1_000), ".....#....");
        assert_eq!(shown(&[(Computes, 1_000, 1_000)], 1_000), "         #");
        assert_eq!(shown(&[(Waits, 0, u64::MAX)], u64::MAX), "..........");
    }
}

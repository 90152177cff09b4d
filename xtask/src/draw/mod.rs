//! Pictures of runs: for people in the terminal and in documents, and files for other programs.
//!
//! Read in this order:
//!
//! 1. the crate [`lanes`]: what every picture is drawn from;
//! 2. `look`: what all pictures have in common;
//! 3. [`terminal`], [`svg`], [`perfetto`] and [`json`]: the pictures;
//! 4. [`live`]: lanes that grow while a program runs.

pub(crate) mod json;
pub(crate) mod live;
mod look;
pub(crate) mod perfetto;
pub(crate) mod svg;
pub(crate) mod terminal;

use lanes::Time;

use crate::examine::Run;
use crate::process::Ending;
use crate::show;
pub(crate) use look::Lower;

/// A run as lanes, with what its verdict rests on, on so many columns; and what its characters mean. Of
/// a run that had to be ended all is shown until then.
pub(crate) fn picture(run: &Run, width: usize) -> Option<(String, String)> {
    let lanes = run.lanes()?;
    let lanes = match run.report.ending {
        Ending::TimedOut => {
            lanes.reaching(u64::try_from(run.report.wall.as_nanos()).unwrap_or(Time::MAX))
        }
        _ => lanes,
    };
    let options =
        terminal::Options { width, unicode: show::has_unicode(), colour: true, lower: Lower::Best };
    Some(terminal::draw_apart(&lanes, options))
}

/// The terminal's width between 40 and 200 columns, or 80 in a pipe.
pub(crate) fn terminal_width() -> usize {
    let columns = terminal_size::terminal_size().map(|(columns, _)| usize::from(columns.0));
    columns.unwrap_or(80).clamp(40, 200)
}

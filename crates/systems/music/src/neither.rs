//! One after the other: nobody is disturbed, and everybody waits.
//!
//! There is no gap in the music. But the first key has waited for all of it when it is answered.

use std::time::Instant;

use crate::Evening;
use crate::compiler::{Yields, compile};
use crate::editor::edit;
use crate::player::play;
use crate::time::on_this_thread;

/// Plays, then edits, then compiles.
#[must_use]
pub fn run(start: Instant) -> Evening {
    on_this_thread(async {
        let card = play(start).await;
        let keys = edit(start).await;
        compile(Yields::Never).await;
        Evening { card, keys }
    })
}

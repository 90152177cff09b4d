//! Three tasks of one thread: while the compiler computes nobody else can.
//!
//! A task has the thread until it waits. The player is due, the card runs dry, and nothing in the program
//! can do anything about it.

use std::time::Instant;

use crate::Evening;
use crate::compiler::{Yields, compile};
use crate::editor::edit;
use crate::player::play;
use crate::time::on_this_thread;

/// Does all three at once.
#[must_use]
pub fn run(start: Instant) -> Evening {
    on_this_thread(async {
        let (card, keys, ()) = tokio::join!(play(start), edit(start), compile(Yields::Never));
        Evening { card, keys }
    })
}

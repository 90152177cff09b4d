//! Three tasks of one thread, and a compiler that thinks of others: every millisecond it lets go.

use std::time::{Duration, Instant};

use crate::Evening;
use crate::compiler::{Yields, compile};
use crate::editor::edit;
use crate::player::play;
use crate::time::on_this_thread;

/// Does all three at once.
#[must_use]
pub fn run(start: Instant) -> Evening {
    let yields = Yields::Each(Duration::from_millis(1));
    on_this_thread(async {
        let (card, keys, ()) = tokio::join!(play(start), edit(start), compile(yields));
        Evening { card, keys }
    })
}

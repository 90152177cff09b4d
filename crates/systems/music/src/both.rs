//! A thread each, on all cores: the player need not even ask for the compiler's.

use std::thread;
use std::time::Instant;

use crate::Evening;
use crate::compiler::{Yields, compile};
use crate::editor::edit;
use crate::player::play;
use crate::time::on_this_thread;

/// Does all three at once.
///
/// # Panics
///
/// If one of the three does.
#[must_use]
pub fn run(start: Instant) -> Evening {
    thread::scope(|scope| {
        let player = scope.spawn(|| on_this_thread(play(start)));
        let editor = scope.spawn(|| on_this_thread(edit(start)));
        scope.spawn(|| on_this_thread(compile(Yields::Never)));
        let card = player.join().expect("a player that plays to the end");
        Evening { card, keys: editor.join().expect("an editor that answers all keys") }
    })
}

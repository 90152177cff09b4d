//! A thread each, on all cores: the player need not even have the compiler's core.

use std::thread;

use crate::compiler::Yields;
use crate::time::on_this_thread;
use crate::{Desk, Evening};

/// Does all three at once.
///
/// # Panics
///
/// If one of the three does.
#[must_use]
pub fn run(Desk { player, editor, compiler }: Desk) -> Evening {
    thread::scope(|scope| {
        let playing = scope.spawn(|| on_this_thread(player.play()));
        let editing = scope.spawn(|| on_this_thread(editor.edit()));
        scope.spawn(|| on_this_thread(compiler.compile(Yields::Never)));
        let card = playing.join().expect("a player that plays to the end");
        Evening { card, keys: editing.join().expect("an editor that answers all keys") }
    })
}

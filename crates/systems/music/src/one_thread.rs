//! Three tasks of one thread: while the compiler computes nobody else can.
//!
//! A task has the thread until it waits. The player is due, the card runs dry, and nothing in the program
//! can do anything about it.

use crate::compiler::Yields;
use crate::time::on_this_thread;
use crate::{Desk, Evening};

/// Does all three at once.
#[must_use]
pub fn run(Desk { player, editor, compiler }: Desk) -> Evening {
    on_this_thread(async {
        let compiling = compiler.compile(Yields::Never);
        let (card, keys, ()) = tokio::join!(player.play(), editor.edit(), compiling);
        Evening { card, keys }
    })
}

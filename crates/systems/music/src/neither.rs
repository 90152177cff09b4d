//! One after the other: nobody is disturbed, and everybody waits.
//!
//! There is no gap in the music. But the first key has waited for all of it when it is answered.

use crate::compiler::Yields;
use crate::time::on_this_thread;
use crate::{Desk, Evening};

/// Plays, then edits, then compiles.
#[must_use]
pub fn run(Desk { player, editor, compiler }: Desk) -> Evening {
    on_this_thread(async {
        let card = player.play().await;
        let keys = editor.edit().await;
        compiler.compile(Yields::Never).await;
        Evening { card, keys }
    })
}

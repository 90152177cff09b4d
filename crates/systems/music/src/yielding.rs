//! Three tasks of one thread, and a compiler that thinks of others: every millisecond it lets go.

use std::time::Duration;

use crate::compiler::Yields;
use crate::time::on_this_thread;
use crate::{Desk, Evening};

/// Does all three at once.
#[must_use]
pub fn run(Desk { player, editor, compiler }: Desk) -> Evening {
    on_this_thread(async {
        let compiling = compiler.compile(Yields::Each(Duration::from_millis(1)));
        let (card, keys, ()) = tokio::join!(player.play(), editor.edit(), compiling);
        Evening { card, keys }
    })
}

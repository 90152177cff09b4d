//! One loop by hand: somebody has decided what comes after what.

use crate::clock::{self, Times};
use crate::game::{Frame, Game, Played, handover, keys, physics, picture, sound};
use crate::split::Split;

/// Plays a game to its end, one system after the other.
#[must_use]
pub fn play(mut game: Game, split: Split) -> Played {
    let times: Times = clock::run(|number| {
        let frame = Frame::new(number, game.tells);
        let next = keys(frame, &mut game.keys, &mut game.arena);
        physics(frame, &mut game.arena, split);
        picture(frame, &game.scene, &mut game.screen, split);
        sound(frame, &game.scene, &mut game.speaker);
        handover(frame, &game.arena, &mut game.scene);
        next
    });
    Played { game, times }
}

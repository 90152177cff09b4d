//! The player: it owes the card a buffer every 20 ms.

use std::time::Instant;

use lab::task::Task;

use crate::card::Card;
use crate::score::{self, BUFFERS, BUFFERS_A_NOTE, NOTES};
use crate::time::until;

/// A player, and the card that it plays on.
#[derive(Debug)]
pub struct Player {
    /// When the card was switched on.
    pub start: Instant,
    /// How often it plays the tune.
    pub times: usize,
    /// The card.
    pub card: Card,
}

impl Player {
    /// Plays to the end, and returns the card with all that it played.
    pub async fn play(self) -> Card {
        let Player { start, times, mut card } = self;
        let task = Task::start("music");
        for number in 0..times * BUFFERS {
            if stage::stopped() {
                break;
            }
            let note = number / BUFFERS_A_NOTE;
            if number % BUFFERS_A_NOTE == 0 {
                let name = NOTES[note % NOTES.len()].0;
                task.say(format_args!("Music - note {} {name}", note + 1));
            }
            until(start + card.has_room_at()).await;
            let computing = task.begin_part(note + 1, number + 1);
            let buffer = score::buffer(number % BUFFERS);
            drop(computing);
            card.deliver(&buffer, start.elapsed());
        }
        task.end();
        card
    }
}

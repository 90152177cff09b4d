//! The player: it owes the card a buffer every 20 ms.

use std::time::Instant;

use lab::task::Task;

use crate::card::Card;
use crate::score::{self, BUFFERS, BUFFERS_A_NOTE, NOTES};
use crate::time::until;

/// Plays the tune from `start` on, and returns the card with all that it played.
pub async fn play(start: Instant) -> Card {
    let task = Task::start("music");
    let mut card = Card::default();
    for number in 0..BUFFERS {
        if stage::stopped() {
            break;
        }
        if number % BUFFERS_A_NOTE == 0 {
            let note = number / BUFFERS_A_NOTE;
            task.say(format_args!("Music - note {} {}", note + 1, NOTES[note].0));
        }
        until(start + card.has_room_at()).await;
        let computing = task.begin_part(number / BUFFERS_A_NOTE + 1, number + 1);
        let buffer = score::buffer(number);
        drop(computing);
        card.deliver(&buffer, start.elapsed());
    }
    task.end();
    card
}

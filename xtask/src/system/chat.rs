//! What is promised of `chat`, and the model of how soon its people hear each other.

use std::time::Duration;

use lab::order::{Order, line, par, seq};
use words::Quadrant;

use super::felt::{Inputs, KERNEL, Prediction, ms};
use super::table::{System, Way};

/// The system.
pub(super) const SYSTEM: System = System {
    name: "chat",
    summary: "a chat: everybody hears the same, in the same order, whoever sleeps",
    leaves: "txt",
    ways: &[
        Way {
            name: "concurrent-only",
            summary: "one thread, and a queue for each client",
            quadrant: Quadrant::ConcurrentOnly,
            contract: hearing,
            predict: |inputs| predict(inputs, 1.0, 0.0),
        },
        Way {
            name: "both",
            summary: "a thread a core, and a queue for each client",
            quadrant: Quadrant::Both,
            contract: hearing,
            predict: |inputs| predict(inputs, inputs.cores, 0.0),
        },
        Way {
            name: "in-turn",
            summary: "one thread, and the room waits for each client in turn",
            quadrant: Quadrant::ConcurrentOnly,
            contract: hearing,
            predict: |inputs| predict(inputs, 1.0, GIVE_UP),
        },
    ],
    scale: None,
};

/// Who talks, and how many messages each of them says.
const TALKERS: [&str; 3] = ["Ann", "Bob", "Cid"];
const MESSAGES: usize = 10;

/// How many hear each message: those who talk and those who listen.
const AWAKE: f64 = 203.0;

/// How long the room waits for somebody who sleeps, where it waits.
const GIVE_UP: f64 = ms(Duration::from_millis(500));

/// Each one who talks hears each sender's messages in the order in which they were said.
fn hearing() -> Order {
    let of = |hearer: &'static str, sender: &'static str| {
        seq((1..=MESSAGES).map(move |number| line(format!("{hearer} hears {sender} {number}"))))
    };
    par(TALKERS.into_iter().flat_map(|hearer| TALKERS.map(|sender| of(hearer, sender))))
}

/// What no machine can be in the way of, and how soon messages are heard where the room waits so long for
/// one who sleeps.
fn predict(inputs: &Inputs, cores: f64, waits: f64) -> Vec<Prediction> {
    let promise =
        |figure, exactly, reason: &str| Prediction::promised(figure, "", exactly, exactly, reason);
    let each = inputs.cpu / inputs.fact("deliveries").unwrap_or(1.0).max(1.0);
    // Everybody who talks may have said something at the same time.
    let round = TALKERS.len() as f64 * AWAKE * each / cores;
    let work = format!(
        "a message to one client costs {:.0} µs, and {} may go to {AWAKE} at once",
        each * 1e3,
        TALKERS.len()
    );
    let worst = match waits {
        0.0 => work.clone(),
        waits => format!("the room waits {waits:.0} ms for one who sleeps, and all others with it"),
    };
    vec![
        promise("lost", 0.0, "who comes again says what has been heard, and is sent the rest"),
        promise("twice", 0.0, "messages have numbers, and the room hears each of them once"),
        promise("orders", 1.0, "one task gives all messages their order"),
        Prediction::time("median message", 0.0, round + KERNEL, work),
        Prediction::time("worst message", waits, waits + 3.0 * (round + KERNEL), worst),
    ]
}

#[cfg(test)]
mod tests {
    use words::Outcome;

    use super::*;
    use crate::system::felt::Felt;

    fn inputs() -> Inputs {
        Inputs::default().with_cpu(600.0).with_fact("deliveries", 6000.0)
    }

    #[test]
    fn more_cores_are_sooner_done_with_a_message_for_all() {
        let median = |cores| predict(&inputs(), cores, 0.0)[3].at_most.round();
        assert_eq!((median(1.0), median(2.0)), (81.0, 50.0));
    }

    #[test]
    fn a_room_that_waits_for_one_keeps_all_others() {
        let worst = &predict(&inputs(), 1.0, GIVE_UP)[4];
        assert_eq!((worst.figure, worst.at_least), ("worst message", 500.0));
    }

    #[test]
    fn a_second_order_or_a_lost_message_is_no_fault_of_the_machine() {
        for (place, value) in [(0, 1.0), (1, 1.0), (2, 2.0), (2, 0.0)] {
            let prediction = predict(&inputs(), 1.0, 0.0)[place].clone();
            let felt = Felt { value: Some(value), prediction };
            assert_eq!(felt.outcome(), Outcome::Failed, "{}", felt.sentence());
        }
    }
}

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

/// Who talks, and how many messages each of them says before it is over.
const TALKERS: [&str; 3] = ["Ann", "Bob", "Cid"];
const MESSAGES: usize = 6;

/// Who says that it is over, and how many messages there are with that one.
const HOST: &str = TALKERS[0];
const ALL: usize = TALKERS.len() * MESSAGES + 1;

/// How a line begins that tells of a message: of the room, which takes it, and of those who hear it and say so.
const ROOM: &str = "Room takes";
const HEARERS: [&str; 3] = ["Ann hears", "Bob hears", "Cid hears"];

/// How many hear each message: those who talk and those who listen.
const AWAKE: f64 = 203.0;

/// How long the room waits for somebody who sleeps, where it waits.
const GIVE_UP: f64 = ms(Duration::from_millis(500));

/// The room takes a message of each place, and each message of each sender, each of them once; and each one
/// who talks hears the same after that, also the one who comes again.
///
/// So all hear the room's numbers in one order. That a number is the same message to all of them is more than
/// a partial order can say: of two lines that may come either way round it cannot say that they do so twice.
/// That is what the figure `orders` is for, which is the program's own.
fn hearing() -> Order {
    let order = par([ROOM].into_iter().chain(HEARERS).flat_map(|does| [placed(does), said(does)]));
    let all = HEARERS.into_iter().flat_map(|hears| (1..=ALL).map(move |place| (hears, place)));
    all.fold(order, |order, (hears, place)| order.before(&*at(ROOM, place), &*at(hears, place)))
}

/// What is said of the message of this place.
fn at(does: &str, place: usize) -> String {
    format!("{does} message {place}")
}

/// A message of each place, each of them once, one place after the other.
fn placed(does: &str) -> Order {
    seq((1..=ALL).map(|place| line(at(does, place))))
}

/// Each message of each sender, each of them once and the sender's in their order; and after all of these
/// that it is over.
fn said(does: &str) -> Order {
    let one = |sender, number| line(format!("{does} {sender} {number}"));
    let of = |sender| seq((1..=MESSAGES).map(|number| one(sender, number)));
    seq([par(TALKERS.map(of)), one(HOST, MESSAGES + 1)])
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

    /// A message of a place, counted from 1: its sender, and the sender's own number.
    type Message = (usize, &'static str, usize);

    /// What is said in an evening on which they talk in turn.
    fn evening() -> Vec<Message> {
        let turn = |place: usize| {
            let (number, who) = ((place - 1) / TALKERS.len() + 1, (place - 1) % TALKERS.len());
            (place, TALKERS[who], number)
        };
        (1..=ALL).map(turn).collect()
    }

    /// What is wrong with an evening on which all tell of what is said, but for one, who tells something else.
    fn faults(of: &str, change: impl Fn(&mut Vec<Message>)) -> Vec<String> {
        let mut lines = Vec::new();
        for does in [ROOM].into_iter().chain(HEARERS) {
            let mut messages = evening();
            if does == of {
                change(&mut messages);
            }
            lines.extend(messages.into_iter().flat_map(|(place, name, number)| {
                [at(does, place), format!("{does} {name} {number}")]
            }));
        }
        let report = hearing().check(lines).expect("a contract that makes sense");
        report.violations().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_evening_on_which_all_hear_all_in_the_rooms_order_is_as_promised() {
        assert_eq!(faults("", |_| ()), [""; 0]);
    }

    #[test]
    fn a_message_that_one_of_them_does_not_hear_is_missed() {
        let faults = faults("Bob hears", |heard| _ = heard.remove(4));
        let missed = ["\"Bob hears message 5\" never came", "\"Bob hears Bob 2\" never came"];
        assert_eq!(faults, missed);
    }

    #[test]
    fn a_message_that_one_of_them_hears_twice_is_one_too_many() {
        let faults = faults("Bob hears", |heard| heard.push(heard[4]));
        assert_eq!(faults.len(), 2, "{faults:#?}");
        assert!(faults[0].contains("\"Bob hears message 5\", came already as line"), "{faults:#?}");
        assert!(faults[1].contains("\"Bob hears Bob 2\", came already as line"), "{faults:#?}");
    }

    #[test]
    fn two_messages_of_two_senders_that_one_of_them_hears_the_other_way_round_are_out_of_order() {
        let faults = faults("Cid hears", |heard| heard.swap(3, 4));
        assert_eq!(faults.len(), 1, "{faults:#?}");
        let early =
            "\"Cid hears message 5\", came too early: it must wait for \"Cid hears message 4\"";
        assert!(faults[0].contains(early), "{faults:#?}");
    }

    #[test]
    fn two_messages_of_one_sender_in_places_that_are_the_other_way_round_are_out_of_order() {
        let exchanged = |heard: &mut Vec<Message>| {
            let (first, second) = (heard[4].2, heard[7].2);
            (heard[4].2, heard[7].2) = (second, first);
        };
        let faults = faults("Ann hears", exchanged);
        assert_eq!(faults.len(), 1, "{faults:#?}");
        assert!(faults[0].contains("\"Ann hears Bob 3\", came too early"), "{faults:#?}");
    }

    #[test]
    fn what_the_room_has_not_taken_cannot_be_heard() {
        let mut order: Vec<_> =
            evening().into_iter().map(|(place, ..)| at("Ann hears", place)).collect();
        order.push(at(ROOM, 1));
        let report = hearing().check(order).expect("a contract that makes sense");
        let early = "line 1, \"Ann hears message 1\", came too early";
        assert!(report.violations()[0].to_string().starts_with(early), "{report}");
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

//! Keys: from the keyboard, or from a recorded game.
//!
//! A terminal tells when a key goes down, and not when it comes up again. So a key is an order, to fly left
//! from now on, say, and the space bar the order to stay.

use std::fmt;
use std::str::FromStr;

use bevy_ecs::resource::Resource;
use glam::Vec2;

use crate::terminal;

/// How many frames a game has at most: some minutes.
pub const LONGEST: u32 = 10_000;

/// Where keys come from, and what they have come to.
#[derive(Clone, Debug, Resource)]
pub struct Keys {
    /// The keys that were pressed, or will be.
    recording: Recording,
    /// Whether more come from the keyboard.
    is_live: bool,
    direction: Direction,
    is_over: bool,
}

impl Keys {
    /// The keys of a game that was played before.
    #[must_use]
    pub fn recorded(recording: Recording) -> Keys {
        Keys { recording, is_live: false, direction: Direction::default(), is_over: false }
    }

    /// The keys that somebody presses now. The terminal has to be [ours](terminal::Terminal).
    #[must_use]
    pub fn live() -> Keys {
        Keys { is_live: true, ..Keys::recorded(Recording::default()) }
    }

    /// Where the lantern flies to in this frame. It is the last one where somebody presses Ctrl-C.
    pub fn direction(&mut self, frame: u32) -> Direction {
        if self.is_live {
            let pressed = terminal::pressed_keys().into_iter();
            pressed.for_each(|key| self.recording.press(frame, key));
        }
        if frame == LONGEST || stage::stopped() {
            self.recording.end(frame);
        }
        for key in self.recording.pressed(frame) {
            self.direction = self.direction.with(key);
            self.is_over |= key == Key::End;
        }
        self.direction
    }

    /// Whether the game is over.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// All keys that were pressed.
    #[must_use]
    pub fn recording(&self) -> &Recording {
        &self.recording
    }
}

/// A key that means something here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// From now on to the left.
    Left,
    /// From now on to the right.
    Right,
    /// From now on upwards.
    Up,
    /// From now on downwards.
    Down,
    /// From now on nowhere.
    Stay,
    /// The game is over.
    End,
}

impl Key {
    const NAMES: [(Key, &'static str); 6] = [
        (Key::Left, "left"),
        (Key::Right, "right"),
        (Key::Up, "up"),
        (Key::Down, "down"),
        (Key::Stay, "stay"),
        (Key::End, "end"),
    ];
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let name = Key::NAMES.iter().find(|(key, _)| key == self);
        f.write_str(name.map_or("", |(_, name)| name))
    }
}

impl FromStr for Key {
    type Err = ();

    fn from_str(text: &str) -> Result<Key, ()> {
        Key::NAMES.iter().find(|(_, name)| *name == text).map(|(key, _)| *key).ok_or(())
    }
}

/// Where the lantern flies to: where the last key said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Direction(Key);

impl Default for Direction {
    fn default() -> Direction {
        Direction(Key::Stay)
    }
}

impl Direction {
    /// The direction after this key.
    #[must_use]
    pub fn with(self, key: Key) -> Direction {
        if key == Key::End { self } else { Direction(key) }
    }

    /// It as a vector of length 1, or 0.
    #[must_use]
    pub fn vector(self) -> Vec2 {
        match self.0 {
            Key::Left => Vec2::NEG_X,
            Key::Right => Vec2::X,
            Key::Up => Vec2::NEG_Y,
            Key::Down => Vec2::Y,
            Key::Stay | Key::End => Vec2::ZERO,
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Which keys were pressed, each with the frame before which it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recording {
    keys: Vec<(u32, Key)>,
}

impl Recording {
    /// The game that is played where nobody plays.
    ///
    /// # Panics
    ///
    /// If it is none.
    #[must_use]
    pub fn built_in() -> Recording {
        include_str!("recording.txt").parse().expect("a game to its end")
    }

    /// Notes a key that is pressed before this frame.
    pub fn press(&mut self, frame: u32, key: Key) {
        self.keys.push((frame, key));
    }

    /// Ends the game with this frame, whatever would have been pressed later.
    pub fn end(&mut self, frame: u32) {
        self.keys.retain(|(before, _)| *before <= frame);
        self.press(frame, Key::End);
    }

    /// The keys that were pressed before this frame.
    pub fn pressed(&self, frame: u32) -> impl Iterator<Item = Key> {
        self.keys.iter().filter(move |(before, _)| *before == frame).map(|(_, key)| *key)
    }
}

impl fmt::Display for Recording {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.keys.iter().try_for_each(|(frame, key)| writeln!(f, "{frame} {key}"))
    }
}

impl FromStr for Recording {
    type Err = String;

    /// Reads a line a key: the number of its frame, and its name. The last one ends the game.
    fn from_str(text: &str) -> Result<Recording, String> {
        let names = Key::NAMES.map(|(_, name)| name).join(", ");
        let mut recording = Recording::default();
        let mut last = 0;
        for (number, line) in (1..).zip(text.lines()) {
            let key = line.split_once(' ');
            let key = key.and_then(|(frame, key)| Some((frame.parse().ok()?, key.parse().ok()?)));
            let (frame, key) = key.ok_or_else(|| {
                format!("line {number} is `{line}`, and should be a number and one of {names}")
            })?;
            if frame < last {
                return Err(format!("line {number} is earlier than the one before"));
            }
            last = frame;
            recording.press(frame, key);
        }
        match recording.keys.last() {
            Some((frame, Key::End)) if *frame <= LONGEST => Ok(recording),
            Some((_, Key::End)) => Err(format!("it ends after more than {LONGEST} frames")),
            _ => Err("it does not end: its last line should be the number of a frame and `end`"
                .to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_is_read_as_it_was_written() {
        let mut recording = Recording::default();
        for (frame, key) in [(0, Key::Left), (9, Key::Up), (9, Key::Stay), (12, Key::End)] {
            recording.press(frame, key);
        }
        assert_eq!(recording.to_string().parse(), Ok(recording.clone()));
        assert_eq!(recording.pressed(8).count(), 0);
        assert!(recording.pressed(9).eq([Key::Up, Key::Stay]));
    }

    #[test]
    fn a_game_that_ends_early_is_recorded_until_then() {
        let mut recording: Recording = "1 up\n4 left\n4 down\n9 end\n".parse().expect("a game");
        recording.end(4);
        assert_eq!(recording.to_string(), "1 up\n4 left\n4 down\n4 end\n");
        recording.end(2);
        assert_eq!(recording.to_string().parse(), "1 up\n2 end\n".parse::<Recording>());
    }

    #[test]
    fn what_is_no_recording_is_told_by_its_line() {
        let error = |text: &str| text.parse::<Recording>().expect_err("no recording");
        assert!(error("1 left\n2 lefft\n").contains("line 2 is `2 lefft`"));
        assert!(error("x").contains("line 1"));
        assert!(error("5 left\n4 up").contains("line 2 is earlier"));
        assert!(error("5 left").contains("does not end"));
        assert!(error("").contains("does not end"));
        assert!(error("4000000000 end").contains("more than"));
    }

    #[test]
    fn a_key_is_an_order_until_the_next_one() {
        let mut keys = Keys::recorded("0 up\n2 left\n2 right\n3 end\n".parse().expect("a game"));
        let directions: Vec<_> = (0..4).map(|frame| keys.direction(frame).vector()).collect();
        assert_eq!(directions, [Vec2::NEG_Y, Vec2::NEG_Y, Vec2::X, Vec2::X]);
        assert!(keys.is_over());
    }
}

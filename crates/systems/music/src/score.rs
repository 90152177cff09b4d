//! The tune, and how it becomes sound: a theme of Beethoven's ninth symphony, on an organ of sines.

use std::f64::consts::TAU;
use std::time::Duration;

/// Samples a second.
pub const RATE: u32 = 48_000;

/// How many samples a buffer has: 20 ms of sound.
pub const SAMPLES: usize = RATE as usize / 50;

/// How many buffers a note lasts.
pub const BUFFERS_A_NOTE: usize = 8;

/// The notes, each with its frequency in hertz (equal temperament, A4 = 440).
pub const NOTES: [(&str, f64); 12] = [
    ("E", 329.63),
    ("E", 329.63),
    ("F", 349.23),
    ("G", 392.00),
    ("G", 392.00),
    ("F", 349.23),
    ("E", 329.63),
    ("D", 293.66),
    ("C", 261.63),
    ("C", 261.63),
    ("D", 293.66),
    ("E", 329.63),
];

/// How many buffers the whole tune has.
pub const BUFFERS: usize = NOTES.len() * BUFFERS_A_NOTE;

/// How long it lasts.
pub const TUNE: Duration = Duration::from_millis(20 * BUFFERS as u64);

/// A buffer's samples, between -1 and 1.
///
/// # Panics
///
/// If the tune is over before that buffer.
#[must_use]
pub fn buffer(number: usize) -> Vec<f32> {
    let (_, frequency) = NOTES[number / BUFFERS_A_NOTE];
    let begun = (number % BUFFERS_A_NOTE) * SAMPLES;
    let samples = begun..begun + SAMPLES;
    samples.map(|sample| loudness(sample) * tone(frequency, sample)).map(|it| it as f32).collect()
}

/// The voices of an organ: the tune, a fifth above it, and an octave below.
const VOICES: [f64; 3] = [1.0, 1.5, 0.5];

/// A tone of all voices, each with overtones, which are softer the higher they are. Some hundred sines
/// a sample make a buffer cost some milliseconds of compute.
fn tone(frequency: f64, sample: usize) -> f64 {
    const OVERTONES: u32 = 32;
    let seconds = sample as f64 / f64::from(RATE);
    let wave = |voice: f64, number: u32| {
        let number = f64::from(number);
        (TAU * frequency * voice * number * seconds).sin() / (number * number)
    };
    let voices = VOICES.iter().flat_map(|&voice| (1..=OVERTONES).map(move |it| wave(voice, it)));
    voices.sum::<f64>() / 5.0 // no three voices of this kind come to more than 4
}

/// How loud a note is: it begins softly, for a jump would click, and fades.
fn loudness(sample: usize) -> f64 {
    const ATTACK: f64 = 0.01;
    let length = (BUFFERS_A_NOTE * SAMPLES) as f64;
    let place = sample as f64 / length;
    (place / ATTACK).min(1.0) * (1.0 - place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_is_20_ms_of_sound_that_does_not_clip() {
        for number in 0..BUFFERS {
            let buffer = buffer(number);
            assert_eq!(buffer.len(), SAMPLES);
            assert!(buffer.iter().all(|sample| sample.abs() < 1.0), "buffer {number}");
        }
    }

    #[test]
    fn nothing_is_silent_for_long_but_the_card() {
        let sound: Vec<f32> = (0..BUFFERS).flat_map(buffer).collect();
        let longest = sound.split(|&sample| sample != 0.0).map(<[f32]>::len).max();
        assert!(longest < Some(4), "{longest:?} samples of silence are in the tune itself");
    }
}

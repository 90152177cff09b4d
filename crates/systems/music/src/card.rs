//! A sound card: it plays what it was given, and where it has nothing it is silent.
//!
//! It has no clock of its own here. Whoever delivers a buffer says when, and from these times alone
//! follows what a real card would have played, sample for sample.

use std::iter;
use std::path::Path;
use std::time::Duration;

use hound::{SampleFormat, WavSpec, WavWriter};
use stage::Loudspeaker;

use crate::score::{RATE, SAMPLES};

/// How long a buffer lasts.
pub const BUFFER: Duration = Duration::from_millis(20);

/// A sound card with room for two buffers: one that it plays, and one that comes next.
#[derive(Debug)]
pub struct Card {
    /// When it has played all that it was given. It begins with a buffer of silence.
    empty_at: Duration,
    /// What it has played, and will: samples of 16 bits.
    played: Vec<i16>,
    gaps: Vec<Gap>,
    /// The longest that it has waited for a buffer, from when it had room for it.
    longest_wait: Duration,
    /// Where it is heard, if it is.
    loudspeaker: Option<Loudspeaker>,
}

/// A time in which there should have been music, and was none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// When it began, since the card was switched on.
    pub start: Duration,
    /// How long it lasted.
    pub length: Duration,
}

impl Card {
    /// Switches on a card, with a loudspeaker or without.
    #[must_use]
    pub fn new(loudspeaker: Option<Loudspeaker>) -> Card {
        let (empty_at, played, gaps) = (BUFFER, Vec::new(), Vec::new());
        let mut card = Card { empty_at, played, gaps, longest_wait: Duration::ZERO, loudspeaker };
        card.play([0; SAMPLES]);
        card
    }

    /// From when on it has room for another buffer.
    #[must_use]
    pub fn has_room_at(&self) -> Duration {
        self.empty_at.saturating_sub(BUFFER)
    }

    /// Takes a buffer at a moment, given since the card was switched on.
    pub fn deliver(&mut self, buffer: &[f32], at: Duration) {
        self.longest_wait = self.longest_wait.max(at.saturating_sub(self.has_room_at()));
        let length = at.saturating_sub(self.empty_at);
        if length > Duration::ZERO {
            self.gaps.push(Gap { start: self.empty_at, length });
            let silent = (length.as_secs_f64() * f64::from(RATE)).round() as usize;
            self.play(iter::repeat_n(0, silent));
        }
        self.play(buffer.iter().map(|sample| (sample * f32::from(i16::MAX)) as i16));
        self.empty_at = self.empty_at.max(at) + BUFFER;
    }

    /// Plays samples, one after the other, after all that it has been given before.
    fn play(&mut self, samples: impl IntoIterator<Item = i16>) {
        let before = self.played.len();
        self.played.extend(samples);
        if let Some(loudspeaker) = &self.loudspeaker {
            loudspeaker.play(&self.played[before..]);
        }
    }

    /// Switches it off, once everything was heard.
    ///
    /// # Errors
    ///
    /// A sentence, where there was to be heard something, and it could not be.
    pub fn switch_off(&mut self) -> Result<(), String> {
        self.loudspeaker.take().map_or(Ok(()), Loudspeaker::close)
    }

    /// When it had nothing to play.
    #[must_use]
    pub fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    /// The longest that it has waited for a buffer, from when it had room for it. Longer than a buffer lasts,
    /// and there is a gap.
    #[must_use]
    pub fn longest_wait(&self) -> Duration {
        self.longest_wait
    }

    /// Writes what it played as a WAV file: one channel, 16 bits a sample.
    ///
    /// # Errors
    ///
    /// If the file cannot be written, to its end.
    pub fn write(&self, file: &Path) -> Result<(), hound::Error> {
        let (sample_format, bits_per_sample) = (SampleFormat::Int, 16);
        let spec = WavSpec { channels: 1, sample_rate: RATE, bits_per_sample, sample_format };
        let mut writer = WavWriter::create(file, spec)?;
        for sample in &self.played {
            writer.write_sample(*sample)?;
        }
        writer.finalize()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    fn card(deliveries: &[u64]) -> Card {
        let mut card = Card::new(None);
        deliveries.iter().for_each(|&at| card.deliver(&[0.5; SAMPLES], ms(at)));
        card
    }

    #[test]
    fn who_delivers_in_time_is_heard_without_a_gap() {
        let card = card(&[0, 20, 59, 79]);
        assert_eq!(card.gaps(), []);
        assert_eq!(card.played.len(), 5 * SAMPLES);
        assert_eq!(card.has_room_at(), ms(80));
        assert_eq!(card.longest_wait(), ms(19));
    }

    #[test]
    fn who_is_late_is_silent_for_as_long() {
        let card = card(&[0, 20, 160, 161]);
        assert_eq!(card.gaps(), [Gap { start: ms(60), length: ms(100) }]);
        assert_eq!(card.longest_wait(), ms(120));
        assert_eq!(card.played.len(), 10 * SAMPLES);
    }

    #[test]
    fn the_file_has_the_gap_where_it_was() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("gap.wav");
        card(&[0, 140]).write(&file).expect("room for a short file");
        let samples = hound::WavReader::open(&file).expect("a WAV file").into_samples::<i16>();
        let samples: Vec<_> = samples.map(|sample| sample.expect("a sample")).collect();
        let silent = samples.split(|&sample| sample != 0).map(<[i16]>::len);
        let silent: Vec<_> = silent.filter(|&length| length > 0).collect();
        assert_eq!(silent, [SAMPLES, 5 * SAMPLES]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_an_error() {
        let error = card(&[0]).write(Path::new("/dev/full")).expect_err("there is no room");
        assert!(error.to_string().contains("No space left"), "{error}");
    }
}

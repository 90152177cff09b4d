//! Sound: a tune in step with the ticks, and a bell for each firefly that is caught.
//!
//! It can be heard as it is made. A frame that is late is a frame without sound, then: where ticks are missed,
//! the tune has gaps.

use std::time::Duration;

use bevy_ecs::resource::Resource;
use stage::Loudspeaker;
use stage::loudspeaker::{Late, Sound};

use crate::clock::TICKS_A_FRAME;
use crate::scene::Scene;

/// Samples a second.
pub const RATE: u32 = 48_000;

/// How many samples a tick has.
const SAMPLES_A_TICK: u32 = RATE / 120;

/// How many ticks a note of the tune lasts.
const TICKS_A_NOTE: u32 = 20;

/// The notes of the tune, in hertz (equal temperament, A4 = 440): a scale of five, and rests.
const TUNE: [f64; 16] = [
    220.00, 329.63, 440.00, 0.0, 261.63, 329.63, 392.00, 0.0, 196.00, 293.66, 392.00, 0.0, 220.00,
    261.63, 329.63, 0.0,
];

/// What the bells are tuned to, in hertz: the same five notes, higher up.
const BELLS: [f64; 5] = [880.00, 1046.50, 1174.66, 1318.51, 1567.98];

/// What is heard live. Three frames are held back, so that one may be late; more, and a bell would ring when
/// its firefly is forgotten. A tune from before would be no help to whoever plays now.
const LIVE: Sound = Sound { rate: RATE, behind: Duration::from_millis(100), late: Late::InTime };

/// Who makes the sound, and all that was made. The state of the game is none of it, and nothing that becomes
/// of the loudspeaker comes back here.
#[derive(Debug, Default, Resource)]
pub struct Speaker {
    sounding: Vec<Voice>,
    /// What is heard, from the beginning: samples between -1 and 1.
    pub samples: Vec<f32>,
    /// Where it is heard, if it is.
    loudspeaker: Option<Loudspeaker>,
}

/// A sample, from -1 to 1, in 16 bits.
#[must_use]
pub fn as_heard(sample: f32) -> i16 {
    (sample * f32::from(i16::MAX)) as i16
}

/// A note that is fading.
#[derive(Clone, Copy, Debug)]
struct Voice {
    /// Where in its wave it is, and how far it comes with each sample: 2³² are one wave.
    phase: u32,
    step: u32,
    loudness: f32,
    /// What is left of it after each sample.
    fade: f32,
}

impl Voice {
    fn new(hertz: f64, loudness: f32, fade: f32) -> Voice {
        const WAVE: f64 = 4_294_967_296.0;
        Voice { phase: 0, step: (hertz * WAVE / f64::from(RATE)) as u32, loudness, fade }
    }

    /// The next sample of it: a wave that goes up and down in straight lines.
    fn next(&mut self) -> f32 {
        self.phase = self.phase.wrapping_add(self.step);
        self.loudness *= self.fade;
        // It begins where it is silent, and so without a click.
        let place = (self.phase.wrapping_add(1 << 30) >> 8) as f32 / (1 << 24) as f32;
        (1.0 - 4.0 * (place - 0.5).abs()) * self.loudness
    }
}

impl Speaker {
    /// A speaker that is heard as it plays.
    ///
    /// # Errors
    ///
    /// A sentence, where no program is there that plays sound.
    pub fn live() -> Result<Speaker, String> {
        Ok(Speaker { loudspeaker: Some(Loudspeaker::open(LIVE)?), ..Speaker::default() })
    }

    /// Plays what belongs to a scene: the sound of one frame.
    pub fn play(&mut self, scene: &Scene) {
        let before = self.samples.len();
        for number in 0..scene.just_caught {
            let bell = BELLS[(scene.caught + number) as usize % BELLS.len()];
            self.sounding.push(Voice::new(bell, 0.10, 0.9997));
        }
        for tick in scene.tick..scene.tick + TICKS_A_FRAME {
            if tick.is_multiple_of(TICKS_A_NOTE) {
                let note = TUNE[(tick / TICKS_A_NOTE) as usize % TUNE.len()];
                self.sounding.push(Voice::new(note, 0.16, 0.9999));
                self.sounding.push(Voice::new(note * 2.0, 0.06, 0.9997));
            }
            for _ in 0..SAMPLES_A_TICK {
                let sum: f32 = self.sounding.iter_mut().map(Voice::next).sum();
                self.samples.push(sum.clamp(-1.0, 1.0));
            }
        }
        self.sounding.retain(|voice| voice.loudness > 0.001);
        if let Some(loudspeaker) = &self.loudspeaker {
            let heard: Vec<_> = self.samples[before..].iter().copied().map(as_heard).collect();
            loudspeaker.play(&heard);
        }
    }

    /// Plays no more, once everything was heard.
    ///
    /// # Errors
    ///
    /// A sentence, where there was to be heard something, and it could not be.
    pub fn close(&mut self) -> Result<(), String> {
        self.loudspeaker.take().map_or(Ok(()), Loudspeaker::close)
    }
}

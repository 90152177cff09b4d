//! What is left of a game: its pictures as a film, and its sound beside it.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use hound::{SampleFormat, WavSpec, WavWriter};
use png::{BitDepth, BlendOp, ColorType, Encoder, EncodingError};

use crate::arena::SIZE;
use crate::clock::FRAMES_A_SECOND;
use crate::picture::Row;
use crate::screen::{FRAMES_A_FILM_PICTURE, LONGEST_FILM};
use crate::sound::{RATE, as_heard};

/// Writes pictures as an animated PNG, which any browser plays.
///
/// # Errors
///
/// A sentence, where there is no room for it, or no picture.
pub fn write(file: &Path, film: &[Vec<Row>]) -> Result<(), String> {
    if film.is_empty() {
        return Err(format!("{} is not written: there was no picture", file.display()));
    }
    let write = || -> Result<(), EncodingError> {
        let mut out = BufWriter::new(File::create(file)?);
        let mut encoder = Encoder::new(&mut out, SIZE.0 as u32, SIZE.1 as u32);
        encoder.set_color(ColorType::Rgb);
        encoder.set_depth(BitDepth::Eight);
        encoder.set_animated(u32::try_from(film.len()).unwrap_or(u32::MAX), 0)?;
        encoder.set_frame_delay(FRAMES_A_FILM_PICTURE as u16, FRAMES_A_SECOND as u16)?;
        encoder.set_blend_op(BlendOp::Source)?;
        let mut writer = encoder.write_header()?;
        for picture in film {
            let bytes: Vec<u8> = picture.iter().flatten().flatten().copied().collect();
            writer.write_image_data(&bytes)?;
        }
        writer.finish()?;
        Ok(out.flush()?)
    };
    write().map_err(|error| cannot(file, error))
}

/// What the film of a game of so many frames leaves out, in a sentence, if it does.
#[must_use]
pub fn left_out(frames: usize) -> Option<String> {
    let longest = LONGEST_FILM as u32 * FRAMES_A_FILM_PICTURE;
    let seconds = longest / FRAMES_A_SECOND;
    (frames > longest as usize).then(|| {
        format!("the film has the first {seconds} seconds of the game, and the sound all of it")
    })
}

/// Writes the sound as a WAV file of the same name beside the film: one channel, 16 bits a sample.
///
/// # Errors
///
/// A sentence, where there is no room for it.
pub fn write_sound(film: &Path, samples: &[f32]) -> Result<(), String> {
    let file = film.with_extension("wav");
    let (sample_format, bits_per_sample) = (SampleFormat::Int, 16);
    let spec = WavSpec { channels: 1, sample_rate: RATE, bits_per_sample, sample_format };
    let write = || -> Result<(), hound::Error> {
        let mut writer = WavWriter::create(&file, spec)?;
        for sample in samples {
            writer.write_sample(as_heard(*sample))?;
        }
        writer.finalize()
    };
    write().map_err(|error| cannot(&file, error))
}

/// Says what is wrong with a file.
pub(crate) fn cannot(file: &Path, error: impl std::fmt::Display) -> String {
    format!("{} cannot be written: {error}; the figures above hold all the same", file.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_film_leaves_out_is_said() {
        assert_eq!(left_out(900), None);
        assert!(left_out(901).is_some_and(|sentence| sentence.contains("the first 30 seconds")));
    }
}

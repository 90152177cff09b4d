//! Pictures, with [png](https://docs.rs/png): decoded, and made as small as the page has them.

use std::io::Cursor;

use lab::task::Task;
use png::{Decoder, Limits, Transformations};

/// How much memory a picture may need while it is decoded, in bytes. A small file can want any amount.
const MOST: usize = 64 * 1024 * 1024;

/// A picture as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// How many pixels it is wide and high.
    pub size: (usize, usize),
    /// Its pixels, row by row: red, green and blue.
    pub pixels: Vec<[u8; 3]>,
}

impl Picture {
    /// Decodes a file, and makes it as large as it is shown.
    ///
    /// # Errors
    ///
    /// If it is no PNG file, or one that we do not show.
    pub fn decode(task: Task, file: &[u8], size: (usize, usize)) -> Result<Picture, String> {
        let part = task.begin_part(1, 0);
        let limits = Limits { bytes: MOST };
        let mut decoder = Decoder::new_with_limits(Cursor::new(file), limits);
        decoder.set_transformations(Transformations::normalize_to_color8());
        let mut reader = decoder.read_info().map_err(|error| error.to_string())?;
        let bytes = reader.output_buffer_size().filter(|&bytes| bytes <= MOST);
        let mut pixels = vec![0; bytes.ok_or("it is too large")?];
        let frame = reader.next_frame(&mut pixels).map_err(|error| error.to_string())?;
        part.tick();
        let channels = frame.color_type.samples();
        if channels < 3 {
            return Err("it is grey".to_owned());
        }
        let whole = (frame.width as usize, frame.height as usize);
        Ok(shrunk(&pixels, channels, whole, size))
    }

    /// All its numbers added up: whoever left out some of the work comes to another sum.
    #[must_use]
    pub fn sum(&self) -> u32 {
        self.pixels.iter().flatten().copied().map(u32::from).sum()
    }
}

/// Each pixel is the mean of those that it stands for.
fn shrunk(
    pixels: &[u8],
    channels: usize,
    (width, height): (usize, usize),
    size: (usize, usize),
) -> Picture {
    let range = |at: usize, of: usize, whole: usize| {
        let first = at * whole / of;
        first..((at + 1) * whole / of).max(first + 1)
    };
    let mean = |x: usize, y: usize| {
        let (mut sums, mut count) = ([0_usize; 3], 0);
        for row in range(y, size.1, height) {
            for column in range(x, size.0, width) {
                let pixel = &pixels[(row * width + column) * channels..];
                sums.iter_mut().zip(pixel).for_each(|(sum, &colour)| *sum += usize::from(colour));
                count += 1;
            }
        }
        sums.map(|sum| (sum / count) as u8)
    };
    let places = (0..size.1).flat_map(|y| (0..size.0).map(move |x| (x, y)));
    Picture { size, pixels: places.map(|(x, y)| mean(x, y)).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::{NO_PICTURE, Site};

    fn decode(file: &[u8]) -> Result<Picture, String> {
        let task = Task::start("test");
        let picture = Picture::decode(task, file, (16, 12));
        task.end();
        picture
    }

    #[test]
    fn what_is_whole_is_decoded_and_what_is_not_is_told() {
        let site = Site::default();
        let file = site.find("/1.png").expect("a picture").content;
        let picture = decode(file).expect("a picture");
        assert_eq!(picture.pixels.len(), 16 * 12);
        for length in [0, 7, 8, 40, file.len() / 2] {
            assert!(decode(&file[..length]).is_err(), "of {length} bytes");
        }
        let none = site.find(&format!("/{NO_PICTURE}.png")).expect("something").content;
        assert!(decode(none).is_err());
    }

    #[test]
    fn a_small_file_that_wants_all_memory_gets_none() {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, 60_000, 60_000);
        encoder.set_color(png::ColorType::Rgb);
        drop(encoder.write_header().expect("memory for a header"));
        assert!(decode(&file).is_err());
    }
}

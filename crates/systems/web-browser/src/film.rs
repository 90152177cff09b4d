//! The film: how the page looked at eight moments, side by side.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Duration;

use crate::draw::{Tile, WINDOW};
use crate::text::Letters;

/// How many moments there are, and how many of them beside each other.
const MOMENTS: usize = 8;
const ACROSS: usize = 4;

/// How many pixels of the window become one, on each side; and how high the time is below it.
const SMALLER: usize = 2;
const CAPTION: usize = 22;

/// How many pixels a moment is wide and high.
const SMALL: (usize, usize) = (WINDOW.0 / SMALLER, WINDOW.1 / SMALLER);

/// A pixel: red, green and blue.
type Pixel = [u8; 3];

/// What was shown in the window, and when: from that follows how it looked at any moment.
#[derive(Clone, Debug, Default)]
pub struct Film {
    is_kept: bool,
    shown: Vec<(Duration, Tile)>,
}

impl Film {
    /// An empty window, of which a film is kept or not.
    #[must_use]
    pub fn new(is_kept: bool) -> Film {
        Film { is_kept, shown: Vec::new() }
    }

    /// Shows a tile in the window, from this moment on.
    pub fn show(&mut self, tile: Tile, at: Duration) {
        if self.is_kept {
            self.shown.push((at, tile));
        }
    }

    /// Writes the film as a PNG file, where one is kept: moments from the first to the last, equally far
    /// apart.
    ///
    /// # Errors
    ///
    /// A sentence, where there is no room for it.
    pub fn write(&self, file: &Path) -> Result<(), String> {
        let mut strip = Strip::new();
        let mut window = vec![[255; 3]; WINDOW.0 * WINDOW.1];
        let mut shown = self.shown.iter().peekable();
        let last = self.shown.last().map_or(Duration::ZERO, |(at, _)| *at);
        for number in 0..MOMENTS {
            let now = last * (number as u32 + 1) / MOMENTS as u32;
            while let Some((_, tile)) = shown.next_if(|(at, _)| *at <= now) {
                show(&mut window, tile);
            }
            strip.add(number, &smaller(&window), now);
        }
        strip.write(file)
    }
}

/// Shows a tile in a window.
fn show(window: &mut [Pixel], Tile { corner, pixels }: &Tile) {
    for (row, line) in pixels.pixels().chunks(pixels.width() as usize).enumerate() {
        let start = (corner.1 + row) * WINDOW.0 + corner.0;
        let places = window[start..].iter_mut().zip(line);
        places.for_each(|(place, it)| *place = [it.red(), it.green(), it.blue()]);
    }
}

/// The moments, side by side.
struct Strip {
    pixels: Vec<Pixel>,
}

impl Strip {
    const SIZE: (usize, usize) = (SMALL.0 * ACROSS, (SMALL.1 + CAPTION) * (MOMENTS / ACROSS));

    fn new() -> Strip {
        Strip { pixels: vec![[28, 30, 34]; Strip::SIZE.0 * Strip::SIZE.1] }
    }

    /// Adds a moment, with its time below it.
    fn add(&mut self, number: usize, moment: &[Pixel], now: Duration) {
        let (column, row) = (number % ACROSS, number / ACROSS);
        let corner = (column * SMALL.0, row * (SMALL.1 + CAPTION));
        for (line, pixels) in moment.chunks(SMALL.0).enumerate() {
            let start = (corner.1 + line) * Strip::SIZE.0 + corner.0;
            // A line stays free between two moments.
            let inner = 1..SMALL.0 - 1;
            self.pixels[start..][inner.clone()].copy_from_slice(&pixels[inner]);
        }
        let letters = Letters { size: 14.0, is_bold: true };
        let place = (corner.0 as f32 + 8.0, (corner.1 + SMALL.1) as f32 + 2.0);
        letters.draw(&format!("{} ms", now.as_millis()), place, |x, y, covered| {
            let bright = (covered.clamp(0.0, 1.0) * 200.0) as u8;
            let place = usize::try_from(y).ok().zip(usize::try_from(x).ok());
            if let Some(pixel) = place.and_then(|(y, x)| self.pixels.get_mut(y * Strip::SIZE.0 + x))
            {
                *pixel = pixel.map(|colour| colour.saturating_add(bright));
            }
        });
    }

    fn write(&self, file: &Path) -> Result<(), String> {
        let write = || -> Result<(), png::EncodingError> {
            let mut out = BufWriter::new(File::create(file)?);
            let (width, height) = (Strip::SIZE.0 as u32, Strip::SIZE.1 as u32);
            let mut encoder = png::Encoder::new(&mut out, width, height);
            encoder.set_color(png::ColorType::Rgb);
            let mut writer = encoder.write_header()?;
            writer.write_image_data(self.pixels.as_flattened())?;
            writer.finish()?;
            Ok(out.flush()?)
        };
        write().map_err(|error| {
            let file = file.display();
            format!("{file} cannot be written: {error}; the figures above hold all the same")
        })
    }
}

/// The window with fewer pixels: each is the mean of those that it stands for.
fn smaller(window: &[Pixel]) -> Vec<Pixel> {
    let mean = |x: usize, y: usize| {
        let rows = (0..SMALLER).map(|row| (y * SMALLER + row) * WINDOW.0 + x * SMALLER);
        let pixels = rows.flat_map(|start| &window[start..start + SMALLER]);
        let add = |sums: [usize; 3], pixel: &Pixel| {
            [0, 1, 2].map(|it: usize| sums[it] + usize::from(pixel[it]))
        };
        pixels.fold([0; 3], add).map(|sum| (sum / (SMALLER * SMALLER)) as u8)
    };
    (0..SMALL.1).flat_map(|y| (0..SMALL.0).map(move |x| mean(x, y))).collect()
}

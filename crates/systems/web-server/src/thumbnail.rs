//! Thumbnails: the compute of every upload.
//!
//! Light adds up, and a picture's numbers are about the square root of it. So they are squared, weighed by
//! how near they are, and the square root is taken of their mean. All in whole numbers, so that whoever
//! computes it, in however many pieces, comes to the same thumbnail.

use std::ops::Range;

use lab::task::Task;
use rayon::prelude::*;

/// How many pixels a picture has on each side, and how many numbers a pixel: red, green and blue.
pub const SIDE: usize = 256;
const COLOURS: usize = 3;

/// How many bytes a picture has.
pub const BYTES: usize = SIDE * SIDE * COLOURS;

/// How many pixels a thumbnail has on each side.
pub const SMALL: usize = 64;

/// Into how many bands a thumbnail can be split.
const BANDS: usize = 8;

/// How far a pixel of the thumbnail looks around itself in the picture.
const REACH: usize = 4;

/// A picture in small.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thumbnail {
    /// Its rows, one after the other.
    pixels: Vec<u8>,
    /// All of it as a PNG file.
    png: Vec<u8>,
}

impl Thumbnail {
    /// Makes one in one piece, on the calling thread.
    #[must_use]
    pub fn whole(task: Task, picture: &[u8]) -> Thumbnail {
        Thumbnail::of(task, band(task, picture, 0, 0..SMALL))
    }

    /// Makes one in bands, on all cores. The calling thread waits.
    #[must_use]
    pub fn split(task: Task, picture: &[u8]) -> Thumbnail {
        const ROWS: usize = SMALL / BANDS;
        let bands = (0..BANDS).into_par_iter();
        let bands = bands.map(|it| band(task, picture, it + 1, it * ROWS..(it + 1) * ROWS));
        Thumbnail::of(task, bands.flatten_iter().collect())
    }

    /// The thumbnail of these pixels.
    fn of(task: Task, pixels: Vec<u8>) -> Thumbnail {
        let _computing = task.begin_part(2, 0);
        Thumbnail { png: encoded(&pixels), pixels }
    }

    /// All its numbers added up: whoever left out some of the work comes to another sum.
    #[must_use]
    pub fn sum(&self) -> u32 {
        self.pixels.iter().copied().map(u32::from).sum()
    }

    /// It as a PNG file.
    #[must_use]
    pub fn png(&self) -> &[u8] {
        &self.png
    }
}

/// Pixels as a PNG file.
fn encoded(pixels: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, SMALL as u32, SMALL as u32);
    encoder.set_color(png::ColorType::Rgb);
    let written = encoder.write_header().and_then(|mut it| it.write_image_data(pixels));
    written.expect("memory, and as many pixels as it says");
    file
}

/// Some rows of the thumbnail, as a part of its compute.
fn band(task: Task, picture: &[u8], number: usize, rows: Range<usize>) -> Vec<u8> {
    let part = task.begin_part(1, number);
    let rows = rows.flat_map(|y| {
        part.tick();
        row(picture, y)
    });
    rows.collect()
}

/// A row of the thumbnail.
fn row(picture: &[u8], y: usize) -> Vec<u8> {
    (0..SMALL).flat_map(|x| pixel(picture, x, y)).collect()
}

/// A pixel of the thumbnail: what is nearer counts for more.
fn pixel(picture: &[u8], x: usize, y: usize) -> [u8; COLOURS] {
    let (mut sums, mut weights) = ([0_u64; COLOURS], 0);
    for (row, vertical) in around(y) {
        for (column, horizontal) in around(x) {
            let weight = vertical * horizontal;
            let place = (row * SIDE + column) * COLOURS;
            for (sum, &number) in sums.iter_mut().zip(&picture[place..place + COLOURS]) {
                *sum += weight * u64::from(number) * u64::from(number);
            }
            weights += weight;
        }
    }
    sums.map(|sum| u8::try_from((sum / weights).isqrt()).expect("a mean of squares of bytes"))
}

/// The places of a picture around a place of its thumbnail, each with its weight.
fn around(place: usize) -> impl Iterator<Item = (usize, u64)> {
    let centre = place * SIDE / SMALL;
    let reach = centre.saturating_sub(REACH)..(centre + REACH).min(SIDE);
    reach.map(move |other| (other, (REACH + 1 - other.abs_diff(centre)) as u64))
}

/// A picture to upload: rings of light around a corner.
#[must_use]
pub fn picture() -> Vec<u8> {
    let pixels = (0..SIDE * SIDE).map(|place| (place % SIDE, place / SIDE));
    let numbers = pixels.flat_map(|(x, y)| {
        let far = (x * x + y * y) / SIDE;
        [far % 256, (far * 3) % 256, (x ^ y) % 256]
    });
    numbers.map(|number| number as u8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_make_up_the_whole() {
        let task = Task::start("test");
        let picture = picture();
        assert_eq!(picture.len(), BYTES);
        assert_eq!(Thumbnail::split(task, &picture), Thumbnail::whole(task, &picture));
        task.end();
    }

    #[test]
    fn grey_stays_grey() {
        let task = Task::start("test");
        let thumbnail = Thumbnail::whole(task, &[77; BYTES]);
        assert!(thumbnail.pixels.iter().all(|&number| number == 77));
        assert_eq!(thumbnail.sum(), (77 * SMALL * SMALL * COLOURS) as u32);
        task.end();
    }

    #[test]
    fn the_file_has_the_pixels() {
        let task = Task::start("test");
        let thumbnail = Thumbnail::whole(task, &picture());
        task.end();
        let file = std::io::Cursor::new(thumbnail.png());
        let mut reader = png::Decoder::new(file).read_info().expect("PNG");
        let mut pixels = vec![0; SMALL * SMALL * COLOURS];
        reader.next_frame(&mut pixels).expect("a frame");
        assert_eq!(pixels, thumbnail.pixels);
    }
}

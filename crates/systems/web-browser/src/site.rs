//! The site: a page that is not well-formed, its style, and twenty pictures, of which one is none.

/// How many pictures the page wants.
pub const PICTURES: usize = 20;

/// How many pixels a picture is made of, and how many times each of them stands beside and below itself: a
/// camera that boasts.
const MADE: (i32, i32) = (480, 360);
const TIMES: usize = 4;

/// The picture that is no picture, and the one that breaks off in the middle.
pub const NO_PICTURE: usize = 13;
/// See [`NO_PICTURE`].
pub const BREAKS_OFF: usize = 17;

/// All that there is on the site.
#[derive(Clone, Debug)]
pub struct Site {
    pictures: Vec<Vec<u8>>,
}

/// What is found under a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found<'a> {
    /// All its bytes.
    pub content: &'a [u8],
    /// How many of them are sent.
    pub sent: usize,
    /// For how many milliseconds the line and the server take their time.
    pub latency: u64,
}

impl Default for Site {
    fn default() -> Site {
        let picture = |number| match number {
            NO_PICTURE => b"a shopping list: milk, bread, cheese".to_vec(),
            number => encoded(&pixels(number.try_into().unwrap_or(0))),
        };
        Site { pictures: (1..=PICTURES).map(picture).collect() }
    }
}

impl Site {
    /// What is found under this path, if anything.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<Found<'_>> {
        let whole = |content: &'static str, latency| {
            Some(Found { content: content.as_bytes(), sent: content.len(), latency })
        };
        match path {
            "/" => whole(include_str!("../site/index.html"), 40),
            "/style.css" => whole(include_str!("../site/style.css"), 30),
            path => self.picture(path.strip_prefix('/')?.strip_suffix(".png")?.parse().ok()?),
        }
    }

    fn picture(&self, number: usize) -> Option<Found<'_>> {
        let content = self.pictures.get(number.checked_sub(1)?)?;
        let sent = if number == BREAKS_OFF { content.len() / 2 } else { content.len() };
        let latency = 40 + number as u64 % 3 * 80; // there are three such places, near and far
        Some(Found { content, sent, latency })
    }
}

/// Pixels as a PNG file.
fn encoded(pixels: &[u8]) -> Vec<u8> {
    let [width, height] = [MADE.0, MADE.1].map(|made| made.unsigned_abs() * TIMES as u32);
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_compression(png::Compression::Fast);
    let written = encoder.write_header().and_then(|mut it| it.write_image_data(pixels));
    written.expect("memory, and as many pixels as it says");
    file
}

/// The meadow at one of twenty hours of the day: a sky, its sun or moon, and hills. All in whole numbers.
fn pixels(hour: i32) -> Vec<u8> {
    let row =
        |y| -> Vec<u8> { (0..MADE.0).flat_map(|x| pixel(hour, x, y).repeat(TIMES)).collect() };
    (0..MADE.1).flat_map(|y| row(y).repeat(TIMES)).collect()
}

fn pixel(hour: i32, x: i32, y: i32) -> [u8; 3] {
    let noon = 10 - (hour - 9).abs().min(10); // from 0 at night to 10 at noon
    let dusk = if (2..=4).contains(&hour) || (14..=16).contains(&hour) { 90 } else { 0 };
    let (across, down) = (x - 20 - hour * 22, y - 240 + noon * 18);
    let away = across * across + down * down;
    let hill = |far: i32, high: i32, shift: i32| {
        let place = (x * far + shift) % 240 - 120;
        high + place * place / 260
    };
    let light = |colour: i32| (colour * (3 + noon) / 13 + grain(x, y)).clamp(0, 255) as u8;
    if y > hill(1, 285, 40) {
        [light(70 + y / 8), light(140 + (y - 280) / 2), light(60)]
    } else if y > hill(2, 225, 300) {
        [light(90), light(130), light(110)]
    } else if away < 700 {
        [255, 250 - dusk as u8, 215 - dusk as u8]
    } else {
        let glow = (60_000 / (away + 500)).min(70);
        let sky = |colour: i32| light(colour).saturating_add(glow as u8);
        [sky(120 + dusk + y / 5), sky(170 + y / 6), sky(235 - dusk / 2)]
    }
}

/// A grain, so that no two pixels are quite alike: 0 or 1.
fn grain(x: i32, y: i32) -> i32 {
    let mixed = x.wrapping_mul(0x1e37_79b9) ^ y.wrapping_mul(0x05eb_ca6b);
    ((mixed ^ (mixed >> 15)).wrapping_mul(0x2c1b_3c6d) >> 30) & 1
}

//! Pictures: how the sea whirls, as a film of all forecasts side by side.

use std::path::Path;

use reel::{Reel, Shape};

use crate::forecast::{Forecast, MEMBERS, PLANE};
use crate::sea::{Plane, Sea};

/// How much each cell whirls, from the north: 0 the most to the right, 255 the most to the left.
pub type Picture = Vec<u8>;

/// How much a cell whirls that is shown in the strongest colour, as a share of the plane's own turning.
const STRONGEST: f64 = 0.8;

/// How the sea whirls at the corners of its cells.
#[must_use]
pub fn picture(sea: &Sea, plane: &Plane) -> Picture {
    let scale = 1.0 / (plane.cell * plane.turns * STRONGEST);
    let rows = (0..plane.height).rev().flat_map(|number| {
        let (south, here) = (sea.row(number + plane.height - 1), sea.row(number));
        (1..=plane.width).map(move |x| {
            let whirls = here.north[x] - here.north[x - 1] - here.east[x] + south.east[x];
            (127.5 + 127.5 * whirls * scale) as u8
        })
    });
    rows.collect()
}

/// How many forecasts stand side by side in the film, and how many pixels a cell has in each direction.
const ACROSS: usize = 2;
const ZOOM: usize = 2;

/// Writes a film of all forecasts, as far as all of them have come.
///
/// # Errors
///
/// A sentence that names the file, where it cannot be written.
pub fn write(forecasts: &[Forecast], file: &Path) -> Result<(), String> {
    let frames = forecasts.iter().map(|it| it.pictures.len()).min().unwrap_or(0);
    let shape = Shape {
        width: (PLANE.width * ZOOM * ACROSS) as u32,
        height: (PLANE.height * ZOOM * MEMBERS / ACROSS) as u32,
        frames: frames.max(1) as u32,
        a_second: 10,
    };
    let mut reel = Reel::create(Some(file), shape)?;
    for frame in 0..frames {
        let mut pixels = Vec::new();
        for members in forecasts.chunks(ACROSS) {
            for y in 0..PLANE.height * ZOOM {
                let row = members.iter().flat_map(|it| zoomed(&it.pictures[frame], y));
                pixels.extend(row.flat_map(colour));
            }
        }
        // Who was stopped may have fewer forecasts.
        pixels.resize(shape.width as usize * shape.height as usize * 3, 0);
        reel.write(&reel.darkroom().develop(&pixels))?;
    }
    reel.finish()
}

/// A row of a picture's pixels: each is a mean of the cells around it, the more of those that are nearer.
fn zoomed(picture: &[u8], y: usize) -> impl Iterator<Item = f64> {
    let (width, height) = (PLANE.width, PLANE.height);
    let place = |pixel: usize| (pixel / ZOOM, (pixel % ZOOM) as f64 / ZOOM as f64);
    let (row, north) = place(y);
    let cell = move |x: usize, y: usize| f64::from(picture[y % height * width + x % width]);
    (0..width * ZOOM).map(move |x| {
        let (column, east) = place(x);
        let across = |y| cell(column, y) * (1.0 - east) + cell(column + 1, y) * east;
        across(row) * (1.0 - north) + across(row + 1) * north
    })
}

/// The colours from the most to the right, over none at all, to the most to the left.
const COLOURS: [[f64; 3]; 7] = [
    [214.0, 250.0, 255.0],
    [64.0, 190.0, 235.0],
    [22.0, 84.0, 150.0],
    [12.0, 16.0, 38.0],
    [140.0, 44.0, 60.0],
    [244.0, 130.0, 50.0],
    [255.0, 240.0, 190.0],
];

/// The colour of so much whirling, from 0 to 255.
fn colour(whirls: f64) -> [u8; 3] {
    let place = whirls / 255.0 * (COLOURS.len() - 1) as f64;
    let left = (place as usize).min(COLOURS.len() - 2);
    let share = place - left as f64;
    [0, 1, 2].map(|it| (COLOURS[left][it] * (1.0 - share) + COLOURS[left + 1][it] * share) as u8)
}

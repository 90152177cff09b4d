//! Pictures: which strokes each unit of a network has learned to look for, as a film of how it did.
//!
//! What is shown is by how much weights have changed since the beginning, when they were there by chance.

use std::path::Path;

use reel::{Reel, Shape};

use crate::digits::PIXELS;
use crate::network::{UNITS, Weights};

/// How many units stand side by side, how many pixels of ours each of theirs has, and how far apart they are.
const ACROSS: usize = 16;
const ZOOM: usize = 4;
const APART: usize = 2;

/// How many pixels a picture of a unit has from side to side, and all of it with its border.
const SIDE: usize = 8;
const TILE: usize = SIDE * ZOOM + APART;

/// Writes a film of a network's weights, one frame for each time that they were looked at. It stays at the
/// last for as long as the rest takes.
///
/// # Errors
///
/// A sentence that names the file, where it cannot be written.
pub fn write(weights: &[Weights], file: &Path) -> Result<(), String> {
    let rows = UNITS.div_ceil(ACROSS);
    let shape = Shape {
        width: (ACROSS * TILE + APART) as u32,
        height: (rows * TILE + APART) as u32,
        frames: (2 * weights.len()) as u32,
        a_second: 8,
    };
    let mut reel = Reel::create(Some(file), shape)?;
    let last = weights.last().into_iter().cycle().take(weights.len());
    for (now, before) in weights.iter().chain(last).zip(weights.first().into_iter().cycle()) {
        let learned: Weights = now.iter().zip(before).map(|(now, before)| now - before).collect();
        reel.write(&reel.darkroom().develop(&frame(&learned, shape)))?;
    }
    reel.finish()
}

/// All units of a network.
fn frame(weights: &Weights, shape: Shape) -> Vec<u8> {
    let (width, height) = (shape.width as usize, shape.height as usize);
    let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    pixels.flat_map(|(x, y)| colour(at(weights, x, y))).collect()
}

/// How much a unit has learned to like ink at a place of the film; nothing between units.
fn at(weights: &Weights, x: usize, y: usize) -> Option<f32> {
    let inside = |place: usize| {
        let place = place.checked_sub(APART)?;
        let (tile, within) = (place / TILE, place % TILE / ZOOM);
        (within < SIDE).then_some((tile, within))
    };
    let ((column, x), (row, y)) = (inside(x)?, inside(y)?);
    let (unit, pixel) = (row * ACROSS + column, y * SIDE + x);
    (unit < UNITS && pixel < PIXELS).then(|| weights[pixel * UNITS + unit])
}

/// Warm where a unit likes ink, cold where it wants none.
fn colour(likes: Option<f32>) -> [u8; 3] {
    /// What is shown in the strongest colour.
    const STRONGEST: f32 = 0.22;
    const WARM: [f32; 3] = [255.0, 214.0, 140.0];
    const COLD: [f32; 3] = [90.0, 190.0, 255.0];
    const NONE: [f32; 3] = [16.0, 18.0, 30.0];
    let Some(likes) = likes else { return [34, 37, 54] };
    let towards = if likes > 0.0 { WARM } else { COLD };
    let share = (likes.abs() / STRONGEST).min(1.0);
    [0, 1, 2].map(|it| (NONE[it] * (1.0 - share) + towards[it] * share) as u8)
}

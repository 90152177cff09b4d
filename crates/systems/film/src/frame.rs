//! A frame: rows of pixels, rendered in one piece or in bands.

use std::ops::Range;

use lab::task::Computation;

use crate::scene::Scene;
use crate::vector::Vector;

/// How many frames the film has. It ends where it begins.
pub const FRAMES: usize = 48;

/// How many pixels a frame has from side to side, and from top to bottom.
pub const WIDTH: usize = 320;
/// How many rows of pixels a frame has.
pub const HEIGHT: usize = 180;

/// How many rays are sent through a pixel, in each direction.
const RAYS: usize = 2;

/// Rows of a frame, from the top: red, green and blue, a byte each.
///
/// `part` is told of each row that is done.
#[must_use]
pub fn rows(number: usize, rows: Range<usize>, part: &Computation) -> Vec<u8> {
    let scene = Scene::at(number as f64 / FRAMES as f64);
    let rows = rows.flat_map(|y| {
        part.tick();
        (0..WIDTH).flat_map(move |x| pixel(&scene, x, y))
    });
    rows.collect()
}

/// A pixel: the mean of its rays.
fn pixel(scene: &Scene, x: usize, y: usize) -> [u8; 3] {
    const ALL: usize = RAYS * RAYS;
    let mut light = Vector::default();
    for ray in 0..ALL {
        let within = |place, number| place as f64 + (number as f64 + 0.5) / RAYS as f64;
        let sideways = within(x, ray % RAYS) - WIDTH as f64 / 2.0;
        let upwards = HEIGHT as f64 / 2.0 - within(y, ray / RAYS);
        let scale = 2.0 / HEIGHT as f64;
        light = light + shown(scene.light(sideways * scale, upwards * scale));
    }
    let Vector { x, y, z } = light * (255.0 / ALL as f64);
    [x, y, z].map(|number| (number + 0.5) as u8)
}

/// Light as a screen shows it, between 0 and 1: what is very bright is not much brighter than what is
/// bright, and a screen's numbers are about the square root of its light.
fn shown(light: Vector) -> Vector {
    let curve = |light: f64| (light / (1.0 + 0.6 * light)).clamp(0.0, 1.0).sqrt();
    Vector { x: curve(light.x), y: curve(light.y), z: curve(light.z) }
}

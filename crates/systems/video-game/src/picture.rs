//! Pictures: a meadow at night, by the light of its fireflies.
//!
//! Each row is drawn for itself, from the scene alone. Light is added up in the order of the fireflies'
//! numbers, so that it does not matter who draws which row.

use glam::{Vec2, Vec3};

use crate::arena::SIZE;
use crate::meadow::Meadow;
use crate::scene::Scene;

/// A pixel: red, green and blue.
pub type Pixel = [u8; 3];

/// A row of pixels.
pub type Row = Vec<Pixel>;

/// A source of light: how far it reaches, in pixels, and its colour where it is.
struct Light {
    reach: f32,
    colour: Vec3,
}

const LANTERN: Light = Light { reach: 105.0, colour: Vec3::new(0.95, 0.52, 0.18) };

/// How far a firefly's light reaches.
const GLOW: f32 = 31.0;

/// Draws a row of the picture of a scene.
pub fn draw_row(meadow: &Meadow, scene: &Scene, y: usize, row: &mut Row) {
    let mut light = [Vec3::ZERO; SIZE.0];
    LANTERN.shine(scene.lantern, y, &mut light);
    for (number, &place) in (0..).zip(&scene.flies) {
        if (place.y - y as f32).abs() < GLOW {
            firefly(number, scene.tick).shine(place, y, &mut light);
        }
    }
    row.clear();
    row.extend((0..).zip(light).map(|(x, light)| {
        let ground = meadow.at(x, y);
        let air = light * 0.09;
        exposed(ground.glow + ground.reflects * light + air + spark(scene, x, y))
    }));
}

/// The light of a firefly, which flickers as its number says.
fn firefly(number: u32, tick: u32) -> Light {
    const PERIOD: u32 = 160;
    let phase = (tick + number * 37) % PERIOD;
    let swelling = phase.min(PERIOD - phase) as f32 / (PERIOD / 2) as f32;
    let [green, yellow] = [Vec3::new(0.25, 0.75, 0.50), Vec3::new(0.75, 0.72, 0.10)];
    let colour = if number.is_multiple_of(5) { green } else { yellow };
    Light { reach: GLOW, colour: colour * (0.02 + 0.40 * swelling * swelling * swelling) }
}

impl Light {
    /// Adds this light, which is at a place, to what there is in a row.
    fn shine(&self, place: Vec2, y: usize, row: &mut [Vec3; SIZE.0]) {
        /// How much brighter it is where it comes from, and how small that is, in pixels².
        const BRIGHT: f32 = 14.0;
        const SMALL: f32 = 2.6;
        let squared = self.reach * self.reach;
        let down = place.y - y as f32;
        let first = (place.x - self.reach).max(0.0) as usize;
        let last = ((place.x + self.reach) as usize + 1).min(SIZE.0);
        for (x, light) in (first..).zip(&mut row[first.min(last)..last]) {
            let across = place.x - x as f32;
            let distance = across * across + down * down;
            let left = (1.0 - distance / squared).max(0.0);
            let near = left * left;
            let source = (1.0 - distance / SMALL).max(0.0) * BRIGHT;
            *light += self.colour * (near * near * near * near + source);
        }
    }
}

/// The flame of the lantern, and in the corner a spark for each firefly that was caught.
fn spark(scene: &Scene, x: usize, y: usize) -> Vec3 {
    let flame = Vec2::new(x as f32, y as f32).distance_squared(scene.lantern);
    if flame < 12.0 {
        return Vec3::new(3.0, 2.2, 1.2) * (1.3 - flame / 12.0);
    }
    let is_lit = jar(x).zip(jar(y)).is_some_and(|(column, line)| {
        column < SPARKS_A_ROW && line * SPARKS_A_ROW + column < scene.caught as usize
    });
    if is_lit { Vec3::new(1.2, 1.2, 0.4) } else { Vec3::ZERO }
}

/// How many sparks there are in a row.
const SPARKS_A_ROW: usize = 40;

/// Which spark a column or a row of pixels belongs to, if it is not between two.
fn jar(pixel: usize) -> Option<usize> {
    const MARGIN: usize = 8;
    const APART: usize = 5;
    const WIDE: usize = 3;
    let inside = pixel.checked_sub(MARGIN)?;
    (inside % APART < WIDE).then_some(inside / APART)
}

/// What a camera makes of so much light.
fn exposed(light: Vec3) -> Pixel {
    let shown = |light: f32| ((light / (light + 0.9)).sqrt() * 255.0) as u8;
    [shown(light.x), shown(light.y), shown(light.z)]
}

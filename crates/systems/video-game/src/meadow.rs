//! The meadow by night, before any firefly has come: a sky with its moon, hills, and grass.

use glam::{Vec2, Vec3};

use crate::arena::SIZE;

/// What is at a pixel, when nobody shines on it, and when somebody does.
#[derive(Clone, Copy, Debug)]
pub struct Ground {
    /// The light that it has of itself.
    pub glow: Vec3,
    /// How much of others' light it reflects.
    pub reflects: Vec3,
}

/// The meadow.
#[derive(Clone, Debug)]
pub struct Meadow {
    pixels: Vec<Ground>,
}

impl Default for Meadow {
    fn default() -> Meadow {
        let pixels = (0..SIZE.0 * SIZE.1).map(|place| ground(place % SIZE.0, place / SIZE.0));
        Meadow { pixels: pixels.collect() }
    }
}

impl Meadow {
    /// What is at a pixel.
    ///
    /// # Panics
    ///
    /// If there is no such pixel.
    #[must_use]
    pub fn at(&self, x: usize, y: usize) -> Ground {
        self.pixels[y * SIZE.0 + x]
    }
}

fn ground(x: usize, y: usize) -> Ground {
    let (across, down) = (x as f32, y as f32 / SIZE.1 as f32);
    let blade = 0.06 * chance(x as u32 / 2, 77) + 0.03 * noise(across / 9.0, 5);
    if down > 0.92 - blade {
        let lit = (down - 0.78) * 0.5 + 0.2 * chance(x as u32, 3);
        return Ground {
            glow: Vec3::new(0.004, 0.012, 0.006),
            reflects: Vec3::new(0.35, 0.85, 0.20) * lit.max(0.05) * 2.5,
        };
    }
    if down > 0.80 - 0.16 * noise(across / 90.0, 2) {
        return Ground {
            glow: Vec3::new(0.007, 0.016, 0.014),
            reflects: Vec3::new(0.20, 0.42, 0.18) * (0.5 + 0.5 * chance(x as u32, y as u32)),
        };
    }
    if down > 0.70 - 0.22 * noise(across / 150.0, 1) {
        return Ground {
            glow: Vec3::new(0.012, 0.022, 0.034),
            reflects: Vec3::new(0.10, 0.18, 0.16),
        };
    }
    sky(x, y, down)
}

fn sky(x: usize, y: usize, down: f32) -> Ground {
    const MOON: Vec2 = Vec2::new(392.0, 54.0);
    const RADIUS: f32 = 19.0;
    let distance = MOON.distance(Vec2::new(x as f32, y as f32));
    let mut glow = Vec3::new(0.010, 0.014, 0.040).lerp(Vec3::new(0.050, 0.070, 0.105), down * 1.4);
    glow += Vec3::new(0.10, 0.11, 0.13) * (1.0 - distance / 120.0).max(0.0) * 0.7;
    if distance < RADIUS {
        let spots = 0.75 + 0.25 * noise(x as f32 / 7.0, 11) * noise(y as f32 / 6.0, 12);
        glow = Vec3::new(0.95, 0.92, 0.80) * spots * (RADIUS - distance).clamp(0.3, 1.0);
    } else if chance(x as u32, y as u32) > 0.9975 {
        glow += Vec3::splat(0.35) * chance(y as u32, x as u32);
    }
    Ground { glow, reflects: Vec3::splat(0.04) }
}

/// A number between 0 and 1 that looks like chance, and is always the same for the same two numbers.
fn chance(one: u32, other: u32) -> f32 {
    let mut mixed = one.wrapping_mul(0x9e37_79b9) ^ other.wrapping_mul(0x85eb_ca6b);
    mixed = (mixed ^ (mixed >> 15)).wrapping_mul(0x2c1b_3c6d);
    mixed = (mixed ^ (mixed >> 12)).wrapping_mul(0x297a_2d39);
    ((mixed ^ (mixed >> 15)) >> 8) as f32 / (1 << 24) as f32
}

/// Hills between 0 and 1 along a line, one a unit.
fn noise(at: f32, seed: u32) -> f32 {
    let (left, place) = (at as u32, at - at as u32 as f32);
    let smooth = place * place * (3.0 - 2.0 * place);
    chance(left, seed) * (1.0 - smooth) + chance(left + 1, seed) * smooth
}

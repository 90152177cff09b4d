//! Points and directions in space, and a sine that every machine computes alike.
//!
//! Only sums, products, quotients and square roots: these are rounded in the same way everywhere (IEEE
//! 754), and so the same scene has the same pixels on every machine. The sines of two systems' libraries
//! need not agree in their last bit.

use std::ops::{Add, Mul, Neg, Sub};

/// A point, a direction, or a colour.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Vector {
    /// To the right; or red.
    pub x: f64,
    /// Upwards; or green.
    pub y: f64,
    /// Towards whoever looks; or blue.
    pub z: f64,
}

/// A vector of three numbers.
#[must_use]
pub const fn vector(x: f64, y: f64, z: f64) -> Vector {
    Vector { x, y, z }
}

impl Add for Vector {
    type Output = Vector;

    fn add(self, other: Vector) -> Vector {
        vector(self.x + other.x, self.y + other.y, self.z + other.z)
    }
}

impl Sub for Vector {
    type Output = Vector;

    fn sub(self, other: Vector) -> Vector {
        vector(self.x - other.x, self.y - other.y, self.z - other.z)
    }
}

impl Neg for Vector {
    type Output = Vector;

    fn neg(self) -> Vector {
        vector(-self.x, -self.y, -self.z)
    }
}

impl Mul<f64> for Vector {
    type Output = Vector;

    fn mul(self, factor: f64) -> Vector {
        vector(self.x * factor, self.y * factor, self.z * factor)
    }
}

/// Colours that filter each other.
impl Mul for Vector {
    type Output = Vector;

    fn mul(self, other: Vector) -> Vector {
        vector(self.x * other.x, self.y * other.y, self.z * other.z)
    }
}

impl Vector {
    /// How much two directions have in common: 1 where they are one, 0 at a right angle.
    #[must_use]
    pub fn dot(self, other: Vector) -> f64 {
        self.x * other.x + self.y * other.y + self.z * other.z
    }

    /// What stands at a right angle to both.
    #[must_use]
    pub fn cross(self, other: Vector) -> Vector {
        vector(
            self.y * other.z - self.z * other.y,
            self.z * other.x - self.x * other.z,
            self.x * other.y - self.y * other.x,
        )
    }

    /// How long it is.
    #[must_use]
    pub fn length(self) -> f64 {
        self.dot(self).sqrt()
    }

    /// The same direction, with a length of 1.
    #[must_use]
    pub fn normal(self) -> Vector {
        self * (1.0 / self.length())
    }

    /// As a mirror throws it back that faces in the direction `normal`.
    #[must_use]
    pub fn mirrored(self, normal: Vector) -> Vector {
        self - normal * (2.0 * self.dot(normal))
    }

    /// Between this and another: this at 0, the other at 1.
    #[must_use]
    pub fn mixed(self, other: Vector, share: f64) -> Vector {
        self + (other - self) * share
    }
}

/// The sine of so many full turns, to within 0.0011: a parabola, and one step to better it.
#[must_use]
pub fn sine(turns: f64) -> f64 {
    let turn = turns - (turns + if turns < 0.0 { -0.5 } else { 0.5 }) as i64 as f64;
    let parabola = 8.0 * turn * (1.0 - 2.0 * turn.abs());
    0.225 * (parabola * parabola.abs() - parabola) + parabola
}

/// The cosine of so many full turns.
#[must_use]
pub fn cosine(turns: f64) -> f64 {
    sine(turns + 0.25)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sine_is_a_sine() {
        for step in -400..400 {
            let turns = f64::from(step) / 100.0;
            let exact = (turns * std::f64::consts::TAU).sin();
            assert!((sine(turns) - exact).abs() < 0.0011, "{turns}: {} {exact}", sine(turns));
        }
    }

    #[test]
    fn a_mirror_throws_back_what_comes_straight() {
        let up = vector(0.0, 1.0, 0.0);
        assert_eq!(vector(3.0, -2.0, 1.0).mirrored(up), vector(3.0, 2.0, 1.0));
        assert_eq!(vector(1.0, 0.0, 0.0).cross(up), vector(0.0, 0.0, 1.0));
    }
}

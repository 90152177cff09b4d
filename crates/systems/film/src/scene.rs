//! The scene: a lantern of lace above a wet floor, at night.
//!
//! Its shell is a sphere of which only a lattice is left (a gyroid, found by Alan Schoen in 1970). Nobody
//! can say in a formula where a ray of light meets it; but from each point one can say how far it is to
//! the shell *at least*, and so a ray goes on by as much, again and again, until it is there (sphere
//! tracing, John C. Hart, 1996). How often depends on what it passes: that is why frames cost differently.

use crate::vector::{Vector, cosine, sine, vector};

/// Where the lantern hangs, and how large it is.
const LANTERN: Vector = vector(0.0, 1.25, 0.0);
const RADIUS: f64 = 1.0;

/// How large the light within it is.
const CORE: f64 = 0.22;

/// How far its light reaches.
const REACH: f64 = 4.6;

/// The floor's lowest colour, of the light within, and of the moon.
const TILE: Vector = vector(0.10, 0.11, 0.14);
const FLAME: Vector = vector(1.0, 0.52, 0.17);
const MOON: Vector = vector(0.45, 0.60, 1.0);

/// The scene at a moment of the film.
#[derive(Clone, Copy, Debug)]
pub struct Scene {
    /// How far the lattice has flowed through the shell, in full turns: 1 is where 0 was.
    flow: f64,
    eye: Vector,
    right: Vector,
    up: Vector,
    ahead: Vector,
}

/// What a ray meets.
enum Met {
    Shell(Vector),
    Core,
    Floor(Vector),
    Sky,
}

impl Scene {
    /// The scene when so much of the film is over: the end, 1, is the beginning again.
    ///
    /// In the first half the eye is far away, in the second it is near.
    #[must_use]
    pub fn at(moment: f64) -> Scene {
        let far = 5.4 + 3.0 * sine(moment);
        let side = 0.09 * cosine(moment);
        let eye = vector(far * sine(side), 1.6 + 0.6 * sine(moment), far * cosine(side));
        let ahead = (vector(0.0, 1.02, 0.0) - eye).normal();
        let right = ahead.cross(vector(0.0, 1.0, 0.0)).normal();
        Scene { flow: moment, eye, right, up: right.cross(ahead), ahead }
    }

    /// The light that comes from a place of the picture: from -1 to 1 upwards, and sideways as far as the
    /// picture is wide.
    #[must_use]
    pub fn light(&self, sideways: f64, upwards: f64) -> Vector {
        let ray = self.ahead * 1.9 + self.right * sideways + self.up * upwards;
        let ray = ray.normal();
        match self.met(self.eye, ray) {
            Met::Floor(place) => self.floor(place, ray),
            met => self.shown(&met, ray),
        }
    }

    /// The light of what a ray met, where that is no mirror.
    fn shown(&self, met: &Met, ray: Vector) -> Vector {
        match met {
            Met::Shell(place) => self.shell(*place, ray),
            Met::Core => FLAME * 2.0 + vector(1.0, 0.9, 0.6),
            Met::Floor(place) => self.lit_floor(*place),
            Met::Sky => self.sky(ray),
        }
    }

    /// A sky with a glow at the horizon.
    fn sky(&self, ray: Vector) -> Vector {
        let height = ray.y.clamp(0.0, 1.0);
        let glow = 1.0 - height;
        vector(0.012, 0.020, 0.055) + vector(0.10, 0.075, 0.16) * (glow * glow * glow * glow)
    }

    /// The shell, lit by the moon from above, and from within.
    fn shell(&self, place: Vector, ray: Vector) -> Vector {
        let normal = self.normal(place);
        let inwards = LANTERN - place;
        let moon = normal.dot(vector(-0.45, 0.75, 0.48)).max(0.0);
        let within = normal.dot(inwards.normal()).max(0.0);
        let rim = 1.0 + normal.dot(ray).min(0.0);
        let near = 1.0 / (0.25 + inwards.dot(inwards));
        vector(0.02, 0.018, 0.03)
            + MOON * (0.30 * moon)
            + FLAME * (2.6 * within * near)
            + FLAME * (0.16 * near)
            + MOON * (0.12 * rim * rim * rim)
    }

    /// The floor, which mirrors what is above it, the more the flatter one looks at it.
    fn floor(&self, place: Vector, ray: Vector) -> Vector {
        let up = vector(0.0, 1.0, 0.0);
        let back = ray.mirrored(up);
        let flat = 1.0 - back.y;
        let share = 0.08 + 0.50 * flat * flat * flat;
        let mirrored = self.shown(&self.met(place + up * 1e-4, back), back);
        let floor = self.lit_floor(place).mixed(mirrored, share);
        // Far away it is as dark as the sky's foot.
        let far = (place - self.eye).length();
        floor.mixed(self.sky(vector(0.0, 0.0, 0.0)), (far / 22.0).min(1.0))
    }

    /// The floor's own light: tiles, with the lantern's lace thrown on them.
    fn lit_floor(&self, place: Vector) -> Vector {
        let tiles = sine(place.x * 0.5) * sine(place.z * 0.5);
        let tile = if tiles > 0.0 { TILE } else { TILE * 1.9 };
        let towards = LANTERN - place;
        let far = towards.dot(towards);
        let fades = 1.0 - far / (REACH * REACH);
        if fades <= 0.0 {
            return tile * MOON * 0.22;
        }
        let slant = towards.y / towards.length();
        let light = 22.0 * slant * fades * fades / (0.8 + far);
        tile * (FLAME * (light * self.passes(place, towards)) + MOON * 0.22)
    }

    /// How much of the light within comes to a place: 0 where a bar of the lattice is before it.
    fn passes(&self, place: Vector, towards: Vector) -> f64 {
        /// How far the light is seen to be spread: a small light has sharp shadows.
        const SHARP: f64 = 28.0;
        let far = towards.length();
        let ray = towards * (1.0 / far);
        let mut gone = far - RADIUS - 0.06;
        let mut passes: f64 = 1.0;
        while gone < far - CORE {
            let left = self.distance(place + ray * gone);
            if left < 1e-3 {
                return 0.0;
            }
            passes = passes.min(SHARP * left / (far - gone).max(0.3));
            gone += left.max(0.004);
        }
        passes
    }

    /// What a ray meets first.
    fn met(&self, from: Vector, ray: Vector) -> Met {
        let floor = if ray.y < -1e-6 { -from.y / ray.y } else { f64::INFINITY };
        let Some((near, far)) = within_sphere(from - LANTERN, ray, RADIUS + 0.06) else {
            return ground(from, ray, floor);
        };
        let core = within_sphere(from - LANTERN, ray, CORE).map_or(f64::INFINITY, |(near, _)| near);
        let end = far.min(floor);
        let mut gone = near.max(0.0);
        while gone < end.min(core) {
            let place = from + ray * gone;
            let left = self.distance(place);
            if left < 8e-4 {
                return Met::Shell(place);
            }
            gone += left;
        }
        if core < end { Met::Core } else { ground(from, ray, floor) }
    }

    /// How far it is from a place to the shell, at least.
    fn distance(&self, place: Vector) -> f64 {
        /// How many times the lattice repeats itself in a unit of space, and how thick its bars are.
        const OFTEN: f64 = 0.95;
        const BAR: f64 = 0.30;
        let place = place - LANTERN;
        let sphere = (place.length() - RADIUS).abs() - 0.05;
        let (x, y, z) = (place.x * OFTEN, place.y * OFTEN + self.flow, place.z * OFTEN);
        let gyroid = sine(x) * cosine(y) + sine(y) * cosine(z) + sine(z) * cosine(x);
        let lattice = (gyroid.abs() - BAR) * (1.0 / (OFTEN * 9.4));
        sphere.max(lattice)
    }

    /// In which direction the shell faces at a place.
    fn normal(&self, place: Vector) -> Vector {
        const STEP: f64 = 1e-3;
        let here = self.distance(place);
        let slope = |direction: Vector| self.distance(place + direction * STEP) - here;
        let along = [vector(1.0, 0.0, 0.0), vector(0.0, 1.0, 0.0), vector(0.0, 0.0, 1.0)];
        let [x, y, z] = along.map(slope);
        (vector(x, y, z) + vector(1e-12, 0.0, 0.0)).normal()
    }
}

/// The floor, where the ray comes to it, or the sky.
fn ground(from: Vector, ray: Vector, floor: f64) -> Met {
    if floor.is_finite() { Met::Floor(from + ray * floor) } else { Met::Sky }
}

/// From where to where a ray is within a sphere around the origin, if it meets it ahead.
fn within_sphere(from: Vector, ray: Vector, radius: f64) -> Option<(f64, f64)> {
    let middle = -from.dot(ray);
    let root = middle * middle - from.dot(from) + radius * radius;
    let half = (root > 0.0).then(|| root.sqrt())?;
    (middle + half > 0.0).then_some((middle - half, middle + half))
}

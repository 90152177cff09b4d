//! Forecasts: two currents that break up into vortices, of which nobody knows the beginning exactly.
//!
//! Two currents flow side by side, one to the east and one to the west, in balance with the slope of the
//! surface. But balance is not enough: where a current is narrow, each bend makes itself larger
//! (barotropic instability). Each member of the ensemble begins with other small bumps, and so has its
//! vortices elsewhere.

use std::time::{Duration, Instant};

use lab::task::Task;
use stage::Digest;

use crate::scheme::{Crew, Moving};
use crate::sea::{Plane, Sea};
use crate::sum::{Order, energy, mass};
use crate::vortices::{Picture, picture};

/// How many forecasts are made.
pub const MEMBERS: usize = 4;

/// How many days they reach.
pub const DAYS: usize = 6;

/// How many pictures there are of a day.
pub const PICTURES_A_DAY: usize = 8;

/// How many steps there are from one picture to the next.
const STEPS: usize = 40;

/// How many steps a forecast has.
pub const ALL_STEPS: usize = DAYS * PICTURES_A_DAY * STEPS;

/// The plane: about as large as an ocean, and as wide a cell as a small island.
pub const PLANE: Plane =
    Plane { width: 160, height: 80, cell: 43e3, turns: 1e-4, gravity: 9.81, sticks: 1.8e4 };

/// How deep the sea is where it is at rest, in m: as much as makes such vortices as an ocean has, whose
/// upper layer flows over a lower one that hardly moves.
const DEPTH: f64 = 300.0;

/// For how many cores each forecast's energy is added up, to see whether that matters.
pub const CORES: [usize; 4] = [1, 2, 3, 8];

/// A forecast to its end.
#[derive(Clone, Debug)]
pub struct Forecast {
    /// How the sea looked meanwhile.
    pub pictures: Vec<Picture>,
    /// How much more or less water there was in the end, as a share of all.
    pub lost: f64,
    /// The energy in the end, as its way of adding up has it on each number of [`CORES`].
    pub energies: [f64; CORES.len()],
    /// When it was done, since the first was begun.
    pub done: Duration,
}

/// How forecasts are made.
#[derive(Clone, Copy, Debug)]
pub struct Making {
    /// When the first was begun.
    pub begun: Instant,
    /// Who computes the rows of one.
    pub crew: Crew,
    /// In which order its energy is added up, on so many cores.
    pub order: fn(usize) -> Order,
}

impl Making {
    /// Begins now, with this crew, and adds up in the order that any number of cores keeps to.
    #[must_use]
    pub fn with(crew: Crew) -> Making {
        Making { begun: Instant::now(), crew, order: |_| Order::ByRow }
    }

    /// Makes one forecast after the other, until somebody asks to stop.
    #[must_use]
    pub fn in_turn(&self) -> Vec<Forecast> {
        let members = (0..MEMBERS).take_while(|_| !stage::stopped());
        members.map(|member| self.forecast(member)).collect()
    }

    /// Makes a forecast.
    #[must_use]
    pub fn forecast(&self, member: usize) -> Forecast {
        let Making { begun, crew, order } = *self;
        let name = format!("Member {}", member + 1);
        let task = Task::start(format!("member {}", member + 1));
        let mut moving = Moving::new(PLANE, beginning(member), 86400.0 / STEPS_A_DAY);
        let before = mass(&moving.sea, Order::ByRow);
        let mut pictures = vec![picture(&moving.sea, &PLANE)];
        for day in (1..=DAYS).take_while(|_| !stage::stopped()) {
            for _ in 0..PICTURES_A_DAY {
                (0..STEPS).for_each(|_| moving.advance(crew, task, day));
                let _part = task.begin_part(day, 0);
                pictures.push(picture(&moving.sea, &PLANE));
            }
            task.say(format_args!("{name} - day {day}"));
        }
        let sea = moving.sea;
        let lost = (mass(&sea, Order::ByRow) - before) / before;
        let energies = CORES.map(|cores| energy(&sea, &PLANE, order(cores)));
        task.say(format_args!("{name} - sea {}", digest(&sea)));
        task.end();
        Forecast { pictures, lost, energies, done: begun.elapsed() }
    }
}

const STEPS_A_DAY: f64 = (PICTURES_A_DAY * STEPS) as f64;

/// What all bits of a sea come to.
#[must_use]
pub fn digest(sea: &Sea) -> Digest {
    let mut digest = Digest::default();
    sea.cells().for_each(|number| digest.add(number.to_bits().to_le_bytes()));
    digest
}

/// The sea on the first day: two currents in balance, with small bumps that are a member's own.
#[must_use]
pub fn beginning(member: usize) -> Sea {
    let depths = balanced();
    Sea::new(&PLANE, |x, y| [depths[y] + bumps(member, x, y), speed(y), 0.0])
}

/// How fast the sea flows to the east in a row, in m/s.
fn speed(row: usize) -> f64 {
    const FASTEST: f64 = 26.0;
    const WIDE: f64 = 9.0;
    let current = |middle: f64| hump((row as f64 + 0.5 - middle) / WIDE);
    let height = PLANE.height as f64;
    FASTEST * (current(height * 0.25) - current(height * 0.75))
}

/// How deep each row has to be for the slope to hold what the turning plane does to the current.
fn balanced() -> Vec<f64> {
    let slope = |row: usize| -PLANE.turns / PLANE.gravity * PLANE.cell * speed(row);
    let mut depth = 0.0;
    let mut depths = Vec::new();
    for row in 0..PLANE.height {
        depths.push(depth);
        depth += 0.5 * (slope(row) + slope(row + 1 - row / (PLANE.height - 1)));
    }
    let mean = depths.iter().sum::<f64>() / depths.len() as f64;
    depths.iter().map(|depth| DEPTH + depth - mean).collect()
}

/// Bumps on both currents, in m, at places that are the member's own.
fn bumps(member: usize, x: usize, y: usize) -> f64 {
    const HIGH: f64 = 25.0;
    const WIDE: f64 = 13.0;
    let places = [(0.13, 0.27, 1.0), (0.62, 0.23, -1.0), (0.41, 0.77, 1.0), (0.87, 0.72, -1.0)];
    let bump = |(number, (along, up, sign)): (usize, (f64, f64, f64))| {
        let shift = ((member * (2 * number + 3)) % 8) as f64 / 8.0 * 0.23;
        let middle = ((along + shift) % 1.0) * PLANE.width as f64;
        let far = (x as f64 - middle).abs();
        let sideways = far.min(PLANE.width as f64 - far);
        let upwards = y as f64 - up * PLANE.height as f64;
        sign * HIGH * hump((sideways * sideways + upwards * upwards).sqrt() / WIDE)
    };
    places.into_iter().enumerate().map(bump).sum()
}

/// A smooth hump: 1 in its middle, and 0 from 1 on in both directions.
fn hump(far: f64) -> f64 {
    let inside = (1.0 - far * far).max(0.0);
    inside * inside * inside
}

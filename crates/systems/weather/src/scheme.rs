//! How the sea moves: the shallow-water equations, a step at a time.
//!
//! Depth is moved by what flows over the edges of a cell; speed by how the plane turns, by the flow's own
//! whirls, and by slopes. In space it is Sadourny's scheme (1975), which errs by the square of a cell's
//! width; in time three stages of Wicker and Skamarock (2002).
//!
//! **Why it is the same on any number of cores, bit by bit.** Each number of a stage is made of numbers of
//! the stage before, by the same operations in the same order, whoever does it. Nobody reads what
//! another writes in the same stage, and nothing is added up across rows.

use lab::task::{Computation, Task};
use rayon::prelude::*;

use crate::sea::{Plane, Sea, close, row_length};

/// How many stages a step has.
pub const STAGES: u32 = 3;

/// How many bytes a step moves for a cell, if no cache keeps them: in each stage it reads three numbers of the
/// sea at the step's beginning and three of the stage before, and writes three.
pub const BYTES_A_CELL: f64 = (STAGES as usize * 9 * size_of::<f64>()) as f64;

/// Who computes the rows of a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crew {
    /// The calling thread.
    Alone,
    /// So many cores, each as many rows. All wait for the last one before the next stage begins.
    Cores(usize),
}

impl Crew {
    /// Has rows done: `work` is given the number of the first of some, and those themselves.
    fn each(self, rows: &mut [f64], length: usize, work: impl Fn(usize, &mut [f64]) + Sync) {
        match self {
            Crew::Alone => work(0, rows),
            Crew::Cores(cores) => {
                let share = (rows.len() / length).div_ceil(cores);
                let shares = rows.par_chunks_mut(share * length).enumerate().with_max_len(1);
                shares.for_each(|(number, rows)| work(number * share, rows));
            }
        }
    }
}

/// A sea that moves.
#[derive(Clone, Debug)]
pub struct Moving {
    plane: Plane,
    /// How long a step is, in s.
    step: f64,
    /// How it is now.
    pub sea: Sea,
    /// Two seas for what lies between two steps.
    between: [Sea; 2],
}

impl Moving {
    /// Lets a sea move by steps of so many seconds.
    #[must_use]
    pub fn new(plane: Plane, sea: Sea, step: f64) -> Moving {
        let between = [sea.clone(), sea.clone()];
        Moving { plane, step, sea, between }
    }

    /// Goes on by one step, as a part of a task's compute.
    pub fn advance(&mut self, crew: Crew, task: Task, day: usize) {
        let Moving { plane, step, sea, between: [one, other] } = self;
        let stage = |share: f64, from: &Sea, to: &mut Sea| {
            let length = row_length(plane.width);
            crew.each(&mut to.numbers, length, |first, rows| {
                let part = task.begin_part(day, first + 1);
                Stage { plane, base: sea, from, time: *step * share }.rows(first, rows, &part);
            });
        };
        stage(1.0 / 3.0, sea, one);
        stage(1.0 / 2.0, one, other);
        stage(1.0, other, one);
        std::mem::swap(sea, one);
    }
}

/// A stage of a step: from the sea at its beginning, by so much time, at the speeds of another sea.
struct Stage<'a> {
    plane: &'a Plane,
    base: &'a Sea,
    from: &'a Sea,
    time: f64,
}

impl Stage<'_> {
    /// Computes some rows, of which the first has this number.
    fn rows(&self, first: usize, rows: &mut [f64], part: &Computation) {
        let width = self.plane.width;
        // Never below zero: the row before the first is the last.
        let south = first + self.plane.height - 1;
        let mut flows = [0, 1, 2].map(|_| Flow::new(width));
        flows[0].set(self, south);
        flows[1].set(self, first);
        for (number, row) in (first..).zip(rows.chunks_exact_mut(row_length(width))) {
            part.tick();
            flows[2].set(self, number + 1);
            self.row(number, row, &flows);
            close(row, width);
            flows.rotate_left(1);
        }
    }

    /// Computes a row from the flow in the row south of it, in itself, and in the row north of it.
    fn row(&self, number: usize, row: &mut [f64], [south, here, north]: &[Flow; 3]) {
        let Stage { plane, base, from, time } = self;
        let (width, a_cell) = (plane.width, 1.0 / plane.cell);
        let slows = plane.sticks * a_cell * a_cell;
        let base = base.row(number);
        let below = from.row(number + plane.height - 1);
        let (middle, above) = (from.row(number), from.row(number + 1));
        let (depth, speeds) = row.split_at_mut(width + 2);
        let (eastward, northward) = speeds.split_at_mut(width + 2);

        let ([flow, flow_east], [up, up_north]) = (
            [1, 2].map(|it| cut(&here.east, it, width)),
            [here, north].map(|it| cut(&it.north, 1, width)),
        );
        let before = cut(base.depth, 1, width);
        for (x, depth) in depth[1..=width].iter_mut().enumerate() {
            *depth = before[x] + time * a_cell * (flow[x] - flow_east[x] + up[x] - up_north[x]);
        }

        let [whirl, whirl_north] = [here, north].map(|it| cut(&it.whirls, 1, width));
        let [up_west, up_north_west] = [here, north].map(|it| cut(&it.north, 0, width));
        let [head_west, head] = [0, 1].map(|it| cut(&here.head, it, width));
        let (before, rest) =
            (cut(base.east, 1, width), Rest::of(below.east, middle.east, above.east, width));
        for (x, speed) in eastward[1..=width].iter_mut().enumerate() {
            let flows = up[x] + up_west[x] + up_north[x] + up_north_west[x];
            let turned = 0.125 * (whirl[x] + whirl_north[x]) * flows;
            let change = turned - a_cell * (head[x] - head_west[x]) + slows * rest.at(x);
            *speed = before[x] + time * change;
        }

        let whirl_east = cut(&here.whirls, 2, width);
        let [flow_south, flow_south_east] = [1, 2].map(|it| cut(&south.east, it, width));
        let head_south = cut(&south.head, 1, width);
        let (before, rest) =
            (cut(base.north, 1, width), Rest::of(below.north, middle.north, above.north, width));
        for (x, speed) in northward[1..=width].iter_mut().enumerate() {
            let flows = flow[x] + flow_east[x] + flow_south[x] + flow_south_east[x];
            let turned = -0.125 * (whirl[x] + whirl_east[x]) * flows;
            let change = turned - a_cell * (head[x] - head_south[x]) + slows * rest.at(x);
            *speed = before[x] + time * change;
        }
    }
}

/// So many numbers from this one on. Slices that are known to be equally long need no check at each
/// number, and the processor can take several at a time.
fn cut(numbers: &[f64], from: usize, many: usize) -> &[f64] {
    &numbers[from..][..many]
}

/// What the neighbours of a number differ by from it, all told: what stickiness evens out.
struct Rest<'a> {
    below: &'a [f64],
    west: &'a [f64],
    middle: &'a [f64],
    east: &'a [f64],
    above: &'a [f64],
}

impl<'a> Rest<'a> {
    fn of(below: &'a [f64], middle: &'a [f64], above: &'a [f64], width: usize) -> Rest<'a> {
        let [west, middle, east] = [0, 1, 2].map(|it| cut(middle, it, width));
        Rest { below: cut(below, 1, width), west, middle, east, above: cut(above, 1, width) }
    }

    fn at(&self, x: usize) -> f64 {
        self.below[x] + self.above[x] + self.west[x] + self.east[x] - 4.0 * self.middle[x]
    }
}

/// What flows in a row, and what drives it.
struct Flow {
    /// How much flows over the western edges, in m²/s.
    east: Vec<f64>,
    /// How much flows over the southern edges, in m²/s.
    north: Vec<f64>,
    /// How much the sea whirls at the south-western corners for its depth, the plane's turning included, in
    /// 1/(m·s): its potential vorticity.
    whirls: Vec<f64>,
    /// What drives it in the middle of cells, in m²/s²: Bernoulli's head.
    head: Vec<f64>,
}

impl Flow {
    fn new(width: usize) -> Flow {
        let numbers = || vec![0.0; width + 2];
        Flow { east: numbers(), north: numbers(), whirls: numbers(), head: numbers() }
    }

    /// Computes the flow in a row of the sea that a stage reads.
    fn set(&mut self, stage: &Stage, number: usize) {
        let Stage { plane, from, .. } = stage;
        let (many, a_cell) = (plane.width + 1, 1.0 / plane.cell);
        let (south, here) = (from.row(number + plane.height - 1), from.row(number));
        let north = from.row(number + 1);

        // At western edges and south-western corners, from the first cell on.
        let [depth_west, depth] = [0, 1].map(|it| cut(here.depth, it, many));
        let [deep_west, deep] = [0, 1].map(|it| cut(south.depth, it, many));
        let [up_west, up] = [0, 1].map(|it| cut(here.north, it, many));
        let [along_south, along] = [south, here].map(|it| cut(it.east, 1, many));
        let flows = self.east[1..][..many].iter_mut().zip(&mut self.whirls[1..][..many]);
        for (x, (flow, whirl)) in flows.enumerate() {
            *flow = along[x] * 0.5 * (depth[x] + depth_west[x]);
            let around = up[x] - up_west[x] - along[x] + along_south[x];
            let mean = 0.25 * (depth[x] + depth_west[x] + deep[x] + deep_west[x]);
            *whirl = (plane.turns + a_cell * around) / mean;
        }

        // At southern edges and in the middle, from the cell before the first on.
        let [depth, deep] = [here, south].map(|it| cut(it.depth, 0, many));
        let [along, along_east] = [0, 1].map(|it| cut(here.east, it, many));
        let [up, up_north] = [here, north].map(|it| cut(it.north, 0, many));
        let flows = self.north[..many].iter_mut().zip(&mut self.head[..many]);
        for (x, (flow, head)) in flows.enumerate() {
            *flow = up[x] * 0.5 * (depth[x] + deep[x]);
            let squares = along[x] * along[x] + along_east[x] * along_east[x];
            let squares = squares + up[x] * up[x] + up_north[x] * up_north[x];
            *head = plane.gravity * depth[x] + 0.25 * squares;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;
    use crate::sum::{Order, mass};

    /// A plane of this many cells each way, 4,000 km wide.
    fn plane(cells: usize) -> Plane {
        let cell = 4e6 / cells as f64;
        Plane { width: cells, height: cells, cell, turns: 1e-4, gravity: 9.81, sticks: 0.0 }
    }

    /// Currents that flow to the north-east and back again, side by side: where the surface's slope
    /// holds the turning plane's pull, they flow like this for ever (geostrophic balance, which is exact
    /// for straight currents).
    fn currents(plane: &Plane) -> Sea {
        const SPEED: f64 = 10.0;
        let wave = TAU / (plane.cell * plane.width as f64);
        let phase = |x: f64, y: f64| wave * plane.cell * (y - x);
        let slope = plane.turns * SPEED / (plane.gravity * wave);
        Sea::new(plane, |x, y| {
            let (x, y) = (x as f64, y as f64);
            let speed = |x, y| SPEED * phase(x, y).sin();
            [1000.0 + slope * phase(x, y).cos(), speed(x - 0.5, y), speed(x, y - 0.5)]
        })
    }

    fn moved(plane: Plane, sea: Sea, step: f64, steps: usize, crew: Crew) -> Sea {
        let task = Task::start("test");
        let mut moving = Moving::new(plane, sea, step);
        (0..steps).for_each(|_| moving.advance(crew, task, 1));
        task.end();
        moving.sea
    }

    /// By how much currents that should stay have changed after six hours: the largest change of depth,
    /// in m.
    fn error(cells: usize) -> f64 {
        let steps = cells * 9 / 4;
        let plane = plane(cells);
        let before = currents(&plane);
        let after = moved(plane, before.clone(), 21600.0 / steps as f64, steps, Crew::Alone);
        let changes = before.cells().zip(after.cells()).map(|(one, other)| (one - other).abs());
        changes.fold(0.0, f64::max)
    }

    #[test]
    fn currents_in_balance_stay_and_half_the_cell_has_a_quarter_of_the_error() {
        let errors = [32, 64, 128].map(error);
        assert!(errors[0] > 1e-4, "there is nothing to see: {errors:?}");
        for pair in errors.windows(2) {
            let order = (pair[0] / pair[1]).log2();
            assert!((1.85..2.15).contains(&order), "order {order}, of {errors:?}");
        }
    }

    #[test]
    fn nothing_of_the_sea_is_lost() {
        let plane = plane(48);
        let bumps = Sea::new(&plane, |x, y| [100.0 + ((x * 7 + y * 13) % 17) as f64, 0.0, 0.0]);
        let before = mass(&bumps, Order::ByRow);
        let after = mass(&moved(plane, bumps.clone(), 300.0, 500, Crew::Alone), Order::ByRow);
        assert!(((after - before) / before).abs() < 1e-12, "{before} {after}");
    }

    #[test]
    fn any_number_of_cores_comes_to_the_same_bits() {
        let plane = plane(50);
        let before = currents(&plane);
        let alone = moved(plane, before.clone(), 300.0, 40, Crew::Alone);
        for cores in [1, 2, 3, 8, 50] {
            let together = moved(plane, before.clone(), 300.0, 40, Crew::Cores(cores));
            let bits = |sea: &Sea| sea.numbers.iter().map(|it| it.to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(&alone), bits(&together), "{cores} cores");
        }
    }
}

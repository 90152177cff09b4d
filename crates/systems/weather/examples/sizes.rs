//! At which size do more cores stop helping, and why?
//!
//! A small sea is in the caches, but its stages are so short that the cores mostly wait for each other. A
//! large one has long stages, but has to come through the memory, which all cores share.
//!
//! `cargo run --release -p weather --example sizes`

use std::time::Instant;

use lab::task::Task;
use weather::memory;
use weather::scheme::{BYTES_A_CELL, Crew, Moving};
use weather::sea::{Plane, Sea};

/// How many cells are moved for a figure, at least.
const CELLS: usize = 8 << 20;

fn main() {
    let cores = stage::cores();
    let memory = [1, cores].map(|cores| memory::bytes_a_second(cores) / 1e9);
    println!("Memory: {:.1} GB/s for one core, {:.1} for {cores}.\n", memory[0], memory[1]);
    println!(
        "{:>11} {:>9} {:>16} {:>16} {:>6} {:>9}",
        "cells", "MB", "M cells/s, one", "all", "gain", "asked"
    );
    for size in [16, 32, 64, 128, 256, 512, 1024, 2048] {
        let [one, all] = [Crew::Alone, Crew::Cores(cores)].map(|crew| cells_a_second(size, crew));
        let asked = all * BYTES_A_CELL / 1e9 / memory[1];
        println!(
            "{:>11} {:>9.1} {:>16.1} {:>16.1} {:>6.2} {:>7.0} %",
            format!("{size} × {size}"),
            (size * size * 9 * size_of::<f64>()) as f64 / 1e6,
            one / 1e6,
            all / 1e6,
            all / one,
            asked * 100.0
        );
    }
}

/// How many cells of a square sea are moved by a step in a second, in the best of three tries.
fn cells_a_second(size: usize, crew: Crew) -> f64 {
    let plane =
        Plane { width: size, height: size, cell: 1e4, turns: 1e-4, gravity: 9.81, sticks: 0.0 };
    let task = Task::start("size");
    let sea = Sea::new(&plane, |x, y| [300.0 + ((x * 7 + y * 13) % 17) as f64, 0.0, 0.0]);
    let mut moving = Moving::new(plane, sea, 10.0);
    let steps = CELLS.div_ceil(size * size).min(20_000);
    let seconds = (0..3).map(|_| {
        let began = Instant::now();
        (0..steps).for_each(|_| moving.advance(crew, task, 1));
        began.elapsed().as_secs_f64()
    });
    let best = seconds.fold(f64::INFINITY, f64::min);
    task.end();
    (steps * size * size) as f64 / best
}

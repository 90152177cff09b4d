//! What it costs that all cores wait for the last one after each stage, measured in the same run as
//! everything that is compared with it.

use std::time::{Duration, Instant};

use lab::task::Task;

use crate::forecast::{PLANE, beginning};
use crate::scheme::{Crew, Moving, STAGES};

/// How much longer a stage takes on so many cores than its share of what it takes on one: it is handed out,
/// shares are not done at once, and whoever waits for the last one may have fallen asleep. The middle of five
/// tries.
#[must_use]
pub fn of_a_stage(cores: usize) -> Duration {
    const TRIES: usize = 5;
    let task = Task::start("waits");
    let mut moving = Moving::new(PLANE, beginning(0), 1.0);
    let mut waits = [(); TRIES].map(|()| {
        let alone = time_of(&mut moving, Crew::Alone, task);
        // On one of the threads that compute, as in `parallel_only`.
        let all = rayon::scope(|_| time_of(&mut moving, Crew::Cores(cores), task));
        all.saturating_sub(alone / cores as u32)
    });
    task.end();
    waits.sort_unstable();
    waits[TRIES / 2]
}

/// How long this crew takes for a stage: the mean of some.
fn time_of(moving: &mut Moving, crew: Crew, task: Task) -> Duration {
    const STEPS: u32 = 60;
    let began = Instant::now();
    (0..STEPS).for_each(|_| moving.advance(crew, task, 1));
    began.elapsed() / (STEPS * STAGES)
}

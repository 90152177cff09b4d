//! What the instruments cost where nobody asked for a trace.
//!
//! ```text
//! cargo bench -p bench --bench unrecorded
//! ```
//!
//! **Each time is for 100 operations**, so 1 µs stands for 10 ns.

use divan::{Bencher, black_box};
use lab::task::Task;

/// How many operations are timed as one.
const BATCH: usize = 100;

fn main() {
    divan::main();
}

/// Starts a task and ends it.
#[divan::bench(threads = [1, 0])]
fn task(bencher: Bencher) {
    bencher.bench(|| (0..BATCH).for_each(|_| Task::start(black_box("A")).end()));
}

/// Ends a task.
#[divan::bench(threads = [1, 0])]
fn event(bencher: Bencher) {
    let task = Task::start("A");
    bencher.bench(|| (0..BATCH).for_each(|_| black_box(task).end()));
}

/// Ticks.
#[divan::bench]
fn tick(bencher: Bencher) {
    let part = Task::start("A").begin_part(1, 1);
    bencher.bench_local(|| (0..BATCH).for_each(|_| black_box(&part).tick()));
}

//! Three cakes and one oven: a program of your own, recorded.

use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use lab::record::{self, Workload};
use lab::task::Task;

fn main() {
    record::open(); // the trace begins here, if somebody asked for one
    record::describe(Workload { tasks: Some(3), ..Workload::default() });
    let oven = Mutex::new(());
    thread::scope(|scope| {
        for number in 1..=3 {
            let oven = &oven;
            scope.spawn(move || bake(number, oven));
        }
    });
}

fn bake(number: u32, oven: &Mutex<()>) {
    let task = Task::start(format!("cake {number}")); // in progress from here on
    let strokes = stir(task);
    task.fact("strokes", strokes, "");

    let waiting = task.waits_for("oven"); // until `waiting` is dropped
    let oven = oven.lock().expect("no cook panics");
    drop(waiting);

    let waiting = task.waits_for("heat");
    thread::sleep(Duration::from_millis(5));
    drop(waiting);

    drop(oven);
    task.say(format_args!("cake {number} is done"));
    task.end();
}

/// Compute, as far as a cake needs any.
fn stir(task: Task) -> u32 {
    let part = task.begin_part(1, 1); // this thread computes until `part` is dropped
    let mut dough: u32 = 1;
    let mut strokes = 0;
    while dough != 0x1bad_cafe && strokes < 3_000_000 {
        dough = dough.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        strokes += 1;
        if strokes % 1000 == 0 {
            part.tick(); // every few microseconds: it is still computing
        }
    }
    strokes
}

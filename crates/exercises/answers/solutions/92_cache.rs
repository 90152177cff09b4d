//! 92, optional: a cache.
//!
//! Two clients ask a cache for what all tasks find; one begins with the first task, one with the last. The cache
//! has each find computed when it is asked for the first time, and keeps it. Here it is right, and while it
//! computes one find, nobody gets another.
//!
//! Predict: the first task takes long to be computed. How many of the five others are computed meanwhile?
//!
//! Then change `Cache`, so that nobody waits for a find that it did not ask for. Each is still computed once,
//! whoever asks for it while it is being computed.
//!
//! You are judged by this: a task takes until nothing else goes on any more; and no task computes by itself as long
//! as another one may come. There are six tasks, or forty.
//!
//! Judge it: cargo xtask exercise 92

use std::collections::HashMap;
use std::process::ExitCode;
// SOLUTION BEGIN
use std::sync::{Arc, Mutex, OnceLock};
// START: use std::sync::Mutex;
// SOLUTION END
use std::thread;

use classroom::{Task, Work};

fn main() -> ExitCode {
    classroom::tasks(6).stage("solve", solve).run()
}

/// What all tasks find, as both clients have it from the cache.
fn solve(work: &Work) -> Vec<u64> {
    let (tasks, cache) = (work.tasks(), Cache::default());
    let (up, mut down) = thread::scope(|scope| {
        let up = scope.spawn(|| tasks.iter().map(|task| cache.get(task)).collect::<Vec<u64>>());
        let down = tasks.iter().rev().map(|task| cache.get(task)).collect::<Vec<u64>>();
        (up.join().expect("a client"), down)
    });
    down.reverse();
    // Where they were told different things, there is nothing to say.
    up.iter().zip(&down).map(|(up, down)| if up == down { *up } else { 0 }).collect()
}

/// What was found, by the number of its task.
#[derive(Default)]
struct Cache {
    // SOLUTION BEGIN
    finds: Mutex<HashMap<usize, Arc<OnceLock<u64>>>>,
    // START: finds: Mutex<HashMap<usize, u64>>,
    // SOLUTION END
}

impl Cache {
    /// What this task finds.
    fn get(&self, task: &Task) -> u64 {
        let mut finds = self.finds.lock().expect("nobody panicked");
        // SOLUTION BEGIN
        let find = Arc::clone(finds.entry(task.number()).or_default());
        drop(finds);
        *find.get_or_init(|| task.compute())
        // START: *finds.entry(task.number()).or_insert_with(|| task.compute())
        // SOLUTION END
    }
}

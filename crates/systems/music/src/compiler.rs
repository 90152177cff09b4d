//! The compiler: for each file it waits for the disk, and then computes for some 150 to 200 ms.
//!
//! What it computes are primes, as everywhere here: work that can be checked, and that needs a core.

use std::time::{Duration, Instant};

use lab::task::{Computation, Task};
use tokio::task::yield_now;

use crate::time::until;

/// How many files are compiled while the tune is played.
pub const FILES: usize = 6;

/// How long the disk takes for a file.
pub const READING: Duration = Duration::from_millis(100);

/// Below which number the primes are counted: some 150 to 200 ms of compute.
const BELOW: u32 = 2_000_000;

/// After how much compute the compiler asks whether anybody else is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Yields {
    /// It never does: who wants the core has to take it.
    Never,
    /// It does after so long.
    Each(Duration),
}

/// A compiler, and what it has to do.
#[derive(Debug)]
pub struct Compiler {
    /// How many files there are.
    pub files: usize,
}

impl Compiler {
    /// Compiles all files.
    pub async fn compile(self, yields: Yields) {
        let task = Task::start("compiler");
        for file in 1..=self.files {
            until(Instant::now() + READING).await;
            if stage::stopped() {
                break;
            }
            let primes = translate(task, file, yields).await;
            task.say(format_args!("Compiler - file {file}: {primes} primes"));
        }
        task.end();
    }
}

/// Computes for one file.
async fn translate(task: Task, file: usize, yields: Yields) -> usize {
    const AT_A_TIME: u32 = 64;
    let mut stretch = Stretch::begin(task, file, 1);
    let mut primes = 0;
    for start in (0..BELOW).step_by(AT_A_TIME as usize) {
        primes += primes::count(start..BELOW.min(start + AT_A_TIME));
        stretch.part.tick();
        if stretch.is_long_enough(yields) {
            let next = stretch.number + 1;
            drop(stretch);
            yield_now().await; // whoever is due has the thread first
            stretch = Stretch::begin(task, file, next);
        }
    }
    primes
}

/// A stretch of compute that ends before anybody else has the thread.
struct Stretch {
    number: usize,
    began: Instant,
    part: Computation,
}

impl Stretch {
    fn begin(task: Task, file: usize, number: usize) -> Stretch {
        Stretch { number, began: Instant::now(), part: task.begin_part(file, number) }
    }

    fn is_long_enough(&self, yields: Yields) -> bool {
        match yields {
            Yields::Never => false,
            Yields::Each(time) => self.began.elapsed() >= time,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::on_this_thread;

    #[test]
    fn a_compiler_that_yields_computes_the_same() {
        let task = Task::start("compiler");
        for yields in [Yields::Never, Yields::Each(Duration::ZERO)] {
            let primes = on_this_thread(translate(task, 1, yields));
            // The primes below two million (https://oeis.org/A006880 has those below 10⁶ and 10⁷).
            assert_eq!(primes, 148_933, "{yields:?}");
        }
        task.end();
    }
}

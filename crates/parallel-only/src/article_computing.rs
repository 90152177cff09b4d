//! The article's second program with the sleep replaced by work: each number now needs a core.
//!
//! This is what the article meant. Four parts of one task compute at once, as far as there are
//! cores: two cores take twice as long as four, and one takes four times as long. The output
//! tells none of this: lay it beside that of [`article_sleeping`](crate::article_sleeping).
//!
//! Predict: a part computes some 60 ms. How long does the run take on your cores?
//!
//! Change: `.num_threads(4)` to `.num_threads(1)`
//!
//! Then: *neither*. The sleeping program on one *core* would take as long as ever; here one
//! thread has to do four threads' work.

use lab::prelude::*;
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;

/// Squares four numbers in a pool of four threads.
pub fn run() {
    let pool = ThreadPoolBuilder::new().num_threads(4).build().expect("a pool");
    let squares = Task::start("squares");
    let numbers = [1, 2, 3, 4].into_par_iter();
    let results: Vec<_> = pool.install(|| numbers.map(|number| work(squares, number)).collect());
    squares.say(format_args!("Results: {results:?}"));
    squares.end();
}

fn work(task: Task, number: u32) -> u32 {
    task.say(format_args!("Processing {number}"));
    let primes: usize = work::STEPS.map(|step| task.compute(step)).sum(); // real work
    assert_eq!(primes, work::PRIMES);
    number * number
}

/// The four numbers in any order, and the results after all of them: 24 legal orders, as if it slept.
#[must_use]
pub fn order() -> Order {
    let numbers = [1, 2, 3, 4].map(|n| line(format!("Processing {n}")).label(format!("P{n}")));
    seq([par(numbers), line("Results: [1, 4, 9, 16]").label("R")])
}

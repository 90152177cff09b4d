//! What a student's program is given: tasks that wait and compute, and somebody who sees it.
//!
//! An exercise hands a function to [`run`], and is handed [`Work`]: a few [tasks](Task), each of which
//! first waits for its page and then computes what is hidden in it.
//!
//! ```no_run
//! use std::process::ExitCode;
//! use classroom::Work;
//!
//! fn main() -> ExitCode {
//!     classroom::run(solve)
//! }
//!
//! /// The sum of what all tasks find.
//! fn solve(work: &Work) -> u64 {
//!     work.tasks().into_iter().map(|task| task.fetch().compute()).sum()
//! }
//! ```
//!
//! None of this happens in this program alone. Each fetch is asked of **the judge's own process**, over a
//! local socket, and the judge answers when it sees fit: once three fetches are in progress, say. So what
//! overlaps is seen from outside. And each page hides a number in a way that only work can find, and that
//! the judge knows beforehand: whoever has the right answer has done the work.
//!
//! Where nobody judges, as with a plain `cargo run`, a [stand-in](stand_in) inside the program answers
//! instead, and says so.
//!
//! Read in this order:
//!
//! 1. [`work`]: what an exercise is handed, [`counter`] and [`locked`]: what several threads share, and
//!    [`answer`]: what it hands back;
//! 2. [`puzzle`]: what there is to compute;
//! 3. [`class`]: an exercise from its beginning to its end;
//! 4. [`wire`]: what is said between an exercise and its judge;
//! 5. `link`: who waits for what is answered; [`stand_in`]: who answers where no judge listens.
//!
//! What a program says here can be forged by that program: it is the same process. What the judge hears and
//! when, and what the kernel records of it, cannot.

pub mod answer;
pub mod class;
pub mod counter;
mod link;
pub mod locked;
pub mod puzzle;
pub mod stand_in;
mod thread;
pub mod wire;
pub mod work;

pub use answer::Answer;
pub use class::{Class, run, tasks};
pub use counter::Counter;
pub use locked::Locked;
pub use work::{Page, Task, Work};

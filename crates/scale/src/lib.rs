//! A recorded run, laid on as many cores as one likes.
//!
//! A trace says which tasks there were, which parts each of them computed, and when it waited. Laid out
//! anew on one core, on two, on a thousand, it says what more cores *could* bring to this program, on
//! machines that nobody here has.
//!
//! ```
//! use scale::{Curve, Model, Stage, Task};
//!
//! // Two tasks at once: each waits for 20 ms, and then computes four parts of 10 ms.
//! let task = Task::new([Stage::Wait(20), Stage::Parts(vec![10; 4])]);
//! let curve = Curve::of(&Model::of_tasks([task.clone(), task]));
//! assert_eq!((curve.work, curve.span), (80, 30));
//! assert_eq!(curve.time_on(1), Some(100));
//! assert_eq!(curve.time_on(2), Some(60));
//! assert_eq!(curve.time_on(8), Some(30));
//! // More cores than parts bring nothing.
//! assert_eq!(curve.time_on(1024), Some(30));
//! ```
//!
//! Read in this order:
//!
//! 1. [`Model`]: tasks, stages and parts, and what a trace tells of them;
//! 2. [`Schedule`]: the model on so many cores, by list scheduling;
//! 3. [`Curve`]: on one core and on many, beside what no schedule can better and none is worse than, and
//!    beside what Amdahl and Gustafson say.

mod curve;
mod model;
mod schedule;

pub use curve::{CORES, Curve};
pub use lanes::Time;
pub use model::{Model, Stage, Task};
pub use schedule::Schedule;

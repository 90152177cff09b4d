//! The instruments of the workspace.
//!
//! Read in this order:
//!
//! 1. [`quadrant`]: the four quadrants, and the time that no schedule can beat in each;
//! 2. [`work`]: the one workload that every lesson does;
//! 3. [`task`]: what a lesson holds in its hands while it works;
//! 4. [`order`]: contracts on the order of output lines;
//! 5. [`record`]: what they leave in the trace of the run, where somebody asked for one;
//! 6. [`lesson`]: the table of a quadrant's lessons, and the command line that runs them;
//! 7. [`own`]: how to record a program of your own.
//!
//! No runtime is known here: what a lesson waits on, and which threads it
//! computes on, is the lesson's own business.

pub use order;
pub use words::quadrant;

pub mod lesson;
mod name;
pub mod own;
pub mod record;
pub mod task;
pub mod work;

/// What a lesson needs, in one line: `use lab::prelude::*;`.
pub mod prelude {
    pub use crate::order::{Order, line, par, seq};
    pub use crate::task::Task;
    pub use crate::work;
}

/// The examples of the document on orders.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/orders.md")]
struct Document;

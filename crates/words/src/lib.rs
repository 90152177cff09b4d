//! The words that everybody here uses, one module each.
//!
//! 1. [`axis`]: the two questions, and [`answer`]: what the evidence says of them;
//! 2. [`quadrant`]: both answers together, and the time that no schedule can beat;
//! 3. [`outcome`]: what became of a check, and [`usage`]: a command line that makes no sense;
//! 4. [`names`]: what somebody may have meant who typed a name that is not there;
//! 5. [`time`] and [`mod@count`]: how times and numbers are told.

pub mod answer;
pub mod axis;
pub mod count;
pub mod names;
pub mod outcome;
pub mod quadrant;
pub mod time;
pub mod usage;

pub use answer::Answer;
pub use axis::Axis;
pub use count::count;
pub use outcome::Outcome;
pub use quadrant::Quadrant;
pub use time::{Time, duration, milliseconds};
pub use usage::WrongUsage;

//! Contracts on the order of output lines.

mod check;
mod count;
mod error;
mod poset;
mod read;
mod state;
mod write;

pub use check::{Checker, Report, Seen, Violation};
pub use count::Count;
pub use error::{Error, ErrorKind};
pub use poset::Poset;
pub use state::{Line, Name, Order, Text, line, par, pattern, seq};
pub use write::Short;

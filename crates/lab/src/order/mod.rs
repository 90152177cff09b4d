//! Contracts on the order of output lines.

mod bits;
mod check;
mod count;
mod enumerate;
mod error;
mod lattice;
mod parts;
mod poset;
mod rank;
mod read;
mod ready;
mod relation;
mod sample;
mod state;
mod write;

pub use check::{Checker, Report, Seen, Violation};
pub use count::Count;
pub use enumerate::LegalOrders;
pub use error::{Error, ErrorKind};
pub use poset::Poset;
pub use rank::Uncountable;
pub use state::{Line, Name, Order, Text, line, par, pattern, seq};
pub use write::Short;

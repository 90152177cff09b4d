//! Contracts on the order of output lines.

mod bits;
mod check;
mod count;
mod edges;
mod enumerate;
mod error;
mod graph;
mod index;
mod lattice;
mod parts;
mod poset;
mod rank;
mod read;
mod ready;
mod relation;
mod report;
mod sample;
mod state;
mod suggest;
mod write;

pub use check::Checker;
pub use count::Count;
pub use enumerate::LegalOrders;
pub use error::{Error, ErrorKind};
pub use poset::Poset;
pub use rank::Uncountable;
pub use report::{Report, Seen, Violation};
pub use state::{Line, Name, Order, Text, line, par, pattern, seq};
pub use write::Short;

//! Contracts on the order of output lines: stated, checked, counted, ranked and sampled.
//!
//! Which lines must a program print, and which of them must come before
//! which? What a concurrent program guarantees is a *partial order*: some
//! pairs of lines have an order, others come as they will. Each complete
//! sequence that keeps to it is a *legal order* (a linear extension).
//!
//! ```
//! use order::{line, par, seq};
//!
//! // Two tasks of two steps each. Each task's own steps are in order.
//! let steps = |task: char| seq([1, 2].map(|n| line(format!("Task {task} - Step {n}"))));
//! let order = par(['A', 'B'].map(steps));
//!
//! // Any output that keeps to it is right, this one and five others.
//! let output = "Task B - Step 1\nTask A - Step 1\nTask A - Step 2\nTask B - Step 2\n";
//! assert!(order.check(output.lines())?.is_legal());
//! assert_eq!(order.count()?.to_string(), "6");
//!
//! // In a test, one line is enough; it panics with everything that is wrong.
//! order.assert_legal(output.lines());
//! # Ok::<(), order::Error>(())
//! ```
//!
//! # What can be said
//!
//! - [`line`](fn@line) is a line of output, given exactly; [`pattern`] one with a part that varies.
//! - [`seq`] puts orders one after the other, [`par`] beside one another.
//! - [`Order::before`] adds what those two cannot say: that a consumer waits
//!   for a producer, or a producer for a free place in a bounded buffer.
//! - [`Order::occurrence`] tells lines with the same text apart. The n-th
//!   line of the output with a text *is* the n-th occurrence of it: nothing
//!   else in an output tells one `tick` from the next.
//! - [`Order::label`] gives a line a short name, for people and for `before`.
//!
//! And what can be asked: [`Order::check`] and [`Order::assert_legal`] of an
//! output, [`Order::count`] of the contract. [`Order::compile`] makes a
//! [`Poset`] for whoever asks more than one question: it also has the legal
//! orders by number ([`Poset::rank`], [`Poset::unrank`]), by chance
//! ([`Poset::sample`]) and one by one ([`Poset::legal_orders`]).
//!
//! # Notation
//!
//! An order is written, with `Display`, and read, with [`FromStr`](std::str::FromStr), as algebra:
//!
//! | notation | meaning |
//! |---|---|
//! | `"Task A - Step 1"` | the line with exactly this text |
//! | `A1` | the same of a text that is one word: letters, digits, `_`, `-` and `.` |
//! | `/took [0-9]+ ms/` | a line that this regular expression matches as a whole |
//! | `"tick"#2` | the second line with this text |
//! | `A1: "Task A - Step 1"` | the line, with the label `A1` |
//! | `a ; b` | all of `a` before all of `b` |
//! | `a \|\| b`, `a ∥ b` | `a` and `b` in any interleaving |
//! | `( … )` | a group; `()` is the contract of a program that prints nothing |
//! | `… where a < b, c < d < e` | besides, the line `a` before the line `b`, and so on |
//!
//! `;` binds tighter than `||`: `a ; b || c` is `(a ; b) || c`. White space
//! between the signs means nothing. In full:
//!
//! ```text
//! order    = parallel [ "where" edges ]
//! parallel = series { ( "||" | "∥" ) series }
//! series   = item { ";" item }
//! item     = "(" [ order ] ")" | [ label ":" ] line
//! line     = ( text | pattern ) [ "#" number ]
//! label    = text
//! text     = word | '"' { character | escape } '"'
//! escape   = "\" ( '"' | "\" | "n" | "r" | "t" | "u{" hexadecimal digits "}" )
//! pattern  = "/" { character | "\" character } "/"
//! edges    = chain { "," chain }
//! chain    = line "<" line { "<" line }
//! ```
//!
//! In an edge, a text is a label or, where no line has that label, a line's
//! text; no line may have another line's text for its label. Inside a
//! pattern, `\/` is a slash; everything else is the regular expression's own
//! ([`regex_lite`]). The word `where` needs quotes where it is a line.
//!
//! `{}` writes `||`, and `{:#}` `∥`; both read back to the same order.
//! [`Order::short`] shows labels in place of lines, for people:
//! `(A1 ; A2) ∥ (B1 ; B2)`.
//!
//! # Errors
//!
//! A contract that makes no sense has an [`Error`] that points at the place:
//! in the text that was read or, of an order that was built, in its notation.
//!
//! ```
//! # use order::Order;
//! let error = "(a ; b) || (c ; d".parse::<Order>().unwrap_err();
//! assert_eq!(
//!     error.to_string(),
//!     "in the contract, column 12: this `(` is never closed; add a `)`
//!     (a ; b) || (c ; d
//!                ^"
//! );
//! ```
//!
//! # How long it takes
//!
//! Reading, writing, making ready and checking take time in proportion to the
//! lines and the edges, and nothing here is recursive: a million lines and a
//! hundred thousand levels are fine. (Only patterns are compared one by one,
//! with each other and with every line that is none of the exact ones.) A million of one kind before a million
//! of another has two million edges and not a million million, by way of a
//! *join* between them.
//!
//! Counting is a product of multinomial coefficients where a contract is made
//! of series and parallels alone. Lines that edges tie together across those
//! are counted over their *downsets*, the sets of lines that may have been
//! printed at some moment: exactly up to a million of them (fewer from a
//! thousand lines on, so that downsets times lines stay below a thousand
//! million; 4,096 lines are the most in one such tangle), and with an honest
//! [lower bound](Count::AtLeast) beyond.
//!
//! # Reading order
//!
//! `state`, `write` and `read` are contracts and their notation; `poset`,
//! `edges`, `graph`, `index` and `culprit` make one ready; `check`, `suggest` and
//! `report` are about outputs; `parts`, `relation`, `bits` and `lattice` take
//! a contract apart, and `count`, `ready`, `rank`, `sample` and `enumerate`
//! use that. `links` is for who draws a contract.

mod state;

mod error;
mod read;
mod write;

mod culprit;
mod edges;
mod graph;
mod index;
mod links;
mod poset;

mod check;
mod report;
mod suggest;

mod bits;
mod lattice;
mod parts;
mod relation;

mod count;
mod enumerate;
mod rank;
mod ready;
mod sample;

pub use check::Checker;
pub use count::Count;
pub use enumerate::LegalOrders;
pub use error::{Error, ErrorKind};
pub use poset::Poset;
pub use rank::Uncountable;
pub use report::{Report, Seen, Violation};
pub use state::{Line, Name, Order, Text, line, par, pattern, seq};
pub use write::Short;

/// What [`Poset::sample`] draws from.
pub use fastrand::Rng;
/// The type of counts and ranks, which know no limit.
pub use num_bigint::BigUint;

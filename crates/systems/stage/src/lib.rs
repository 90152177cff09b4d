//! What every system stands on.
//!
//! A system is a small real program that has to do many things at once, and can do them in several
//! *ways*: one after the other, on one core, on all. Its page chooses among the ways in one `match`,
//! so that whoever lays two of them side by side sees what differs, and nothing else.
//!
//! 1. [`command`]: the command line that all systems share: `--as WAY`, `--out FILE`;
//! 2. [`verb`]: what a system does besides;
//! 3. [`trouble`]: why something was not done, and what undoes something if it panics;
//! 4. [`core`]: how a way keeps to one core;
//! 5. [`files`]: whether there can be one, and how many connections a machine allows;
//! 6. [`stop`]: Ctrl-C, which ends a system and loses nothing;
//! 7. [`mod@print`]: what was asked for, on the standard output;
//! 8. [`mod@figure`]: what its user feels, as numbers;
//! 9. [`digest`]: whether two answers are the same;
//! 10. [`loudspeaker`]: what can be heard while a system makes it;
//! 11. [`trial`]: how a test calls a system;
//! 12. `runtime`: what waits for connections, with the feature `tokio`;
//! 13. `times`: many times as a few numbers, with the feature `times`.

pub mod command;
pub mod core;
pub mod digest;
pub mod figure;
pub mod files;
pub mod loudspeaker;
pub mod print;
#[cfg(feature = "tokio")]
pub mod runtime;
pub mod stop;
#[cfg(feature = "times")]
pub mod times;
pub mod trial;
pub mod trouble;
pub mod verb;

pub use command::{Extra, Options, System, Way, main, main_with};
pub use core::{cores, one_core};
pub use digest::Digest;
pub use figure::figure;
pub use loudspeaker::Loudspeaker;
pub use print::print;
pub use stop::stopped;
#[cfg(feature = "times")]
pub use times::Times;
pub use trouble::{Trouble, undo_on_panic};
pub use verb::Verb;
pub use words::Outcome;

//! What films are written with.
//!
//! Whoever renders frames on several cores has them done in any order, and a film has one. What needs no
//! order, to compress them, say, is done before it is their turn ([`Darkroom`]).
//!
//! 1. [`reorder`]: a bounded buffer that takes frames as they are done, and gives them in order;
//! 2. [`reel`](mod@reel): the film as a file, frame by frame: APNG, or Y4M for programs that make other films of it.

pub mod reel;
pub mod reorder;

pub use reel::{Darkroom, Frame, Reel, Shape};
pub use reorder::Reorder;

//! Traces that no program has written: made event by event, by a writer that shares nothing with the
//! recorder but the description of the file.
//!
//! 1. `made`: the writer;
//! 2. `random`: whatever events there are, they are read back, from one file and from several;
//! 3. `bad`: whatever is in their place, it is told, and the rest is read;
//! 4. `large`: what is too large is read up to some moment.

mod bad;
mod large;
mod made;
mod random;

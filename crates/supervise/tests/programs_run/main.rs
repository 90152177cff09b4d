//! Programs under supervision: what they do, and what is said of it.
//!
//! All tests are one program, since they share what [`common`] has.

mod common;
#[cfg(target_os = "linux")]
mod families;
mod habits;

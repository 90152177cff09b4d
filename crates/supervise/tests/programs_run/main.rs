//! Programs under supervision: what they do, and what is said of it.
//!
//! All tests are one program, since they share what [`common`] has.

mod common;
#[cfg(target_os = "linux")]
mod families;
#[cfg(target_os = "linux")]
mod guard;
mod habits;
#[cfg(target_os = "linux")]
mod limits;
#[cfg(target_os = "linux")]
mod prepared;
#[cfg(target_os = "linux")]
mod signals;

//! Whole commands, on a small course, as they are typed.

mod course;
mod exercise;
#[cfg(unix)]
mod grade;
#[cfg(unix)]
mod terminal;
#[cfg(unix)]
mod watch;

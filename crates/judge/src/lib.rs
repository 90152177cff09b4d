//! Judges exercises: by what is asked of it, and by what the kernel saw.
//!
//! A student's program asks the judge for everything that counts: a page to wait for, leave to compute, the
//! value of a shared counter. So the judge is the scheduler. It does not hope to see something, or time it;
//! it lets nobody go on until what is asked for has come about, or nothing more can.
//!
//! ```text
//! program   fetch A ──▶ judge   … one in progress, three wanted: wait
//!           fetch B ──▶         … two
//!           fetch C ──▶         … three: here are your pages
//! ```
//!
//! A program that fetches one after the other stands still at the first. The kernel says so: all its threads
//! wait, none has an alarm clock set, none has had a core since the last look. That is so on an idle
//! machine and on a busy one.
//!
//! Read in this order:
//!
//! 1. [`manifest`]: which exercises there are, and what is asked; [`cut`]: a start is cut from its solution;
//! 2. [`seed`] and [`paper`]: what is set, and what is secret;
//! 3. [`server`] and [`session`]: the judge at its desk; [`hall`] and [`log`]: what it has before it;
//! 4. [`schedule`]: when each request is replied to; [`onlooker`]: whether everybody waits;
//! 5. [`witness`]: who saw which threads were executing; [`places`]: on which cores they might;
//! 6. [`examine`]: what is to be said of a run; [`finding`]: in sentences for a student;
//! 7. [`run`]: all of it, for one program; [`lanes`]: as a picture; [`measure`]: the keys of predictions;
//! 8. [`check`]: whether the exercises themselves are in order.

pub mod check;
mod clock;
pub mod cut;
pub mod examine;
pub mod finding;
pub mod hall;
pub mod lanes;
pub mod log;
pub mod manifest;
pub mod measure;
pub mod onlooker;
pub mod paper;
pub mod places;
pub mod run;
pub mod schedule;
pub mod seed;
pub mod server;
pub mod session;
pub mod witness;

pub use classroom::wire::VARIABLE as ADDRESS;
pub use finding::Finding;
pub use manifest::{Exercise, Manifest};
pub use run::{Program, Run, judge};
pub use seed::Seed;
pub use witness::Witness;

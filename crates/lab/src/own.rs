//! Record your own program.
//!
//! What the lessons record, any program can: which tasks were in progress when, who computed for them,
//! and what they waited for. Say that the program needs this crate, by wherever it lies,
//!
//! ```toml
//! [dependencies]
//! lab = { path = "../concurrency-and-parallelism/crates/lab" }
//! ```
//!
//! and say in the program what is a [`Task`], what is compute and what is a wait:
//!
//! ```
#![doc = include_str!("../examples/own_program.rs")]
//! ```
//!
//! Without more it runs as it always did. Where the environment names a file, its trace goes there:
//!
//! ```text
//! LAB_TRACE=/tmp/cakes.trace cargo run
//! cargo xtask timeline /tmp/cakes.trace
//! ```
//!
//! A trace that is there already stays as it is: remove it before the next run, or name another.
//!
//! # What to say
//!
//! - **Tasks** are what has to get done, whoever does it: a request, a file, a cake. [`Task::start`]
//!   takes any name, and the handle that it returns is copied to whoever works for the task, to other threads as
//!   well. It is in progress until [`Task::end`]. Name kinds of work and not each piece where there are
//!   thousands of them: what has one name gets one colour.
//! - **Compute** is what needs a core. [`Task::begin_part`] says that the calling thread begins some,
//!   and [`Computation::tick`] that it is still at it. Ticks cost some 25 ns each, and come every few
//!   microseconds; without them nobody can tell a thread that computes from one that lost its core. Only
//!   recorded compute is proof of parallelism from inside the program.
//! - **Waits** are when a task has nothing to do: for a timer, a lock, a message, an answer.
//!   [`Task::waits_for`] says what for, until its value is dropped, and may be held across an `.await`. A task
//!   that records waits is taken to wait at no other time.
//! - **Lines** are printed by [`Task::say`] and [`Task::step`], so that the trace knows them in the order in
//!   which they came.
//! - **Figures** are whatever somebody should see beside the picture: [`Task::fact`] and
//!   [`record::fact`](crate::record::fact). What is known of the workload as a whole,
//!   [`record::describe`](crate::record::describe) tells.
//!
//! # Several processes
//!
//! Where the environment names a folder that is there, each process of the run puts a file of its own
//! into it, and the folder is read as one trace:
//!
//! ```text
//! mkdir /tmp/cakes
//! LAB_TRACE=/tmp/cakes cargo run
//! cargo xtask timeline /tmp/cakes
//! ```
//!
//! A process that is forked without becoming another program finds that out by itself: its handles of its
//! parent's tasks stay good, and what it does for them is recorded in its own file. Where it cannot have
//! one, it says so on the standard error, and the trace knows that it is missing. Who forks while other
//! threads are under way begins with [`record::open`](crate::record::open), lest one of them is just at it
//! when the copy is made. On systems without
//! one monotonic clock for all processes (Windows), each file has to be looked at alone.
//!
//! # What it costs
//!
//! Nothing but a few nanoseconds an event where nobody asked for a trace, and some 40 ns where somebody did;
//! 1.2 µs for a part. A file is 64 MiB long, which is room for some two million events, and takes up what is
//! written. What comes later is counted.
//!
//! [`Computation::tick`]: crate::task::Computation::tick
//! [`Task`]: crate::task::Task
//! [`Task::start`]: crate::task::Task::start
//! [`Task::end`]: crate::task::Task::end
//! [`Task::begin_part`]: crate::task::Task::begin_part
//! [`Task::waits_for`]: crate::task::Task::waits_for
//! [`Task::say`]: crate::task::Task::say
//! [`Task::step`]: crate::task::Task::step
//! [`Task::fact`]: crate::task::Task::fact

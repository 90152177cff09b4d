//! **A chat.** Everybody in a room hears the same, in the same order, soon; and one who sleeps must not
//! keep the others.
//!
//! Three people talk in a room, and two hundred listen. One of those who talk loses the connection in the
//! middle, and comes again. One who listens has fallen asleep: what is sent to that one stays where it is.
//! Whatever the way, nobody loses a message or hears it twice, and all hear one order.
//!
//! 1. [`protocol`]: what is said on a connection, so that each side knows what the other one has;
//! 2. [`room`]: who gives messages their order, and hands them on; [`rooms`]: which rooms there are;
//! 3. [`server`]: one connection for each client, with
//!    [tokio-tungstenite](https://docs.rs/tokio-tungstenite), over web sockets, on which both sides may
//!    speak at any time; `door`: how a browser gets its page, and the page its socket;
//! 4. [`client`]: how a client comes again and goes on where it was; [`people`]: who talks, listens and
//!    sleeps;
//! 5. [`heard`]: what they heard, and what was promised; [`evening`]: a server, its people, and the end of
//!    both.
//!
//! The ways differ in how many threads there are, and in what the room does about somebody who sleeps:
//!
//! 1. [`concurrent_only`]: one thread on one core. Each client has a queue, which is bounded; when it is
//!    full, the client is told that it is too slow, and has to come again;
//! 2. [`both`]: the same on a thread a core;
//! 3. [`in_turn`]: one thread on one core, and the room *waits* for a place in each client's queue, one
//!    after the other.
//!
//! (There is no *neither* and no *parallel only*: while clients are attended to one at a time, nobody hears
//! anybody else.)
//!
//! Predict: somebody sleeps. How long does a message take to the others, in each of the three?
//!
//! Change: in [`in_turn`], `Delivery::InTurn` to `Delivery::OrDrop`.
//!
//! Then: *concurrent only*, and nobody waits for the one who sleeps.
//!
//! Answer: some milliseconds, on one core and on many. In turn the same, until the queue of the one who
//! sleeps is full; then, once, at least the half second after which the room gives up and drops that one.
//! Many connections at once are not enough: who waits for one of them must not be the one that all others
//! wait for.
//!
//! # One order
//!
//! Who says that all hear one order, each message once? The room says of each message which place it has, and
//! which one it is, before anybody hears it: `Room takes message 8`, `Room takes Bob 3`. Each of those who
//! talk says the same on hearing it: `Cid hears message 8`, `Cid hears Bob 3`. When Ann has heard all of them
//! she says that it is over: what comes twice has come by then. So the lines can be held against a contract.
//!
//! Predict: Bob comes again, and is told once more what he has heard last. Which lines are wrong?
//!
//! Change: in `join`, in [`room`], `{ known.heard }` to `{ known.heard.saturating_sub(1) }`.
//!
//! Then: `cargo xtask system chat` names two lines that came already, of one message to Bob. (What one of
//! them does not hear never came; and of two that one of them hears the other way round the second came too
//! early.)
//!
//! # With people
//!
//! `cargo run -p chat -- serve` tells an address: open it in a browser, twice, and talk with yourself; or
//! [`join`] from a terminal, or from a pipe. Stop the server while you talk, and start it again.
//!
//! # Two thousand
//!
//! `cargo run -p chat -- crowd` has two thousand clients come in ([`mod@crowd`]). The server waits for all of
//! them at once. Predict: how many threads does it take for that, and how much memory is a client?
//!
//! Answer: one thread; a second one can only bring messages sooner. A client is a task that sleeps: what it
//! has to remember, and its buffers. So its memory is as much as one lets its buffers have: `READ`, in
//! `door.rs`, is 4 KiB, `4 << 10`. Make it `128 << 10`, as the library has it unless it is told otherwise,
//! and ask again.

use stage::{Options, System, Times, Verb, Way};

pub mod both;
pub mod client;
pub mod concurrent_only;
pub mod crowd;
mod door;
pub mod evening;
pub mod heard;
pub mod in_turn;
pub mod join;
pub mod memory;
pub mod people;
pub mod protocol;
pub mod room;
pub mod rooms;
pub mod serve;
pub mod server;

use evening::Evening;
use heard::Heard;
use server::House;

/// The system, for its command line.
pub const SYSTEM: System<How> = System {
    name: "chat",
    summary: "A chat: everybody hears the same, in the same order, whoever sleeps or comes again.",
    ways: &[
        Way::new(How::ConcurrentOnly, "concurrent-only", "one thread, and a queue for each client"),
        Way::new(How::Both, "both", "a thread a core, and a queue for each client"),
        Way::new(How::InTurn, "in-turn", "one thread, and the room waits for each client in turn"),
    ],
    leaves: "what was heard",
    listens: true,
    extras: &[],
    run,
};

/// What it does besides.
pub const VERBS: &[Verb] = &[serve::VERB, join::VERB, crowd::VERB];

/// How messages get around.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// On one thread; who is too slow is dropped.
    ConcurrentOnly,
    /// On a thread a core; who is too slow is dropped.
    Both,
    /// On one thread; who is too slow is waited for.
    InTurn,
}

impl How {
    /// Who serves in this way.
    ///
    /// # Errors
    ///
    /// Whatever keeps the server from serving, in a sentence.
    pub fn house(self) -> Result<House, String> {
        match self {
            How::ConcurrentOnly => concurrent_only::house(),
            How::Both => both::house(),
            How::InTurn => in_turn::house(),
        }
    }
}

fn run(how: How, options: &Options) -> Result<(), String> {
    let heard = Evening::at(options.port).serve(how.house()?)?;
    tell(&heard);
    let Some(file) = &options.out else { return Ok(()) };
    std::fs::write(file, heard.transcript())
        .map_err(|error| format!("{} cannot be written: {error}", file.display()))
}

/// Tells what those felt who were there.
fn tell(heard: &Heard) {
    stage::figure("lost", heard.lost() as f64, "");
    stage::figure("twice", heard.twice() as f64, "");
    stage::figure("orders", heard.orders() as f64, "");
    stage::figure("dropped", heard.dropped as f64, "");
    let delays: Times = heard.delays().collect();
    stage::figure("median message", delays.quantile(0.5), "ms");
    stage::figure("worst message", delays.worst(), "ms");
    stage::figure("deliveries", delays.count() as f64, "");
}

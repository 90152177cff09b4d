//! **A web browser.** It loads a page with twenty pictures from a server that takes its time, and somebody
//! clicks meanwhile. When is that answered?
//!
//! A [page](html) that is not well-formed (much in it is never closed) comes first, then its
//! [style](css), by which it is [laid out](layout) and [drawn](draw) in tiles: rectangles, each of which can
//! be drawn by itself. Each picture is [fetched](fetch), which is waiting, then [decoded](picture) and drawn,
//! which is compute. One of them is no picture, and one breaks off in the middle: the rest of the page does
//! not mind. A click every 40 ms is answered by a number in the bar above the page.
//!
//! 1. [`site`] and [`server`]: what there is, and how long it takes;
//! 2. [`browser`]: the page from the first request to the last picture, and the clicks; [`visit`]: both
//!    together;
//! 3. [`compute`]: which thread decodes and draws; [`film`]: how the page came to look.
//!
//! The ways differ in how much is waited for at once, and in who computes:
//!
//! 1. [`neither`]: one thing after the other;
//! 2. [`concurrent_only`]: all pictures are waited for at once, on one thread, which also decodes and draws;
//! 3. [`both`]: one thread waits and answers, all cores decode and draw.
//!
//! Predict: the second is done in a fraction of the time of the first. How long does the unluckiest click
//! wait in each of the three?
//!
//! Change: in [`both`], `Compute::Elsewhere` to `Compute::Here`.
//!
//! Then: *concurrent only*, and clicks wait again for whatever is being decoded.
//!
//! Answer: in the first for the whole page; in the second for all pictures that have come at about the same
//! time, one decoded after the other; in the third for hardly anything. One thread can wait for everything at
//! once. But what computes for long has to go to another one.

use std::time::Duration;

use stage::{Options, System, Way};

pub mod both;
pub mod browser;
pub mod compute;
pub mod concurrent_only;
pub mod css;
pub mod draw;
pub mod fetch;
pub mod film;
pub mod html;
pub mod layout;
pub mod neither;
pub mod picture;
pub mod server;
pub mod site;
pub mod text;
pub mod visit;

use browser::Seen;
use site::Site;
use visit::Visit;

/// The system, for its command line.
pub const SYSTEM: System<How> = System {
    name: "web-browser",
    summary: "A web browser: what does it answer while it loads a page?",
    ways: &[
        Way::new(How::Neither, "neither", "one thing after the other, on one core"),
        Way::new(How::ConcurrentOnly, "concurrent-only", "one thread waits for all, and computes"),
        Way::new(How::Both, "both", "one thread waits for all, all cores compute"),
    ],
    leaves: "the film strip",
    listens: true,
    extras: &[],
    run,
};

/// How the page is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// One thing after the other.
    Neither,
    /// All at once, on one thread.
    ConcurrentOnly,
    /// All at once; all cores compute.
    Both,
}

fn run(how: How, options: &Options) -> Result<(), String> {
    let keeps_film = options.out.is_some();
    let visit = Visit { site: Site::default(), port: options.port, keeps_film };
    let visited = match how {
        How::Neither => neither::run(visit),
        How::ConcurrentOnly => concurrent_only::run(visit),
        How::Both => both::run(visit),
    }?;
    tell(&visited.seen);
    options.out.as_deref().map_or(Ok(()), |file| visited.film.write(file))
}

/// Tells what the user felt.
fn tell(seen: &Seen) {
    let milliseconds = |time: Duration| time.as_secs_f64() * 1e3;
    stage::figure("first picture", milliseconds(seen.first_picture), "ms");
    stage::figure("all shown", milliseconds(seen.loaded), "ms");
    let worst = seen.clicks.iter().copied().max().unwrap_or_default();
    stage::figure("worst click", milliseconds(worst), "ms");
}

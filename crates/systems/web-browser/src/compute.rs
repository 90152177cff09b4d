//! Which thread computes: it decodes pictures, and draws.

use std::sync::LazyLock;

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};
use tokio::sync::oneshot;

/// Which thread computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compute {
    /// The one that waits for the server and answers clicks: it does neither meanwhile.
    Here,
    /// Others, on all cores: the one that waits goes on waiting.
    Elsewhere,
}

/// Those who draw. They are others than those who decode, for a tile that takes a millisecond should not stand
/// in line behind all pictures that are here.
static DRAWING: LazyLock<ThreadPool> =
    LazyLock::new(|| ThreadPoolBuilder::new().build().expect("some more threads"));

impl Compute {
    /// Does some work.
    ///
    /// # Panics
    ///
    /// If the work does.
    pub async fn run<T: Send + 'static>(self, work: impl FnOnce() -> T + Send + 'static) -> T {
        match self {
            Compute::Here => work(),
            Compute::Elsewhere => elsewhere(rayon::spawn, work).await,
        }
    }

    /// Draws each of several things.
    ///
    /// # Panics
    ///
    /// If drawing does.
    pub async fn draw<T: Send + 'static>(
        self,
        numbers: Vec<usize>,
        draw: impl Fn(usize) -> T + Send + Sync + 'static,
    ) -> Vec<T> {
        match self {
            Compute::Here => numbers.into_iter().map(draw).collect(),
            Compute::Elsewhere => {
                let work = move || numbers.into_par_iter().map(draw).collect();
                elsewhere(|work| DRAWING.spawn(work), work).await
            }
        }
    }
}

/// Has threads do some work, and waits for it without keeping the calling one.
async fn elsewhere<T: Send + 'static>(
    spawn: impl FnOnce(Box<dyn FnOnce() + Send>),
    work: impl FnOnce() -> T + Send + 'static,
) -> T {
    let (to, done) = oneshot::channel();
    // Who has gone meanwhile does not miss it.
    spawn(Box::new(move || drop(to.send(work()))));
    done.await.expect("work that was done")
}

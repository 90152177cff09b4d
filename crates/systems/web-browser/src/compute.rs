//! Which thread computes: it decodes pictures, and draws.

use rayon::prelude::*;
use tokio::sync::oneshot;

/// Which thread computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compute {
    /// The one that waits for the server and answers clicks: it does neither meanwhile.
    Here,
    /// Others, on all cores: the one that waits goes on waiting.
    Elsewhere,
}

impl Compute {
    /// Does some work.
    ///
    /// # Panics
    ///
    /// If the work does.
    pub async fn run<T: Send + 'static>(self, work: impl FnOnce() -> T + Send + 'static) -> T {
        match self {
            Compute::Here => work(),
            Compute::Elsewhere => {
                let (to, done) = oneshot::channel();
                // Who has gone meanwhile does not miss it.
                rayon::spawn(move || drop(to.send(work())));
                done.await.expect("work that was done")
            }
        }
    }

    /// Does the same for each of several things.
    ///
    /// # Panics
    ///
    /// If doing it does.
    pub async fn each<T: Send + 'static>(
        self,
        numbers: Vec<usize>,
        make: impl Fn(usize) -> T + Send + Sync + 'static,
    ) -> Vec<T> {
        self.run(move || match self {
            Compute::Here => numbers.into_iter().map(make).collect(),
            Compute::Elsewhere => numbers.into_par_iter().map(make).collect(),
        })
        .await
    }
}

//! Which thread computes.

use bytes::Bytes;
use lab::task::Task;
use tokio::sync::oneshot;

use crate::thumbnail::Thumbnail;

/// Which thread makes a thumbnail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compute {
    /// The one that waits for connections: nobody else is answered meanwhile.
    Here,
    /// All cores at one thumbnail, while the one that waits for connections waits for them.
    Split,
    /// One that waits for nobody: those that wait go on.
    Elsewhere,
}

impl Compute {
    /// Makes a thumbnail.
    ///
    /// # Panics
    ///
    /// If making it does.
    pub async fn thumbnail(self, task: Task, picture: Bytes) -> Thumbnail {
        match self {
            Compute::Here => Thumbnail::whole(task, &picture),
            Compute::Split => Thumbnail::split(task, &picture),
            Compute::Elsewhere => {
                let (sender, receiver) = oneshot::channel();
                // Who has hung up meanwhile does not miss it.
                rayon::spawn(move || drop(sender.send(Thumbnail::whole(task, &picture))));
                receiver.await.expect("a thumbnail")
            }
        }
    }
}

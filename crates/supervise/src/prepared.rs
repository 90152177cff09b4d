//! A program that stands ready, and has not begun.

use std::time::Duration;

use crate::confinement::Confinement;
use crate::ended::Ended;
use crate::error::Error;
use crate::interrupt;
use crate::kept::Kept;
use crate::request::Request;
use crate::supervise::{Watcher, supervise};

/// A program that stands ready, and has not begun.
///
/// Its process is there, with the number that it will keep and with all that it is to find prepared; but
/// nothing of the program has been executed. Whoever wants to watch it attaches now, and misses nothing.
///
/// If this is dropped, the program never begins.
///
/// ```no_run
/// use supervise::{Lines, Prepared, Request};
///
/// let request = Request::new("both").arguments(["tokio"]);
/// let prepared = Prepared::prepare(&request)?;
/// println!("to be watched: process {:?}", prepared.pid());
/// let ended = prepared.go(&mut Lines(|line: &supervise::Line| println!("{}", line.text)))?;
/// println!("{}", ended.ending);
/// # Ok::<(), supervise::Error>(())
/// ```
#[derive(Debug)]
pub struct Prepared {
    request: Request,
    kept: Kept,
}

impl Prepared {
    /// Prepares a program.
    ///
    /// From the first one on, requests to end are noted rather than obeyed (see
    /// [`interrupted`](crate::interrupted)), nobody but the superuser can trace or look into this process,
    /// and processes whose parents have ended are handed to it. Should a keeper be ended by somebody else,
    /// those are ended: children of this process in sessions of their own that began after the keeper. Who
    /// starts such children in another way had better run his programs in another process.
    ///
    /// # Errors
    ///
    /// If the system refuses something without which nothing can be run, or the program's folder
    /// cannot be entered.
    pub fn prepare(request: &Request) -> Result<Prepared, Error> {
        interrupt::listen().map_err(Error::system("listen to signals"))?;
        Ok(Prepared { request: request.clone(), kept: Kept::prepare(request)? })
    }

    /// The process that is to be the program, by the number that it has with us. (In a namespace of
    /// its own it has another one.) `None` on systems where nothing can stand ready.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.kept.pid()
    }

    /// The process of which all that the program starts is a descendant, and the program itself its
    /// only child as yet; `None` on systems where nothing can stand ready.
    #[must_use]
    pub fn ancestor(&self) -> Option<u32> {
        self.kept.pid().map(|_| self.kept.ancestor())
    }

    /// How long the process has executed before it is the program. Whoever reads what its first thread
    /// has executed takes this off; from what is known at the [end](crate::Usage) it was taken.
    #[must_use]
    pub fn spent(&self) -> Duration {
        self.kept.spent()
    }

    /// What keeps the program where it belongs.
    #[must_use]
    pub fn confinement(&self) -> &Confinement {
        self.kept.confinement()
    }

    /// Has the program begin, and runs it to its end. Its time is measured from here.
    ///
    /// # Errors
    ///
    /// If the program is not there, or is no program.
    pub fn go(self, watcher: &mut dyn Watcher) -> Result<Ended, Error> {
        supervise(&self.request, self.kept, watcher)
    }
}

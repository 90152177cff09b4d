//! A visit: a server with its site, and a browser that opens it.

use futures_util::future::join;

use crate::browser::{Browser, Pictures, Seen};
use crate::compute::Compute;
use crate::film::Film;
use crate::server::Server;
use crate::site::Site;

/// All that a way of browsing has to begin with.
#[derive(Clone, Debug)]
pub struct Visit {
    /// What the server has.
    pub site: Site,
    /// The port on which it listens, 0 for any that is free.
    pub port: u16,
    /// Whether a film of the window is kept.
    pub keeps_film: bool,
}

/// A visit that has begun.
#[derive(Debug)]
pub struct Open {
    /// The browser.
    pub browser: Browser,
    _server: Server,
}

/// What is left of a visit.
#[derive(Debug)]
pub struct Visited {
    /// What the user saw, and when.
    pub seen: Seen,
    /// How the window looked.
    pub film: Film,
}

impl Visit {
    /// Has the server listen, and the browser begin. Threads inherit the cores of the calling one.
    ///
    /// # Errors
    ///
    /// A sentence, where the port is taken.
    pub fn begin(self, compute: Compute) -> Result<Open, String> {
        let server = Server::begin(self.site, self.port)?;
        let browser = Browser::new(server.address, compute, self.keeps_film);
        Ok(Open { browser, _server: server })
    }

    /// Loads the page and answers clicks, all at once, on the calling thread.
    ///
    /// # Errors
    ///
    /// Whatever keeps the page from being loaded, in a sentence.
    pub fn all_at_once(self, compute: Compute) -> Result<Visited, String> {
        let open = self.begin(compute)?;
        let Open { browser, .. } = &open;
        let everything = join(browser.load(Pictures::AllAtOnce), browser.answer_clicks());
        let (loaded, ()) = stage::runtime::one_thread()?.block_on(everything);
        loaded?;
        Ok(open.close())
    }
}

impl Open {
    /// Ends the server, and tells what was seen.
    #[must_use]
    pub fn close(self) -> Visited {
        let (seen, film) = self.browser.close();
        Visited { seen, film }
    }
}

//! A server, its clients, and the end of both.

use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::thread;

use stage::runtime::{listen, one_thread};
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use crate::compute::Compute;
use crate::load::{Answers, ask};
use crate::server::{Connections, Server, serve};
use crate::store::Store;

/// A port to listen on, and a database: all that a way of serving has to begin with.
#[derive(Debug)]
pub struct Day {
    listener: TcpListener,
    store: Store,
}

impl Day {
    /// Listens on this port of the loopback interface, 0 for any that is free.
    ///
    /// # Errors
    ///
    /// A sentence, where the port is taken, or the database is not to be had.
    pub fn begin(port: u16, database: Option<&Path>) -> Result<Day, String> {
        Ok(Day { listener: listen(port)?, store: Store::open(database)? })
    }

    /// Serves until all clients have been answered.
    ///
    /// # Errors
    ///
    /// A sentence, where the system lacks something, or the database cannot be made to last.
    ///
    /// # Panics
    ///
    /// If a client does.
    pub fn serve(
        self,
        threads: Runtime,
        connections: Connections,
        compute: Compute,
    ) -> Result<Answers, String> {
        let Day { listener, store } = self;
        let failed = |error: std::io::Error| format!("the server cannot go on: {error}");
        let address = listener.local_addr().map_err(failed)?;
        let server = Arc::new(Server { store, compute });
        let (over, end) = oneshot::channel();
        // The clients have a thread of their own, as if they were elsewhere.
        let clients = thread::Builder::new().name("clients".into()).spawn(move || {
            let answers = one_thread()?.block_on(ask(address));
            drop(over);
            answers.map_err(|error| format!("a client cannot connect: {error}"))
        });
        let clients = clients.map_err(failed)?;
        threads.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).map_err(failed)?;
            serve(listener, Arc::clone(&server), connections, end).await;
            Ok::<_, String>(())
        })?;
        let answers = clients.join().expect("clients to the end")?;
        server.store.close()?;
        Ok(answers)
    }
}

//! A server, its clients, and the end of both.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::thread;

use tokio::runtime::{Builder, Runtime};
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
        let address = (Ipv4Addr::LOCALHOST, port);
        let listener = TcpListener::bind(address).map_err(|error| {
            format!(
                "port {port} cannot be listened on: {error}; without --port any free one is taken"
            )
        })?;
        Ok(Day { listener, store: Store::open(database)? })
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
        listener.set_nonblocking(true).map_err(failed)?;
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

/// One thread that can wait for many connections.
///
/// # Errors
///
/// A sentence, where the system has no means for that left.
pub fn one_thread() -> Result<Runtime, String> {
    Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())
}

/// As many threads as there are cores, each of which can wait for many connections.
///
/// # Errors
///
/// A sentence, where the system has no means for that left.
pub fn a_thread_a_core() -> Result<Runtime, String> {
    Builder::new_multi_thread().enable_all().build().map_err(|error| error.to_string())
}

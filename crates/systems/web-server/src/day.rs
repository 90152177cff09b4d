//! A server, its clients, and the end of both.

use std::fmt;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::thread;

use stage::runtime::listen;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use crate::compute::Compute;
use crate::server::{Connections, PATIENCE, Room, Server, serve};
use crate::store::Store;

/// A port to listen on, a database, and clients who will see an `S`: all that a way of serving has to begin
/// with.
pub struct Day<S> {
    listener: TcpListener,
    store: Store,
    clients: Box<Clients<S>>,
    /// Whether each upload prints its lines.
    pub prints: bool,
}

/// All clients: they ask the server at this address, and return when they have had enough.
type Clients<S> = dyn FnOnce(SocketAddr) -> Result<S, String> + Send;

impl<S: Send + 'static> Day<S> {
    /// Listens on this port of the loopback interface, 0 for any that is free.
    ///
    /// # Errors
    ///
    /// A sentence, where the port is taken, or the database is not to be had.
    pub fn begin(
        port: u16,
        database: Option<&Path>,
        clients: impl FnOnce(SocketAddr) -> Result<S, String> + Send + 'static,
    ) -> Result<Day<S>, String> {
        let (listener, store) = (listen(port)?, Store::open(database)?);
        Ok(Day { listener, store, clients: Box::new(clients), prints: true })
    }

    /// Serves until all clients have been answered, and returns what they saw.
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
    ) -> Result<S, String> {
        let Day { listener, store, clients, prints } = self;
        let failed = |error: std::io::Error| format!("the server cannot go on: {error}");
        let address = listener.local_addr().map_err(failed)?;
        let room = Room::with_places(connections.most());
        let server = Arc::new(Server { store, compute, room, patience: PATIENCE, prints });
        let (over, end) = oneshot::channel();
        // The clients have a thread of their own, as if they were elsewhere.
        let clients = thread::Builder::new().name("clients".into()).spawn(move || {
            let seen = clients(address);
            drop(over);
            seen
        });
        let clients = clients.map_err(failed)?;
        threads.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).map_err(failed)?;
            serve(listener, Arc::clone(&server), end).await;
            Ok::<_, String>(())
        })?;
        let seen = clients.join().expect("clients to the end")?;
        server.store.close()?;
        Ok(seen)
    }
}

impl<S> fmt::Debug for Day<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Day").field("listener", &self.listener).finish_non_exhaustive()
    }
}

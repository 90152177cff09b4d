//! Runtimes that wait for many connections, and the port that they listen on.

use std::net::{Ipv4Addr, TcpListener};

use tokio::runtime::{Builder, Runtime};

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

/// Listens on this port of the loopback interface, 0 for any that is free. A runtime can take it over.
///
/// # Errors
///
/// A sentence, where the port is taken.
pub fn listen(port: u16) -> Result<TcpListener, String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).and_then(|listener| {
        listener.set_nonblocking(true)?;
        Ok(listener)
    });
    listener.map_err(|error| {
        format!("port {port} cannot be listened on: {error}; without --port any free one is taken")
    })
}

//! Runtimes that wait for many connections, and the port that they listen on.

use std::net::{Ipv4Addr, TcpListener};

use socket2::SockRef;
use tokio::runtime::{Builder, Runtime};

/// How many connections may wait at the door until somebody looks. (The standard library has room for 128.)
/// A client that finds no room there is not told, and comes again only a second later.
const DOOR: i32 = 1024;

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
        SockRef::from(&listener).listen(DOOR)?;
        listener.set_nonblocking(true)?;
        Ok(listener)
    });
    listener.map_err(|error| {
        format!("port {port} cannot be listened on: {error}; without --port any free one is taken")
    })
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_crowd_has_room_before_the_door() {
        /// Whoever finds no room there waits in vain, for nobody ever looks.
        const IN_VAIN: Duration = Duration::from_secs(20);
        let listener = listen(0).expect("a port");
        let address = listener.local_addr().expect("its address");
        let connect = |_| TcpStream::connect_timeout(&address, IN_VAIN);
        let crowd: Result<Vec<_>, _> = (0..300).map(connect).collect();
        assert!(crowd.is_ok(), "{crowd:?}");
    }
}

//! A server, its people, and the end of both.

use std::net::{Ipv4Addr, SocketAddr};
use std::thread;

use stage::runtime::one_thread;
use tokio::runtime::Runtime;
use tokio::sync::{mpsc, oneshot};

use crate::people::{Heard, meet};
use crate::room::{Delivery, Room};
use crate::server::{listen, serve};

/// A port that is free.
#[derive(Debug)]
pub struct Evening {
    address: SocketAddr,
}

impl Evening {
    /// Sees to it that this port of the loopback interface is free; 0 stands for any that is.
    ///
    /// # Errors
    ///
    /// A sentence, where the port is taken.
    pub fn begin(port: u16) -> Result<Evening, String> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        drop(stage::runtime::listen(port)?);
        Ok(Evening { address })
    }

    /// Serves until everybody has heard everything.
    ///
    /// # Errors
    ///
    /// A sentence, where the system lacks something, or somebody cannot come in.
    ///
    /// # Panics
    ///
    /// If one of the people does.
    pub fn serve(self, threads: &Runtime, delivery: Delivery) -> Result<Heard, String> {
        let failed = |error: std::io::Error| format!("the server cannot go on: {error}");
        threads.block_on(async {
            let listener = listen(self.address).map_err(failed)?;
            let address = listener.local_addr().map_err(failed)?;
            let (over, end) = oneshot::channel();
            let (requests, inbox) = mpsc::channel(64);
            let room = tokio::spawn(Room::new(delivery).open(inbox));
            // The people have a thread of their own, as if they were elsewhere.
            let people = thread::Builder::new().name("people".into()).spawn(move || {
                let heard = one_thread()?.block_on(meet(address));
                drop(over);
                heard
            });
            let people = people.map_err(failed)?;
            serve(listener, requests, end).await;
            let dropped = room.await.expect("a room to the end");
            let mut heard = people.join().expect("people to the end")?;
            heard.dropped = dropped;
            Ok(heard)
        })
    }
}

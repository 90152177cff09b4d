//! A server, its people, and the end of both.

use std::thread;

use lab::task::Task;
use stage::runtime::one_thread;
use tokio::sync::watch;

use crate::heard::Heard;
use crate::people::meet;
use crate::server::{House, MOST, listen, serve};

/// A port to meet at.
#[derive(Debug)]
pub struct Evening {
    port: u16,
}

impl Evening {
    /// Meets at this port of the loopback interface; 0 stands for any that is free.
    #[must_use]
    pub fn at(port: u16) -> Evening {
        Evening { port }
    }

    /// Serves until everybody has heard everything.
    ///
    /// # Errors
    ///
    /// A sentence, where the port is taken, the system lacks something, or somebody cannot come in.
    ///
    /// # Panics
    ///
    /// If one of the people does.
    pub fn serve(self, house: House) -> Result<Heard, String> {
        let failed = |error: std::io::Error| format!("the server cannot go on: {error}");
        house.threads.block_on(async {
            let listener = listen(self.port)?;
            let address = listener.local_addr().map_err(failed)?;
            let (over, end) = watch::channel(());
            // The people have a thread of their own, as if they were elsewhere.
            let people = thread::Builder::new().name("people".into()).spawn(move || {
                let heard = one_thread()?.block_on(meet(address));
                drop(over);
                heard
            });
            let people = people.map_err(failed)?;
            let minutes = Task::start("Room");
            let dropped = serve(listener, house.delivery, Some(minutes), MOST, end).await;
            minutes.end();
            let mut heard = people.join().expect("people to the end")?;
            heard.dropped = dropped;
            Ok(heard)
        })
    }
}

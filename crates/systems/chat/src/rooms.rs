//! Which rooms there are. A room is there from the moment when somebody asks for it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::room::{Delivery, Request, Room};

/// How many rooms there are at most.
pub const ROOMS: usize = 64;

/// How many requests may wait for a room.
const REQUESTS: usize = 64;

/// The rooms of a server, each of which is a task of its own: rooms do not wait for each other.
#[derive(Debug)]
pub struct Rooms {
    delivery: Delivery,
    open: Mutex<Open>,
}

/// Those that are open: where to ask something of each, and the tasks.
#[derive(Debug, Default)]
struct Open {
    doors: HashMap<String, mpsc::Sender<Request>>,
    tasks: JoinSet<usize>,
}

impl Rooms {
    /// No room yet.
    #[must_use]
    pub fn new(delivery: Delivery) -> Rooms {
        Rooms { delivery, open: Mutex::default() }
    }

    /// Where to ask something of the room with this name. It is called within a runtime.
    ///
    /// # Errors
    ///
    /// A sentence, where there are too many rooms.
    pub fn door(&self, name: &str) -> Result<mpsc::Sender<Request>, String> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(door) = open.doors.get(name) {
            return Ok(door.clone());
        }
        if open.doors.len() == ROOMS {
            return Err(format!("there are {ROOMS} rooms, and not one more: go to one of them"));
        }
        let (door, requests) = mpsc::channel(REQUESTS);
        open.tasks.spawn(Room::new(self.delivery).open(requests));
        open.doors.insert(name.to_owned(), door.clone());
        Ok(door)
    }

    /// Opens no door any longer. A room is closed as soon as nobody who is in there can say anything, and
    /// all has been handed on that was said.
    pub fn close(&self) {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).doors.clear();
    }

    /// Waits until all rooms are closed. Returns how many clients were too slow.
    pub async fn closed(self) -> usize {
        let open = self.open.into_inner().unwrap_or_else(PoisonError::into_inner);
        drop(open.doors);
        open.tasks.join_all().await.into_iter().sum()
    }
}

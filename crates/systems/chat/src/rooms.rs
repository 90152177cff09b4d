//! Which rooms there are. A room is there from the moment when somebody asks for it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use lab::task::Task;
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
    minutes: Option<Task>,
    open: Mutex<Open>,
}

/// Those that are open: where to ask something of each, until no further one may open; and the tasks.
#[derive(Debug)]
struct Open {
    doors: Option<HashMap<String, mpsc::Sender<Request>>>,
    tasks: JoinSet<usize>,
}

/// Why somebody is not let into a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// For this reason, which will be the same whenever they come again.
    ForGood(String),
    /// The server ends. They may come again to the next one.
    Ending,
}

impl Rooms {
    /// No room yet, and who keeps the minutes of all of them.
    #[must_use]
    pub fn new(delivery: Delivery, minutes: Option<Task>) -> Rooms {
        let open = Open { doors: Some(HashMap::new()), tasks: JoinSet::new() };
        Rooms { delivery, minutes, open: Mutex::new(open) }
    }

    /// Where to ask something of the room with this name. It is called within a runtime.
    ///
    /// # Errors
    ///
    /// If there are too many rooms, or the rooms are being closed.
    pub fn door(&self, name: &str) -> Result<mpsc::Sender<Request>, Refusal> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let Open { doors, tasks } = &mut *open;
        let doors = doors.as_mut().ok_or(Refusal::Ending)?;
        if let Some(door) = doors.get(name) {
            return Ok(door.clone());
        }
        if doors.len() == ROOMS {
            let why = format!("there are {ROOMS} rooms, and not one more: go to one of them");
            return Err(Refusal::ForGood(why));
        }
        let (door, requests) = mpsc::channel(REQUESTS);
        tasks.spawn(Room::new(self.delivery, self.minutes).open(requests));
        doors.insert(name.to_owned(), door.clone());
        Ok(door)
    }

    /// Opens no door any longer. A room is closed as soon as nobody who is in there can say anything, and
    /// all has been handed on that was said.
    pub fn close(&self) {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).doors = None;
    }

    /// Waits until all rooms are closed. Returns how many clients were too slow.
    pub async fn closed(self) -> usize {
        self.close();
        let open = self.open.into_inner().unwrap_or_else(PoisonError::into_inner);
        open.tasks.join_all().await.into_iter().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn once_they_are_closed_no_room_is_born() {
        let runtime = stage::runtime::one_thread().expect("a runtime");
        runtime.block_on(async {
            let rooms = Rooms::new(Delivery::OrDrop, None);
            assert!(rooms.door("tea").is_ok());
            rooms.close();
            for room in ["tea", "coffee"] {
                assert_eq!(rooms.door(room).err(), Some(Refusal::Ending), "{room}");
            }
        });
    }
}

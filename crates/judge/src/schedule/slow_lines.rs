//! Lines that take as long to be printed as anything else can go on.

use classroom::wire::Request;

use super::Schedule;
use crate::hall::Hall;
use crate::log::Ticket;

/// Has whoever prints a line stand until nothing else goes on any more.
///
/// It is the slowest of all readers. Whoever makes things that it is to print makes as many meanwhile as it
/// ever will.
#[derive(Debug)]
pub struct SlowLines;

fn is_line(request: &Request) -> bool {
    matches!(request, Request::Say { .. })
}

impl Schedule for SlowLines {
    fn came(&mut self, ticket: Ticket, hall: &mut Hall) {
        if !is_line(hall.request(ticket)) {
            hall.release(ticket);
        }
    }

    fn standstill(&mut self, hall: &mut Hall) {
        if let Some(&line) = hall.held_for(is_line).first() {
            hall.release(line);
        }
    }
}

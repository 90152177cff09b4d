//! A task computes for as long as no heart beats.

use classroom::wire::Request;

use super::Schedule;
use crate::hall::Hall;
use crate::log::Ticket;

/// Lets a task compute once there was a sign of life *after* it had asked for leave.
///
/// Whoever asks for leave holds its thread, as whoever computes does. If the heart needs that thread, it
/// cannot beat, and nothing more happens. A beat is wanted whenever a task computes; and once between two
/// of them, where nothing else goes on.
#[derive(Debug, Default)]
pub struct Beats {
    /// Whether there was a beat since a task last asked, with nobody computing.
    has_rested: bool,
}

fn is_beat(request: &Request) -> bool {
    *request == Request::Beat
}

fn is_compute(request: &Request) -> bool {
    matches!(request, Request::Compute { .. })
}

fn release_all(hall: &mut Hall, wanted: fn(&Request) -> bool) {
    hall.held_for(wanted).into_iter().for_each(|ticket| hall.release(ticket));
}

impl Schedule for Beats {
    fn came(&mut self, ticket: Ticket, hall: &mut Hall) {
        match hall.request(ticket) {
            Request::Compute { .. } => {
                self.has_rested = false;
                release_all(hall, is_beat);
            }
            Request::Beat => release_all(hall, is_compute),
            _ => hall.release(ticket),
        }
    }

    fn standstill(&mut self, hall: &mut Hall) {
        if !std::mem::replace(&mut self.has_rested, true) {
            release_all(hall, is_beat);
        }
    }
}

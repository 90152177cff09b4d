//! Everybody at once, as if nobody judged.

use classroom::wire::Request;

use super::Schedule;
use crate::clock::MILLISECOND;
use crate::hall::Hall;
use crate::log::Ticket;

/// How long a page takes to come.
const WAIT: u64 = 30 * MILLISECOND;

/// How long it is between two beats.
const BEAT: u64 = 5 * MILLISECOND;

/// Replies to everybody at once; only pages take a while, each for itself.
///
/// For measuring what a program does by itself: what students predict.
#[derive(Debug)]
pub struct Free;

impl Schedule for Free {
    fn came(&mut self, ticket: Ticket, hall: &mut Hall) {
        match hall.request(ticket) {
            Request::Fetch { .. } | Request::Delay => hall.release_in(ticket, WAIT),
            Request::Beat => hall.release_in(ticket, BEAT),
            _ => hall.release(ticket),
        }
    }
}

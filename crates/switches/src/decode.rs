//! The few kinds of records that are of use here, and where in them what stands.
//!
//! The layouts are those of `perf_event_open(2)`, section "MMAP layout". Every record ends with the
//! process and the thread that had the core, and the time, because that is what is asked for.

use crate::event::{Event, What};

const LOST: u32 = 2;
const COMM: u32 = 3;
const EXIT: u32 = 4;
const FORK: u32 = 7;
const SWITCH: u32 = 14;

/// Of a name: it comes from exec.
const MISC_COMM_EXEC: u16 = 1 << 13;
/// Of a switch: the thread lost the core.
const MISC_SWITCH_OUT: u16 = 1 << 13;
/// Of a switch: it would have gone on.
const MISC_SWITCH_OUT_PREEMPT: u16 = 1 << 14;

/// What every record ends with: process, thread, time.
const TRAILER: usize = 16;

/// A record as it stands in a ring.
pub(crate) struct Record<'a> {
    /// The number of its kind.
    pub(crate) kind: u32,
    /// Flags, whose meaning depends on the kind.
    pub(crate) misc: u16,
    /// What stands after the kind, the flags and the length.
    pub(crate) body: &'a [u8],
}

impl Record<'_> {
    /// What it says; `None` if it is of no use here, or shorter than it should be.
    pub(crate) fn decode(&self, core: usize) -> Option<Event> {
        let trailer = self.body.len().checked_sub(TRAILER)?;
        let what = match self.kind {
            SWITCH if self.has(MISC_SWITCH_OUT) => {
                What::Out { preempted: self.has(MISC_SWITCH_OUT_PREEMPT) }
            }
            SWITCH => What::In,
            FORK => What::Born { pid: self.word(0)?, tid: self.word(8)? },
            EXIT => What::Ended,
            COMM => What::Named {
                tid: self.word(4)?,
                name: text(self.body.get(8..trailer)?),
                exec: self.has(MISC_COMM_EXEC),
            },
            LOST => What::Sight { lost: self.lost() },
            _ => return None,
        };
        let (pid, tid) = (self.word(trailer)?, self.word(trailer + 4)?);
        Some(Event { time: self.number(trailer + 8)?, core, pid, tid, what })
    }

    /// How many records it says were lost: 0 where it is of another kind.
    pub(crate) fn lost(&self) -> u64 {
        if self.kind == LOST { self.number(8).unwrap_or(0) } else { 0 }
    }

    fn has(&self, flag: u16) -> bool {
        self.misc & flag != 0
    }

    fn word(&self, at: usize) -> Option<u32> {
        let bytes = self.body.get(at..at + 4)?;
        Some(u32::from_ne_bytes(bytes.try_into().ok()?))
    }

    fn number(&self, at: usize) -> Option<u64> {
        let bytes = self.body.get(at..at + 8)?;
        Some(u64::from_ne_bytes(bytes.try_into().ok()?))
    }
}

/// A name, which ends with a zero and is filled up with more of them.
fn text(bytes: &[u8]) -> Box<str> {
    let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(&bytes[..end]).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The end of a record of thread 8 in process 7, at time 9.
    fn with_trailer(mut body: Vec<u8>) -> Vec<u8> {
        body.extend(7_u32.to_ne_bytes());
        body.extend(8_u32.to_ne_bytes());
        body.extend(9_u64.to_ne_bytes());
        body
    }

    fn decoded(kind: u32, misc: u16, body: Vec<u8>) -> Option<What> {
        let body = with_trailer(body);
        let event = Record { kind, misc, body: &body }.decode(1)?;
        assert_eq!((event.time, event.core, event.pid, event.tid), (9, 1, 7, 8));
        Some(event.what)
    }

    fn words(words: [u32; 4]) -> Vec<u8> {
        words.into_iter().flat_map(u32::to_ne_bytes).collect()
    }

    #[test]
    fn each_kind_says_what_it_says() {
        assert_eq!(decoded(SWITCH, 0, vec![]), Some(What::In));
        assert_eq!(decoded(SWITCH, 1 << 13, vec![]), Some(What::Out { preempted: false }));
        assert_eq!(decoded(SWITCH, 3 << 13, vec![]), Some(What::Out { preempted: true }));
        let born = [words([3, 7, 4, 8]), vec![0; 8]].concat();
        assert_eq!(decoded(FORK, 0, born.clone()), Some(What::Born { pid: 3, tid: 4 }));
        assert_eq!(decoded(EXIT, 0, born), Some(What::Ended));
        let lost = [1_u64.to_ne_bytes(), 5_u64.to_ne_bytes()].concat();
        assert_eq!(decoded(LOST, 0, lost), Some(What::Sight { lost: 5 }));
    }

    #[test]
    fn a_name_ends_at_its_first_zero() {
        let mut body: Vec<u8> = [7_u32.to_ne_bytes(), 6_u32.to_ne_bytes()].concat();
        body.extend(b"worker\0\0");
        let named = What::Named { tid: 6, name: "worker".into(), exec: true };
        assert_eq!(decoded(COMM, 1 << 13, body), Some(named));
    }

    #[test]
    fn what_is_unknown_or_too_short_is_no_event() {
        assert_eq!(decoded(1, 0, vec![0; 64]), None);
        assert!(Record { kind: SWITCH, misc: 0, body: &[0; 8] }.decode(0).is_none());
        assert!(Record { kind: FORK, misc: 0, body: &[0; 20] }.decode(0).is_some());
    }
}

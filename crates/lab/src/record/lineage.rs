//! Who a process is, and whom it descends from.
//!
//! Numbers of processes come again: after a while, and in every new container from 1 on. So it belongs to
//! who a process is when it began, where the system tells.

use std::{fs, iter, process};

/// The number of a process, and in which tick of the system's it began: 0 where that is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    number: u32,
    born: u32,
}

impl Identity {
    /// This process.
    pub(super) fn here() -> Identity {
        Kin::here().identity
    }

    /// The number of the process.
    pub(super) fn number(self) -> u32 {
        self.number
    }

    /// Whether it is this process, or one that this process descends from, and has not ended. Where the
    /// system tells no more, only the parent is known; and on Windows nobody.
    pub(super) fn is_ours(self) -> bool {
        iter::successors(Some(Kin::here()), Kin::parent).any(|kin| kin.identity == self)
    }

    /// Both in one word, which is not 0.
    pub(super) fn to_word(self) -> u64 {
        u64::from(self.born) << u32::BITS | u64::from(self.number)
    }

    /// What [`to_word`](Identity::to_word) was made of.
    pub(super) fn of_word(word: u64) -> Identity {
        let [number, born] = [word, word >> u32::BITS].map(|half| half as u32);
        Identity { number, born }
    }
}

/// A process, and the number of its parent: 0 where it has none, or none is known.
struct Kin {
    identity: Identity,
    parent: u32,
}

impl Kin {
    fn here() -> Kin {
        let number = process::id();
        // In a namespace of their own, processes may see the folder of those outside.
        let told = Kin::told("self").filter(|kin| kin.identity.number == number);
        told.unwrap_or_else(|| Kin { parent: parent_number(), ..Kin::unseen(number) })
    }

    fn parent(&self) -> Option<Kin> {
        let number = Some(self.parent).filter(|&number| number > 0)?;
        // Who is not told of itself is not told of others.
        let told = (self.identity.born > 0).then(|| Kin::told(&number.to_string())).flatten();
        Some(told.unwrap_or(Kin::unseen(number)))
    }

    /// A process of which the system tells nothing but its number.
    fn unseen(number: u32) -> Kin {
        Kin { identity: Identity { number, born: 0 }, parent: 0 }
    }

    /// What Linux tells of a process: `17 (its name) S 1 …`, where its parent is the fourth field, and its
    /// beginning the 22nd.
    fn told(process: &str) -> Option<Kin> {
        let stat = fs::read(format!("/proc/{process}/stat")).ok()?;
        let stat = String::from_utf8_lossy(&stat);
        // Anything may stand in a name.
        let (number, (_, fields)) = (stat.split_once(' ')?.0, stat.rsplit_once(')')?);
        let mut fields = fields.split_ascii_whitespace().skip(1);
        let parent = fields.next()?.parse().ok()?;
        let born = fields.nth(17)?.parse::<u64>().ok()?;
        let identity = Identity { number: number.parse().ok()?, born: born as u32 };
        Some(Kin { identity, parent })
    }
}

#[cfg(unix)]
fn parent_number() -> u32 {
    std::os::unix::process::parent_id()
}

#[cfg(not(unix))]
fn parent_number() -> u32 {
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_its_own_and_its_parents() {
        let here = Kin::here();
        assert!(here.identity.is_ours());
        assert_eq!(Identity::of_word(here.identity.to_word()), here.identity);
        if let Some(parent) = here.parent() {
            assert!(parent.identity.is_ours());
            assert_eq!(parent.identity.number, parent_number());
        }
    }

    #[test]
    fn who_had_the_same_number_before_is_somebody_else() {
        let Identity { number, born } = Identity::here();
        assert!(!Identity { number, born: born.wrapping_sub(1) }.is_ours());
    }
}

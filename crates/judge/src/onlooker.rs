//! What the threads of a program are doing just now, as the kernel tells.
//!
//! If all of them wait, and none has set itself an alarm clock, and none has been given a core between two
//! looks, then nothing more happens unless somebody from outside does something. That holds however
//! slow or busy the machine is: a thread that is about to go on is not one that waits.

use std::collections::HashMap;
use std::time::Duration;

/// Looks at a program while it runs.
pub trait Onlooker: Send {
    /// All its threads; `None` where the system does not tell.
    fn look(&mut self) -> Option<Vec<Seen>>;

    /// The system's number of the thread that has this number in the program's own namespace.
    fn identify(&mut self, inner: u64) -> Option<u32>;

    /// Ends the program, with all that it started.
    fn end(&mut self);
}

/// A thread at the moment when it was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its number.
    pub number: u32,
    /// Its number as the program itself has it: in a process namespace it is another one.
    pub inner: u64,
    /// Its name.
    pub name: String,
    /// What it was doing.
    pub does: Does,
    /// How many times it was given a core so far.
    pub turns: u32,
    /// For how long it has executed so far.
    pub executed: Duration,
}

/// What a thread was doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Does {
    /// Executing, or about to.
    Executes,
    /// Waiting for the end of the thread with this number.
    Joins(u64),
    /// Waiting for another thread: for a lock, a message, a signal.
    Waits,
    /// Waiting for events, as a runtime does that has nothing to do.
    Polls,
    /// Waiting for something to read or to write.
    Reads,
    /// Waiting with an alarm clock set: it will go on by itself.
    Sleeps,
    /// Waiting, nobody knows for what.
    WaitsSomehow,
    /// Stopped by a signal or a debugger.
    Stopped,
}

impl Does {
    /// As the end of a sentence about a thread.
    #[must_use]
    pub fn phrase(self) -> &'static str {
        match self {
            Does::Executes => "executed",
            Does::Joins(_) => "waited for a thread to end",
            Does::Waits => "waited for another thread: its lock, its message or its end",
            Does::Polls => "slept in its runtime, which had nothing to do",
            Does::Reads => "waited for something to read",
            Does::Sleeps => "slept for a time that it had chosen",
            Does::WaitsSomehow => "waited",
            Does::Stopped => "was stopped",
        }
    }
}

/// How a program gets on, as far as looks at it tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// Somebody executes, or has since the last look.
    None,
    /// Nobody has executed since the last look, and somebody has set an alarm clock.
    Asleep,
    /// Nobody has executed since this time, and nobody will by itself.
    Still(u64),
}

/// Tells from looks at a program whether it stands still.
#[derive(Debug, Default)]
pub struct Stillness {
    turns: HashMap<u32, u32>,
    since: Option<u64>,
}

impl Stillness {
    /// Adds a look.
    pub fn look(&mut self, seen: &[Seen], now: u64) -> Rest {
        let turns: HashMap<u32, u32> = seen.iter().map(|it| (it.number, it.turns)).collect();
        let moves = seen.is_empty() || seen.iter().any(|it| it.does == Does::Executes);
        if moves || turns != self.turns {
            self.since = None;
            self.turns = turns;
            return Rest::None;
        }
        let since = *self.since.get_or_insert(now);
        let is_asleep = seen.iter().any(|it| it.does == Does::Sleeps);
        if is_asleep { Rest::Asleep } else { Rest::Still(since) }
    }

    /// Something has happened that will move somebody.
    pub fn disturb(&mut self) {
        *self = Stillness::default();
    }
}

/// Looks at all that descends from a process.
#[cfg(target_os = "linux")]
pub mod linux {
    use std::fs;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

    use rustix::process::{Pid, Signal, kill_process};
    use supervise::tree::{self, State};

    use super::{Does, Onlooker, Seen};

    /// Not more threads than this are looked at: a program that has more moves.
    const MOST: usize = 2_000;

    /// Looks at all that descends from a process.
    #[derive(Clone, Debug)]
    pub struct Tree {
        /// The process.
        pub ancestor: u32,
        /// Whether the program has begun. Until then it waits, which means nothing.
        pub has_begun: Arc<AtomicBool>,
    }

    impl Onlooker for Tree {
        fn look(&mut self) -> Option<Vec<Seen>> {
            let mut seen = Vec::new();
            if !self.has_begun.load(SeqCst) {
                return Some(seen);
            }
            for process in tree::glimpse(self.ancestor) {
                let first = seen.len();
                for thread in tree::threads(process) {
                    if seen.len() == MOST {
                        return Some(Vec::new());
                    }
                    seen.extend(look_at(&thread));
                }
                let polls = seen[first..].iter_mut().filter(|it| it.does == Does::Polls);
                let polls: Vec<&mut Seen> = polls.collect();
                if !polls.is_empty() && has_alarm(process) {
                    polls.into_iter().for_each(|it| it.does = Does::Sleeps);
                }
            }
            Some(seen)
        }

        fn identify(&mut self, number: u64) -> Option<u32> {
            let processes = tree::glimpse(self.ancestor).into_iter();
            let mut threads = processes.flat_map(|process| {
                let tasks =
                    fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
                tasks.filter_map(move |task| {
                    Some((process, task.file_name().to_str()?.parse().ok()?))
                })
            });
            threads
                .find(|&(process, thread)| inner(process, thread) == number)
                .map(|(_, thread)| thread)
        }

        fn end(&mut self) {
            for process in tree::glimpse(self.ancestor) {
                let pid = i32::try_from(process).ok().and_then(Pid::from_raw);
                // It may have ended by itself meanwhile.
                let _ = pid.map(|pid| kill_process(pid, Signal::KILL));
            }
        }
    }

    fn look_at(thread: &tree::Thread) -> Option<Seen> {
        let tree::Thread { pid, number, ref name, state, .. } = *thread;
        let does = match state {
            State::Ended => return None,
            State::Running => Does::Executes,
            State::Stopped => Does::Stopped,
            State::Waiting => waits_for(pid, number),
        };
        let tree::Schedule { turns, executed, .. } = tree::schedule(pid, number)?;
        Some(Seen { number, inner: inner(pid, number), name: name.clone(), does, turns, executed })
    }

    /// Whether a process has an alarm clock set that is a file, for which it can wait as for any other.
    fn has_alarm(process: u32) -> bool {
        let files = fs::read_dir(format!("/proc/{process}/fd")).into_iter().flatten().flatten();
        let clocks = files.filter(|file| {
            fs::read_link(file.path()).is_ok_and(|it| it.as_os_str() == "anon_inode:[timerfd]")
        });
        let told = clocks.filter_map(|file| {
            let number = file.file_name();
            fs::read_to_string(format!("/proc/{process}/fdinfo/{}", number.display())).ok()
        });
        told.into_iter().any(|told| is_set(&told))
    }

    /// Whether an alarm clock is set, by what the kernel tells of its file.
    pub(super) fn is_set(told: &str) -> bool {
        let left = told.lines().find_map(|line| line.strip_prefix("it_value:"));
        left.is_some_and(|left| left.trim() != "(0, 0)")
    }

    /// The number that a thread has in the innermost of its namespaces.
    fn inner(pid: u32, thread: u32) -> u64 {
        let status = fs::read_to_string(format!("/proc/{pid}/task/{thread}/status"));
        let status = status.unwrap_or_default();
        let numbers = status.lines().find_map(|line| line.strip_prefix("NSpid:"));
        let last = numbers.and_then(|numbers| numbers.split_whitespace().next_back());
        last.and_then(|number| number.parse().ok()).unwrap_or(u64::from(thread))
    }

    /// Which system call a thread waits in, and how.
    fn waits_for(pid: u32, thread: u32) -> Does {
        let call = fs::read_to_string(format!("/proc/{pid}/task/{thread}/syscall"));
        call.ok().and_then(|call| read(&call)).unwrap_or(Does::WaitsSomehow)
    }

    /// Reads `number 0xargument 0xargument …`; it says `running` where the thread is in no call.
    pub(super) fn read(call: &str) -> Option<Does> {
        // Where it is in no call (-1), the kernel fetches memory for it, and it goes on by itself.
        if call.starts_with("running") || call.starts_with("-1") {
            return Some(Does::Executes);
        }
        let mut words = call.split_whitespace();
        let number = words.next()?.parse().ok()?;
        let number_of = |word: &str| u64::from_str_radix(word.strip_prefix("0x")?, 16).ok();
        let arguments: Vec<u64> = words.map_while(number_of).collect();
        let argument = |place: usize| arguments.get(place).copied().unwrap_or(0);
        let or_sleeps = |has_alarm: bool, does| if has_alarm { Does::Sleeps } else { does };
        // A time in milliseconds, of which the upper half is not looked at; negative: none.
        let milliseconds = |place: usize| argument(place) & 0x8000_0000 == 0;
        Some(match Call::of(number)? {
            // Only a thread that ends wakes others across processes by its number.
            Call::Futex if argument(1) & PRIVATE == 0 && argument(2) != 0 && argument(3) == 0 => {
                Does::Joins(argument(2) & 0x3fff_ffff)
            }
            Call::Futex => or_sleeps(argument(3) != 0, Does::Waits),
            Call::Sleep => Does::Sleeps,
            Call::EpollWait => or_sleeps(milliseconds(3), Does::Polls),
            Call::EpollWait2 => or_sleeps(argument(3) != 0, Does::Polls),
            Call::Poll => or_sleeps(milliseconds(2), Does::Polls),
            Call::PollWithTime => or_sleeps(argument(2) != 0, Does::Polls),
            Call::Select => or_sleeps(argument(4) != 0, Does::Polls),
            Call::Read => Does::Reads,
        })
    }

    /// Set where a futex belongs to one process only, as all do but that of a thread's end.
    const PRIVATE: u64 = 0x80;

    /// The system calls in which programs wait.
    #[derive(Clone, Copy)]
    enum Call {
        Futex,
        Sleep,
        EpollWait,
        EpollWait2,
        Poll,
        PollWithTime,
        Select,
        Read,
    }

    impl Call {
        #[cfg(target_arch = "x86_64")]
        fn of(number: i64) -> Option<Call> {
            Some(match number {
                0 | 1 | 17 | 19 | 20 | 43 | 44 | 45 | 46 | 47 | 288 => Call::Read,
                7 => Call::Poll,
                23 | 270 => Call::Select,
                35 | 230 => Call::Sleep,
                202 => Call::Futex,
                232 | 281 => Call::EpollWait,
                271 => Call::PollWithTime,
                441 => Call::EpollWait2,
                _ => return None,
            })
        }

        #[cfg(target_arch = "aarch64")]
        fn of(number: i64) -> Option<Call> {
            Some(match number {
                63..=66 | 202 | 206 | 207 | 211 | 212 | 242 => Call::Read,
                22 => Call::EpollWait,
                72 => Call::Select,
                73 => Call::PollWithTime,
                98 => Call::Futex,
                101 | 115 => Call::Sleep,
                441 => Call::EpollWait2,
                _ => return None,
            })
        }

        #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
        fn of(_: i64) -> Option<Call> {
            None
        }
    }
}

/// Where nobody can look.
#[derive(Clone, Copy, Debug, Default)]
pub struct Blind;

impl Onlooker for Blind {
    fn look(&mut self) -> Option<Vec<Seen>> {
        None
    }

    fn identify(&mut self, inner: u64) -> Option<u32> {
        u32::try_from(inner).ok()
    }

    fn end(&mut self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(number: u32, does: Does, turns: u32) -> Seen {
        let (name, executed) = ("main".into(), Duration::ZERO);
        Seen { number, inner: 2, name, does, turns, executed }
    }

    #[test]
    fn only_who_waits_without_an_alarm_clock_and_has_no_turn_stands_still() {
        let mut stillness = Stillness::default();
        let both = |does, turns| [seen(1, Does::Joins(2), 5), seen(2, does, turns)];
        assert_eq!(stillness.look(&[], 0), Rest::None, "a program that is not there yet");
        assert_eq!(stillness.look(&both(Does::Waits, 7), 1), Rest::None, "the first look");
        assert_eq!(stillness.look(&both(Does::Waits, 7), 2), Rest::Still(2));
        assert_eq!(stillness.look(&both(Does::Waits, 7), 9), Rest::Still(2));
        assert_eq!(stillness.look(&both(Does::Waits, 8), 10), Rest::None, "it had a turn");
        assert_eq!(stillness.look(&both(Does::Sleeps, 8), 11), Rest::Asleep);
        assert_eq!(stillness.look(&both(Does::Executes, 8), 12), Rest::None);
        assert_eq!(stillness.look(&both(Does::Waits, 8), 13), Rest::Still(13));
        stillness.disturb();
        assert_eq!(stillness.look(&both(Does::Waits, 8), 14), Rest::None);
    }

    #[test]
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    fn system_calls_are_read() {
        let read = |call| linux::read(call);
        assert_eq!(read("running\n"), Some(Does::Executes));
        assert_eq!(read("202 0x7f01 0x89 0x0 0x0 0x0 0xffffffff 0x7ffd 0x7f00"), Some(Does::Waits));
        assert_eq!(read("202 0x7f01 0x89 0x0 0x7ffd10 0x0 0x0 0x7ffd 0x7f"), Some(Does::Sleeps));
        assert_eq!(
            read("202 0x7f01 0x109 0x3c6 0x0 0x0 0xffffffff 0x1 0x2"),
            Some(Does::Joins(966))
        );
        assert_eq!(read("230 0x0 0x0 0x7ffd 0x7ffd 0x0 0x0 0x1 0x2"), Some(Does::Sleeps));
        assert_eq!(read("232 0x3 0x1 0x400 0xffffffff 0x0 0x0 0x1 0x2"), Some(Does::Polls));
        assert_eq!(read("232 0x3 0x1 0x400 0x64 0x0 0x0 0x1 0x2"), Some(Does::Sleeps));
        assert_eq!(read("45 0x3 0x1 0x400 0x0 0x0 0x0 0x1 0x2"), Some(Does::Reads));
        assert_eq!(read(""), None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn an_alarm_clock_that_is_a_file_is_set_or_not() {
        let told = |left| {
            format!("pos:\t0\nclockid: 1\nticks: 0\nit_value: {left}\nit_interval: (0, 0)\n")
        };
        assert!(linux::is_set(&told("(0, 98765)")));
        assert!(!linux::is_set(&told("(0, 0)")));
        assert!(!linux::is_set("pos:\t0\n"));
    }
}

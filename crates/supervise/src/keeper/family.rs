//! The program and its descendants, as the keeper sees them: its children, who
//! become more as their parents end.

use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions};
use serde_json::{Value, json};
use wait4::ResUse;

use super::nanoseconds;
use crate::report::Survivor;
use crate::tree::{self, Process, State};

/// How long a program that is to end may take to do so of its own accord.
const TERMINATION: Duration = Duration::from_millis(200);

/// How often we kill what has become our child meanwhile.
const BETWEEN_KILLS: Duration = Duration::from_millis(2);

/// After how long we give up on processes that cannot be killed, or not by us.
const GIVE_UP: Duration = Duration::from_secs(3);

/// Why the keeper wakes up.
#[derive(Clone, Copy, Debug)]
pub(super) enum Event {
    /// A child changed its state.
    Child,
    /// Nobody wants the program any longer.
    End,
}

/// A child of ours: the program, or an orphan from among its descendants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Child {
    pid: u32,
    group: u32,
}

/// The program, and all that it started.
pub(super) struct Family {
    /// The program itself.
    program: u32,
    started: Instant,
    grace: Duration,
    /// The program's exit status and how long it took, once it has ended.
    ended: Option<(ExitStatus, Duration)>,
    /// Whether we asked it to end before it did so by itself.
    asked: bool,
    user: Duration,
    system: Duration,
    peak_memory: u64,
    /// How long the program's first thread executed.
    first_thread: Option<Duration>,
    /// Whether the kernel was told not to account for the children of somebody.
    unaccounted: bool,
    /// Whether there was ever another process than the program itself.
    others: bool,
    survivors: Vec<Survivor>,
    escaped: Vec<Survivor>,
}

impl Family {
    pub(super) fn new(program: u32, started: Instant, grace: Duration) -> Family {
        Family {
            program,
            started,
            grace,
            ended: None,
            asked: false,
            user: Duration::ZERO,
            system: Duration::ZERO,
            peak_memory: 0,
            first_thread: None,
            unaccounted: false,
            others: false,
            survivors: Vec::new(),
            escaped: Vec::new(),
        }
    }

    /// Waits until the program and all that it started have ended, and sees to it that they do.
    pub(super) fn outlive(&mut self, events: &Receiver<Event>) -> io::Result<()> {
        let mut kill_at: Option<Instant> = None;
        while self.is_alive()? {
            let left = kill_at.map(|at| at.saturating_duration_since(Instant::now()));
            let event = match left {
                None => events.recv().map_err(|_| RecvTimeoutError::Disconnected),
                // However much there is to hear of.
                Some(Duration::ZERO) => Err(RecvTimeoutError::Timeout),
                Some(left) => events.recv_timeout(left),
            };
            match event {
                Ok(Event::Child) => {
                    if self.reap()? {
                        kill_at.get_or_insert_with(|| Instant::now() + self.grace);
                    }
                }
                Ok(Event::End) => {
                    self.asked = self.ended.is_none();
                    self.signal_all(Signal::TERM);
                    kill_at = Some(Instant::now() + TERMINATION);
                }
                Err(_) => return self.kill_all(),
            }
        }
        if !cfg!(target_os = "linux") {
            // Here orphans are not handed to us, and what is left of the group is all we know.
            self.signal_group(Signal::KILL);
        }
        Ok(())
    }

    /// Whether there is still a child, alive or not yet reaped.
    fn is_alive(&self) -> io::Result<bool> {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        match rustix::process::waitid(WaitId::All, options) {
            Ok(_) => Ok(true),
            Err(rustix::io::Errno::CHILD) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Takes leave of all children that have ended; says whether the program is among them.
    fn reap(&mut self) -> io::Result<bool> {
        let mut program_ended = false;
        for Child { pid, .. } in self.children() {
            // What is not yet final when it is read here grows only, which does no harm.
            let first_thread = tree::schedule(pid, pid).map(|schedule| schedule.executed);
            let unaccounted = tree::ignores_children(pid);
            let others = pid != self.program || tree::had_children(pid);
            let Some(ResUse { status, rusage }) = wait4::try_wait4_pid(pid)? else {
                continue;
            };
            self.user += rusage.utime;
            self.system += rusage.stime;
            self.peak_memory = self.peak_memory.max(rusage.maxrss);
            self.unaccounted |= unaccounted;
            self.others |= others;
            if pid == self.program {
                self.first_thread = first_thread;
                self.ended = Some((status, self.started.elapsed()));
                program_ended = true;
            }
        }
        Ok(program_ended)
    }

    /// Our children. Their numbers stay theirs until [`reap`](Family::reap) took leave of them.
    fn children(&self) -> Vec<Child> {
        let listed = tree::children(std::process::id()).into_iter();
        let listed = listed.map(|Process { pid, group, .. }| Child { pid, group });
        // Where nothing is listed we know of the program alone.
        let program = Child { pid: self.program, group: self.program };
        let mut children: Vec<Child> =
            listed.chain(self.ended.is_none().then_some(program)).collect();
        children.sort_unstable();
        children.dedup_by_key(|child| child.pid);
        children
    }

    /// Sends a signal to all children, and to the program's process group.
    ///
    /// A group gets a signal at one moment, so that not even processes that beget others all the
    /// time get away. While one of our children is in it, its number is given to no other group.
    fn signal_all(&self, signal: Signal) {
        let children = self.children();
        if children.iter().any(|child| child.pid == self.program || child.group == self.program) {
            self.signal_group(signal);
        }
        for child in children.iter().filter_map(|child| number(child.pid)) {
            // Where a process is gone or belongs to another user, there is nothing to be done:
            // the next look at the children shows whether it matters.
            let _gone = rustix::process::kill_process(child, signal);
        }
    }

    /// Sends a signal to the program's process group.
    fn signal_group(&self, signal: Signal) {
        if let Some(group) = number(self.program) {
            let _gone = rustix::process::kill_process_group(group, signal);
        }
    }

    /// Who lives at this moment. Of processes that are never there when one looks for them, what is
    /// left of those that were.
    fn survivors(&self) -> Vec<Survivor> {
        let descendants = tree::descendants(std::process::id());
        let living = descendants.iter().filter(|process| process.state != State::Ended);
        let living: Vec<Survivor> = living.map(|process| survivor(process.pid)).collect();
        if living.is_empty() {
            self.children().iter().map(|child| survivor(child.pid)).collect()
        } else {
            living
        }
    }

    /// Kills children until there are none.
    fn kill_all(&mut self) -> io::Result<()> {
        self.reap()?;
        if !self.asked && self.is_alive()? {
            self.survivors = self.survivors();
        }
        let give_up = Instant::now() + GIVE_UP;
        loop {
            self.signal_all(Signal::KILL);
            thread::sleep(BETWEEN_KILLS);
            self.reap()?;
            if !self.is_alive()? {
                return Ok(());
            }
            if Instant::now() > give_up {
                self.escaped = self.children().iter().map(|child| survivor(child.pid)).collect();
                return Ok(());
            }
        }
    }

    /// What is to be told at the end.
    pub(super) fn account(&self, refused: Option<io::Error>) -> Value {
        let (status, wall) = self.ended.unzip();
        let list = |processes: &[Survivor]| -> Value {
            let entry = |process: &Survivor| json!([process.pid, process.command]);
            processes.iter().map(entry).collect()
        };
        json!({
            "code": status.and_then(|status| status.code()),
            "signal": status.and_then(|status| status.signal()),
            "asked": self.asked,
            "wall": wall.map(nanoseconds),
            "user": nanoseconds(self.user),
            "system": nanoseconds(self.system),
            "peak_memory": self.peak_memory,
            "first_thread": self.first_thread.map(nanoseconds),
            "whole": nanoseconds(self.started.elapsed()),
            "alone": !self.others && !self.unaccounted && self.escaped.is_empty(),
            "complete": !self.unaccounted && self.escaped.is_empty(),
            "survivors": list(&self.survivors),
            "escaped": list(&self.escaped),
            "cores_refused": refused.map(|error| error.to_string()),
        })
    }
}

fn survivor(pid: u32) -> Survivor {
    Survivor { pid, command: tree::command(pid) }
}

/// A process number as the system wants to have it.
fn number(pid: u32) -> Option<Pid> {
    i32::try_from(pid).ok().and_then(Pid::from_raw)
}

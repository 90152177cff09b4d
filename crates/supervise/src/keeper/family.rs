//! The program and its descendants, as the keeper sees them: its children, who
//! become more as their parents end.

use std::collections::HashSet;
use std::io;
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions};
use serde_json::json;
use wait4::ResUse;

use super::account::Account;
use super::ears::{Ears, Event};
use super::{nanoseconds, now};
use crate::group::Group;
use crate::tree::{self, Process, State};
use crate::usage::{Missing, Survivor};
use crate::wire;

/// How long a program that is to end may take to do so of its own accord.
const TERMINATION: Duration = Duration::from_millis(200);

/// For how long we kill without a pause what has become our child meanwhile.
const WITHOUT_A_PAUSE: Duration = Duration::from_millis(500);

/// How often we do so after that.
const BETWEEN_KILLS: Duration = Duration::from_millis(2);

/// From how many children on there is no time for niceties.
const MANY: usize = 1000;

/// How many processes are asked at their end what they ignored: in a storm there is no time for it.
const ASKED: usize = 1000;

/// After how long we give up on processes that cannot be killed, or not by us.
const GIVE_UP: Duration = Duration::from_secs(3);

/// What is to be done next.
enum Next {
    /// Something has happened.
    Event(Event),
    /// There are more children to take leave of.
    More,
    /// It is time to kill.
    Kill,
}

/// Where a family is.
#[derive(Debug)]
pub(super) struct Place {
    /// Whether we are the first process of a namespace, and all others in it are the family.
    pub(super) is_first: bool,
    /// Its control group, if it has one.
    pub(super) group: Option<Group>,
}

/// The program, and all that it started.
pub(super) struct Family {
    /// The program itself.
    program: u32,
    place: Place,
    grace: Duration,
    /// The connection to the judge.
    judge: UnixStream,
    /// When what is left is killed.
    kill_at: Option<Instant>,
    /// Since when everything is stopped, and what had been stopped before by somebody else.
    paused: Option<(Instant, HashSet<u32>)>,
    account: Account,
}

impl Family {
    pub(super) fn new(program: u32, place: Place, grace: Duration, judge: UnixStream) -> Family {
        let account = Account { alone: true, ..Account::default() };
        Family { program, place, grace, judge, kill_at: None, paused: None, account }
    }

    /// Waits until the program and all that it started have ended, and sees to it that they do.
    pub(super) fn outlive(&mut self, ears: &mut Ears) -> io::Result<()> {
        loop {
            let is_more = self.reap()?;
            if !self.is_alive()? {
                break;
            }
            match self.next(ears, is_more)? {
                Next::Event(Event::Child) | Next::More => {}
                Next::Event(Event::Pause) => self.pause(),
                Next::Event(Event::Resume) => self.resume(),
                Next::Event(Event::End) => {
                    self.resume();
                    self.account.asked |= self.account.ended.is_none();
                    self.signal_all(Signal::TERM);
                    self.kill_at = Some(Instant::now() + TERMINATION);
                }
                Next::Kill => {
                    self.kill_all()?;
                    break;
                }
            }
        }
        if !cfg!(target_os = "linux") {
            // Here orphans are not handed to us, and what is left of the group is all we know.
            self.signal_group(Signal::KILL);
        }
        self.account.all_ended = now();
        Ok(())
    }

    /// Waits for what is to be done next, but not where there `is_more` to take leave of.
    fn next(&self, ears: &mut Ears, is_more: bool) -> io::Result<Next> {
        // While everything stands still, so does the clock of those that are to end.
        let kill_at = self.kill_at.filter(|_| self.paused.is_none());
        let left = kill_at.map(|at| at.saturating_duration_since(Instant::now()));
        if left == Some(Duration::ZERO) {
            // However much there is to hear of.
            return Ok(Next::Kill);
        }
        let patience = if is_more { Some(Duration::ZERO) } else { left };
        Ok(match ears.next(patience)? {
            Some(event) => Next::Event(event),
            None if is_more => Next::More,
            None => Next::Kill,
        })
    }

    /// Tells the judge what there is to tell at the end.
    pub(super) fn tell_the_account(&mut self) -> io::Result<()> {
        let clock = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
        self.account.own = clock.try_into().unwrap_or_default();
        if let Some(group) = &self.place.group {
            self.account.group = group.used();
            group.remove();
        }
        wire::send(&self.judge, &json!({ "account": self.account.to_json() }))
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

    /// Takes leave of children that have ended; says whether there may be more. There is no end to them
    /// where they beget faster than we look, and other things are to be done.
    fn reap(&mut self) -> io::Result<bool> {
        if self.account.ended.is_none() && has_ended(self.program) {
            // What is not yet final when it is read here grows only, which does no harm.
            let first_thread = tree::schedule(self.program, self.program);
            self.account.first_thread = first_thread.map(|schedule| schedule.executed);
            self.account.faults_of_children = tree::faults_of_children(self.program);
            self.account.alone &= self.account.faults_of_children == Some(0);
            self.take_leave(self.program)?;
            self.kill_at.get_or_insert_with(|| Instant::now() + self.grace);
        }
        let mut others = tree::children_of(std::process::id());
        others.retain(|&child| child != self.program && has_ended(child));
        let mut is_more = false;
        for child in others {
            is_more = true;
            self.account.alone = false;
            self.take_leave(child)?;
        }
        Ok(is_more)
    }

    /// Takes leave of a child that has ended.
    fn take_leave(&mut self, child: u32) -> io::Result<()> {
        let disowned = self.account.processes < ASKED && tree::ignores_children(child);
        if let Some(used) = wait4::try_wait4_pid(child)? {
            self.add(child, used, disowned);
        }
        Ok(())
    }

    /// Adds what a child used, its own children included, to the account.
    fn add(&mut self, pid: u32, ResUse { status, rusage }: ResUse, disowned: bool) {
        let account = &mut self.account;
        account.user += rusage.utime;
        account.system += rusage.stime;
        account.peak_memory = account.peak_memory.max(rusage.maxrss);
        account.processes += 1;
        if disowned && !account.missing.contains(&Missing::Disowned) {
            account.missing.push(Missing::Disowned);
        }
        if pid == self.program {
            account.ended = Some(now());
            account.code = status.code();
            account.signal = status.signal();
        }
    }

    /// Our children. Their numbers stay theirs until [`reap`](Family::reap) took leave of them.
    fn children(&self) -> Vec<Process> {
        let mut children = tree::children(std::process::id());
        if children.is_empty() && self.account.ended.is_none() {
            // Where nothing is listed we know of the program alone.
            children.extend(tree::process(self.program).or(Some(Process::unseen(self.program))));
        }
        children
    }

    /// Sends a signal to all children, and to the program's process group.
    ///
    /// A group gets a signal at one moment, so that not even processes that beget others all the
    /// time get away. While one of our children is in it, its number is given to no other group.
    fn signal_all(&self, signal: Signal) {
        #[cfg(target_os = "linux")]
        if self.place.is_first {
            return signal_everybody(signal);
        }
        let children = tree::children_of(std::process::id());
        for pid in children.iter().filter_map(|child| number(*child)) {
            // Where a process is gone or belongs to another user, there is nothing to be done:
            // the next look at the children shows whether it matters.
            let _gone = rustix::process::kill_process(pid, signal);
        }
        if children.len() < MANY {
            self.signal_groups(signal);
        }
    }

    /// Sends a signal to the process groups that are ours for certain.
    fn signal_groups(&self, signal: Signal) {
        let children = self.children();
        let groups: HashSet<u32> = children.iter().map(|child| child.group).collect();
        let ours = |group: &&u32| {
            **group == self.program || children.iter().any(|child| child.pid == **group)
        };
        for group in groups.iter().filter(ours).filter_map(|group| number(*group)) {
            let _gone = rustix::process::kill_process_group(group, signal);
        }
    }

    /// Sends a signal to the program's process group.
    fn signal_group(&self, signal: Signal) {
        if let Some(group) = number(self.program) {
            let _gone = rustix::process::kill_process_group(group, signal);
        }
    }

    /// Stops everything, and says so. What somebody else has stopped is left as it is.
    fn pause(&mut self) {
        if self.paused.is_some() {
            return;
        }
        let at = now();
        let stopped = tree::descendants(std::process::id()).into_iter();
        let stopped = stopped.filter(|process| process.state == State::Stopped);
        let stopped: HashSet<u32> = stopped.map(|process| process.pid).collect();
        if !self.hold(true) {
            self.stop_all();
        }
        self.paused = Some((Instant::now(), stopped));
        // If nobody hears it, there will soon be an end to everything.
        let _gone = wire::send(&self.judge, &json!({ "paused": nanoseconds(at) }));
    }

    /// Holds the members of the control group, or lets them run on; says whether there is one.
    fn hold(&self, hold: bool) -> bool {
        self.place.group.as_ref().is_some_and(|group| group.hold(hold))
    }

    /// Sends a signal to all descendants until each has heard it: some begin meanwhile.
    fn stop_all(&self) {
        const ROUNDS: usize = 10;
        #[cfg(target_os = "linux")]
        if self.place.is_first {
            return signal_everybody(Signal::STOP);
        }
        if !cfg!(target_os = "linux") {
            return self.signal_group(Signal::STOP);
        }
        for _ in 0..ROUNDS {
            let mut running = tree::descendants(std::process::id());
            running.retain(|process| !matches!(process.state, State::Stopped | State::Ended));
            if running.is_empty() {
                return;
            }
            running.iter().for_each(|process| signal_exactly(process, Signal::STOP));
        }
    }

    /// Lets everything run on, if it is stopped, and says so in any case.
    fn resume(&mut self) {
        let at = now();
        if let Some((since, stopped)) = self.paused.take() {
            self.kill_at = self.kill_at.map(|kill_at| kill_at + since.elapsed());
            self.let_run_on(&stopped);
        }
        let _gone = wire::send(&self.judge, &json!({ "resumed": nanoseconds(at) }));
    }

    /// Lets everything run on but what somebody else had stopped.
    fn let_run_on(&self, stopped: &HashSet<u32>) {
        if self.hold(false) {
            // They have not noticed.
        } else if cfg!(target_os = "linux") {
            let mut descendants = tree::descendants(std::process::id());
            descendants.retain(|process| !stopped.contains(&process.pid));
            descendants.iter().for_each(|process| signal_exactly(process, Signal::CONT));
        } else {
            self.signal_group(Signal::CONT);
        }
    }

    /// Who lives at this moment, as far as it can be told. Of processes that are never there when one
    /// looks for them, what is left of those that were.
    fn survivors(&self) -> Vec<Survivor> {
        let descendants = tree::glimpse(std::process::id()).into_iter();
        let is_alive = |pid: &u32| tree::process(*pid).is_some_and(|p| p.state != State::Ended);
        let living: Vec<u32> = descendants.filter(is_alive).take(MANY).collect();
        let found = if living.is_empty() { tree::children_of(std::process::id()) } else { living };
        found.into_iter().take(MANY).map(survivor).collect()
    }

    /// Kills children until there are none.
    fn kill_all(&mut self) -> io::Result<()> {
        if !self.account.asked {
            self.account.survivors = self.survivors();
        }
        let began = Instant::now();
        loop {
            self.place.group.iter().for_each(Group::kill);
            self.signal_all(Signal::KILL);
            while self.reap()? && began.elapsed() < GIVE_UP {}
            if !self.is_alive()? {
                return Ok(());
            }
            if began.elapsed() > GIVE_UP {
                let escaped = tree::children_of(std::process::id()).into_iter().take(MANY);
                self.account.escaped = escaped.map(survivor).collect();
                self.account.missing.push(Missing::Escaped);
                return Ok(());
            }
            if self.place.is_first || began.elapsed() > WITHOUT_A_PAUSE {
                thread::sleep(BETWEEN_KILLS);
            }
        }
    }
}

fn survivor(pid: u32) -> Survivor {
    Survivor { pid, command: tree::command(pid) }
}

/// Whether a child has ended, and we have not taken leave of it.
fn has_ended(child: u32) -> bool {
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    number(child).is_some_and(|child| {
        rustix::process::waitid(WaitId::Pid(child), options).is_ok_and(|status| status.is_some())
    })
}

/// Sends a signal to every process in our namespace but ourselves, at one moment.
#[cfg(target_os = "linux")]
fn signal_everybody(signal: Signal) {
    // The kernel takes a negative number for a group, and -1 for everybody: there is no group 1. There may
    // be nobody left.
    let _nobody = rustix::process::kill_process_group(Pid::INIT, signal);
}

/// Sends a signal to a process that need not be our child, and to no other that has been given its
/// number meanwhile.
fn signal_exactly(process: &Process, signal: Signal) {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{PidfdFlags, pidfd_open, pidfd_send_signal};

        let Some(pid) = number(process.pid) else { return };
        let Ok(itself) = pidfd_open(pid, PidfdFlags::empty()) else { return };
        if tree::process(process.pid).is_some_and(|now| now.born == process.born) {
            let _gone = pidfd_send_signal(itself, signal);
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = (process, signal);
}

/// A process number as the system wants to have it.
fn number(pid: u32) -> Option<Pid> {
    i32::try_from(pid).ok().and_then(Pid::from_raw)
}

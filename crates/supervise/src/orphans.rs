//! Our children that watch over programs, and what is handed to us where one of them was ended by somebody
//! else.
//!
//! In a namespace nothing is: there the kernel ends everything. Elsewhere a program can end its keeper,
//! and what it started is handed to the next one above who says so: us.

use std::io;
use std::process::{Child, Command, ExitStatus};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use wait4::{ResUse, Wait4};

use crate::usage::Survivor;

/// Has orphans handed to us, has nobody look into us, and has the kernel keep what children used until
/// we ask. Once.
///
/// From then on nobody but the superuser can trace this process, and it leaves no core dump: a program
/// of the same user could otherwise take our descriptors, or change what we think.
pub(crate) fn be_handed() -> io::Result<()> {
    static DONE: std::sync::OnceLock<()> = std::sync::OnceLock::new();
    if DONE.set(()).is_err() {
        return Ok(());
    }
    // Where `SIGCHLD` is ignored, nobody can wait for a child. A handler, that of somebody else
    // included, ends that.
    let unasked = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    signal_hook::flag::register(signal_hook::consts::SIGCHLD, unasked)?;
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{
            DumpableBehavior, getpid, set_child_subreaper, set_dumpable_behavior,
        };

        set_child_subreaper(Some(getpid()))?;
        set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    }
    Ok(())
}

/// Our children that watch over programs, and are nobody's orphans.
static OURS: Mutex<Vec<u32>> = Mutex::new(Vec::new());

fn ours() -> MutexGuard<'static, Vec<u32>> {
    OURS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A child of ours that watches over a program. It does not outlive this value.
#[derive(Debug)]
pub(crate) struct Guard {
    child: Child,
    /// Whether we have taken leave of it.
    parted: bool,
}

impl Guard {
    /// Starts one.
    pub(crate) fn start(command: &mut Command) -> io::Result<Guard> {
        // Nobody is to see it and not know it.
        let mut ours = ours();
        let child = command.spawn()?;
        ours.push(child.id());
        Ok(Guard { child, parted: false })
    }

    /// Its process number.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Takes leave of it, once it has ended, for so long. Returns how it ended and what it and all below it
    /// used, by the kernel's own word; nothing where it had to be killed.
    pub(crate) fn wait(&mut self, patience: Duration) -> Option<(ExitStatus, Duration)> {
        const BETWEEN_LOOKS: Duration = Duration::from_micros(200);
        let until = Instant::now() + patience;
        while !self.parted {
            match self.child.try_wait4() {
                Ok(Some(ResUse { status, rusage })) => {
                    self.part();
                    return Some((status, rusage.utime + rusage.stime));
                }
                Ok(None) if Instant::now() < until => thread::sleep(BETWEEN_LOOKS),
                Ok(None) | Err(_) => self.end(),
            }
        }
        None
    }

    /// Ends it.
    fn end(&mut self) {
        // It is our child and we have not taken leave of it, so that nobody else can be hit.
        let _gone = self.child.kill();
        let _gone = self.child.wait();
        self.part();
    }

    fn part(&mut self) {
        self.parted = true;
        ours().retain(|ours| *ours != self.child.id());
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if !self.parted {
            self.end();
        }
    }
}

/// Processes of a program whose keeper was ended.
#[derive(Debug)]
pub(crate) struct Orphans {
    program: u32,
    #[cfg(target_os = "linux")]
    born: u64,
    fate: Fate,
}

/// What became of them.
#[derive(Debug, Default)]
pub(crate) struct Fate {
    /// How the program itself ended, if it was among them.
    pub(crate) program: Option<ExitStatus>,
    /// How many there were.
    pub(crate) ended: usize,
    /// What they used.
    pub(crate) cpu: Duration,
    /// Those that could not be ended.
    pub(crate) left: Vec<Survivor>,
}

#[cfg(target_os = "linux")]
impl Orphans {
    /// After how long we give up.
    const GIVE_UP: Duration = Duration::from_secs(3);

    /// Those of a program, and of a keeper that began then.
    pub(crate) fn of(program: u32, born: u64) -> Orphans {
        Orphans { program, born, fate: Fate::default() }
    }

    /// Ends them all, and takes leave of them.
    pub(crate) fn end(mut self) -> Fate {
        let until = Instant::now() + Orphans::GIVE_UP;
        // One round may end a process whose children are handed to us only then.
        let mut quiet = 0;
        while quiet < 3 && Instant::now() < until {
            let found = self.find();
            quiet = if found.is_empty() { quiet + 1 } else { 0 };
            for process in &found {
                let pid = i32::try_from(process.pid).ok().and_then(rustix::process::Pid::from_raw);
                let kill = |pid| rustix::process::kill_process(pid, rustix::process::Signal::KILL);
                let _gone = pid.map(kill);
                self.take_leave(process.pid);
            }
            thread::sleep(Duration::from_millis(1));
        }
        let left = self.find().into_iter();
        let survivor = |pid| Survivor { pid, command: crate::tree::command(pid) };
        self.fate.left = left.map(|process| survivor(process.pid)).collect();
        self.fate
    }

    /// Children of ours that we did not start: they are in sessions of their own, into which a program
    /// is put before it begins, began after its keeper, and watch over nobody.
    fn find(&self) -> Vec<crate::tree::Process> {
        let us = crate::tree::process(std::process::id()).map(|us| us.session);
        // Nobody may start one between this look and the next.
        let ours = ours();
        let mut children = crate::tree::children(std::process::id());
        children.retain(|child| {
            let is_elsewhere = us.is_some_and(|us| child.session != us);
            child.born >= self.born && is_elsewhere && !ours.contains(&child.pid)
        });
        children
    }

    fn take_leave(&mut self, pid: u32) {
        if let Ok(Some(used)) = wait4::try_wait4_pid(pid) {
            self.fate.ended += 1;
            self.fate.cpu += used.rusage.utime + used.rusage.stime;
            if pid == self.program {
                self.fate.program = Some(used.status);
            }
        }
    }
}

#[cfg(not(target_os = "linux"))]
impl Orphans {
    /// Those of a program.
    pub(crate) fn of(program: u32, _born: u64) -> Orphans {
        Orphans { program, fate: Fate::default() }
    }

    /// Ends the program's process group, which is all that is known of.
    pub(crate) fn end(self) -> Fate {
        let group = i32::try_from(self.program).ok().and_then(rustix::process::Pid::from_raw);
        let kill =
            |group| rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        let _gone = group.map(kill);
        self.fate
    }
}

//! Attaching to a process, and reading along while it runs.

use std::panic::resume_unwind;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::fold::{First, Fold, Limits, Short};
use crate::merge::Merge;
use crate::not_allowed::NotAllowed;
use crate::record::{OutOfSight, Record};
use crate::rings::Rings;
use crate::system;

/// How often the rings are read. Each look costs some microseconds; a ring is full after some 50 ms
/// of 200,000 switches a second.
const PERIOD: Duration = Duration::from_millis(10);
/// How often they are read where a quarter of a ring was filled since the last look.
const SHORT_PERIOD: Duration = Duration::from_millis(2);
/// Records younger than this wait for those of other cores, in nanoseconds. A record is written within
/// a microsecond of its time, unless the host of a virtual machine takes the core away just then.
const HOLD: u64 = 20_000_000;
/// Between beginning a program and ending, even the smallest program needs more than this: 55 µs here.
/// A process that goes out of sight needs 5.
const NO_LIFE: u64 = 20_000;

/// Watches a process, and all that it begets, until it is told to finish.
///
/// Watching does not change what the processes do, and they cannot tell. If a recorder is dropped,
/// watching ends and what was recorded is lost.
#[derive(Debug)]
pub struct Recorder {
    stop: Sender<()>,
    thread: JoinHandle<Record>,
}

impl Recorder {
    /// Attaches to a process that stands ready and has not begun: one thread, which waits, for a byte
    /// from a pipe, say. Once this returns, let it go.
    ///
    /// # Errors
    ///
    /// [`NotAllowed`] says why there is no record, and how to allow one.
    ///
    /// # Panics
    ///
    /// If the system cannot start one more thread.
    pub fn attach(pid: u32) -> Result<Recorder, NotAllowed> {
        match system::thread_count(pid) {
            None => return Err(NotAllowed::NoSuchProcess { pid }),
            Some(1) => {}
            Some(threads) => return Err(NotAllowed::HasBegun { pid, threads }),
        }
        let rings = Rings::open(pid)?;
        let first = First { pid, name: system::name(pid), began: system::now() };
        let fold = Fold::new(Limits::default(), &rings.cores(), first);
        let stolen = system::stolen_ticks();
        let (stop, stopped) = channel();
        let watch = move || {
            let merge = Merge::new(rings.cores().len());
            let mut watch = Watch { rings, merge, fold };
            let mut period = PERIOD;
            while stopped.recv_timeout(period) == Err(RecvTimeoutError::Timeout) {
                period = watch.look();
            }
            watch.finish(&stolen)
        };
        let thread = std::thread::Builder::new().name("switches".to_owned()).spawn(watch);
        Ok(Recorder { stop, thread: thread.expect("one more thread") })
    }

    /// Ends watching. Whatever is still running goes on unseen.
    ///
    /// # Panics
    ///
    /// If the thread that reads the rings did.
    pub fn finish(self) -> Record {
        // It cannot have ended before, unless it panicked.
        let _ = self.stop.send(());
        self.thread.join().unwrap_or_else(|panic| resume_unwind(panic))
    }
}

/// What the thread that reads the rings has at hand.
struct Watch {
    rings: Rings,
    merge: Merge,
    fold: Fold,
}

impl Watch {
    /// Reads what there is: when to look again.
    fn look(&mut self) -> Duration {
        let settled = system::now().saturating_sub(HOLD);
        let fullest = self.rings.read(&mut self.merge);
        self.fold_until(settled);
        if fullest > 0.25 { SHORT_PERIOD } else { PERIOD }
    }

    fn fold_until(&mut self, time: u64) {
        let fold = &mut self.fold;
        self.merge.give_until(time, |event| fold.apply(event));
        for short in self.fold.short_lives() {
            self.fold.out_of_sight.extend(out_of_sight(short));
        }
    }

    fn finish(mut self, stolen: &[(u32, u64)]) -> Record {
        self.rings.stop();
        let end = system::now();
        self.rings.read(&mut self.merge);
        self.rings.read_last_losses(&mut self.merge, end);
        self.fold_until(end + 1);
        let mut record = self.fold.finish(end);
        record.late = self.merge.late();
        add_stolen(&mut record, stolen);
        record
    }
}

/// Whether a process that seems to have ended is merely not shown any longer.
fn out_of_sight(short: Short) -> Option<OutOfSight> {
    let seen_alive = system::is_alive(short.pid);
    let no_life = short.ended - short.began < NO_LIFE;
    let Short { process, ended, .. } = short;
    (seen_alive || no_life).then_some(OutOfSight { process, since: ended, seen_alive })
}

/// What the host took from each core meanwhile. A counter that moved may have moved by almost a tick
/// more than it shows; one that stood still is believed.
fn add_stolen(record: &mut Record, before: &[(u32, u64)]) {
    let after = system::stolen_ticks();
    let of = |ticks: &[(u32, u64)], core| {
        ticks.iter().find(|&&(number, _)| number == core).map_or(0, |&(_, ticks)| ticks)
    };
    for core in &mut record.cores {
        let moved = of(&after, core.number).saturating_sub(of(before, core.number));
        core.stolen = if moved == 0 { 0 } else { (moved + 1) * system::TICK };
    }
}

//! The kernel's rings, one a core: opened, read, and decoded.

use std::io;

use perf_event::events::Software;
use perf_event::{Builder, Clock, ReadFormat, SampleFlag, Sampler};

use crate::decode::Record;
use crate::event::{Event, What};
use crate::merge::Merge;
use crate::not_allowed::NotAllowed;
use crate::system;

/// Each ring holds so much at first: what an ordinary user may lock for each core
/// (`kernel.perf_event_mlock_kb`, less the page that describes the ring). It is some 20,000 records.
const LARGEST: usize = 512 << 10;
/// Where somebody else has locked memory already, rings are made smaller, down to this.
const SMALLEST: usize = 16 << 10;
/// A ring with less room than this may have refused a record.
const FULL: usize = 128;

/// Each record begins with eight bytes that say of what kind it is, and how long.
const HEADER: usize = 8;

/// The rings of all cores.
pub(crate) struct Rings {
    rings: Vec<Ring>,
    size: usize,
    clock_offset: i64,
}

/// The ring of one core.
struct Ring {
    number: u32,
    sampler: Sampler,
    /// How many records the ring itself says were lost.
    lost: u64,
    /// Whether it was full when it was last read, so that what came next may be lost.
    full: bool,
}

impl Rings {
    /// Opens one ring for each core. From now on whatever the process does is recorded.
    pub(crate) fn open(pid: u32) -> Result<Rings, NotAllowed> {
        let mut size = LARGEST;
        loop {
            match Rings::open_with(pid, size) {
                Err(NotAllowed::NoMemory { .. }) if size > SMALLEST => size /= 2,
                result => return result,
            }
        }
    }

    fn open_with(pid: u32, size: usize) -> Result<Rings, NotAllowed> {
        let cores = system::online_cores();
        let mut rings = Vec::with_capacity(cores.len());
        for &number in &cores {
            match Ring::open(pid, number, size) {
                Ok(ring) => rings.push(ring),
                // It went offline since the list was read.
                Err(Refused::Open(error)) if error.raw_os_error() == Some(ENODEV) => {}
                Err(refused) => return Err(refused.explain(pid, cores.len())),
            }
        }
        Ok(Rings { rings, size, clock_offset: system::clock_offset() })
    }

    /// The numbers of the cores.
    pub(crate) fn cores(&self) -> Vec<u32> {
        self.rings.iter().map(|ring| ring.number).collect()
    }

    /// Nothing is recorded from now on.
    pub(crate) fn stop(&mut self) {
        for ring in &mut self.rings {
            // What is recorded nevertheless comes after the end, and is not read.
            let _ = ring.sampler.disable();
        }
    }

    /// Takes all that is in the rings: how full the fullest was, from 0 to 1.
    pub(crate) fn read(&mut self, merge: &mut Merge) -> f64 {
        let mut fullest = 0;
        for (core, ring) in self.rings.iter_mut().enumerate() {
            let was_full = ring.full;
            let mut first = was_full;
            let read = ring.read(self.size, |record| {
                if let Some(mut event) = record.decode(core) {
                    event.time = event.time.wrapping_add_signed(self.clock_offset);
                    if std::mem::take(&mut first) {
                        merge.push(Event { what: What::Sight { lost: 0 }, ..event.clone() });
                    }
                    see(merge, event);
                }
            });
            ring.full = (was_full && read == 0) || read + FULL > self.size;
            if ring.full && !was_full {
                merge.push(sign(core, merge.newest(core), What::Blind));
            }
            fullest = fullest.max(read);
        }
        #[expect(clippy::cast_precision_loss, reason = "a share needs no more than this")]
        let share = fullest as f64 / self.size as f64;
        share
    }

    /// What was lost after the last record of a ring, of which no record can tell.
    pub(crate) fn read_last_losses(&mut self, merge: &mut Merge, end: u64) {
        for (core, ring) in self.rings.iter_mut().enumerate() {
            let lost = ring.lost_in_all().saturating_sub(ring.lost);
            if lost > 0 {
                see(merge, sign(core, end, What::Sight { lost }));
            }
        }
    }
}

/// An event that is no record of the kernel's.
fn sign(core: usize, time: u64, what: What) -> Event {
    Event { time, core, pid: 0, tid: 0, what }
}

/// Takes an event; where it tells of a loss, nothing is known since the one before.
fn see(merge: &mut Merge, event: Event) {
    if matches!(event.what, What::Sight { .. }) {
        merge.push(sign(event.core, merge.newest(event.core), What::Blind));
    }
    merge.push(event);
}

const EPERM: i32 = 1;
const ESRCH: i32 = 3;
const ENOMEM: i32 = 12;
const EACCES: i32 = 13;
const ENODEV: i32 = 19;
const EINVAL: i32 = 22;
const EMFILE: i32 = 24;

/// What the kernel would not do.
enum Refused {
    Open(io::Error),
    Map(io::Error),
}

impl Refused {
    /// Why not.
    fn explain(self, pid: u32, cores: usize) -> NotAllowed {
        let error = match self {
            Refused::Open(error) => error,
            Refused::Map(error) => match error.raw_os_error() {
                Some(EPERM | ENOMEM) => return NotAllowed::NoMemory { error },
                _ => return NotAllowed::Other { doing: "mapping a ring", error },
            },
        };
        let paranoid = system::paranoid().unwrap_or(2);
        match error.raw_os_error() {
            Some(ESRCH) => NotAllowed::NoSuchProcess { pid },
            Some(EMFILE) => NotAllowed::TooManyFiles { cores },
            Some(EINVAL) | None => NotAllowed::OldKernel,
            Some(EPERM | EACCES) if paranoid > 2 => NotAllowed::Setting { paranoid },
            Some(EACCES) => NotAllowed::NotYours { pid },
            _ => NotAllowed::Filtered { error },
        }
    }
}

impl Ring {
    fn open(pid: u32, number: u32, size: usize) -> Result<Ring, Refused> {
        let counter = request(pid, number, true).build().or_else(|error| {
            // Kernels before 6.0 do not count what was lost after the last record.
            if error.raw_os_error() != Some(EINVAL) {
                return Err(error);
            }
            request(pid, number, false).build()
        });
        let sampler = counter.map_err(Refused::Open)?.sampled(size).map_err(Refused::Map)?;
        Ok(Ring { number, sampler, lost: 0, full: false })
    }

    /// Gives all records that are there now: how many bytes they were.
    ///
    /// The kernel may write on meanwhile; no more than twice the ring is read at a time, so that this
    /// ends.
    fn read(&mut self, size: usize, mut take: impl FnMut(&Record<'_>)) -> usize {
        let mut read = 0;
        while read < 2 * size {
            let Some(next) = self.sampler.next_record() else { break };
            let body = next.to_contiguous();
            read += body.len() + HEADER;
            let record = Record { kind: next.ty(), misc: next.misc(), body: &body };
            self.lost += record.lost();
            take(&record);
        }
        read
    }

    /// How many records the kernel says it lost; what is known already where it does not say.
    fn lost_in_all(&mut self) -> u64 {
        let counted = self.sampler.read_full().ok().and_then(|data| data.lost());
        counted.unwrap_or(self.lost)
    }
}

/// What is asked of the kernel.
///
/// The event counts nothing: it only carries the records. Each thread that the process begets
/// inherits it. The core needs not be in a record, since each core has its own ring.
fn request(pid: u32, core: u32, count_lost: bool) -> Builder<'static> {
    let mut request = Builder::new(Software::DUMMY);
    request
        .observe_pid(pid.cast_signed())
        .one_cpu(core as usize)
        .inherit(true)
        .context_switch(true)
        .task(true)
        .comm(true)
        .comm_exec(true)
        .sample_id_all(true)
        .sample(SampleFlag::TID | SampleFlag::TIME)
        .clockid(Clock::MONOTONIC)
        .read_format(if count_lost { ReadFormat::LOST } else { ReadFormat::empty() })
        .enabled(true);
    request
}

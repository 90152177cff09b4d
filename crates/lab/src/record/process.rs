//! What this process records with: decided once, and once more in each copy of the process.

use std::io;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use super::pen;
use super::place::Place;
use super::writer::Writer;
use trace::VARIABLE;

/// What the process records with that did not come about as a copy, if it is recorded.
static WRITER: OnceLock<Option<&'static Writer>> = OnceLock::new();

/// Numbers the tasks of this process, from 1, and those of its copies from where it was.
static TASKS: AtomicU32 = AtomicU32::new(1);

/// What the calling process records with, if it is recorded.
#[inline]
pub(super) fn writer() -> Option<&'static Writer> {
    (*WRITER.get_or_init(from_environment)).and_then(of_this_process)
}

/// Whether it is known already that this process is recorded.
pub(super) fn is_recorded() -> bool {
    WRITER.get().is_some_and(Option::is_some)
}

/// What the calling process records with, where the one that it may be a copy of records with this.
#[inline]
pub(super) fn of_this_process(writer: &'static Writer) -> Option<&'static Writer> {
    if writer.is_of_this_process() { Some(writer) } else { of_copy(writer) }
}

/// The number of a task that starts now.
pub(super) fn number_task() -> u32 {
    TASKS.fetch_add(1, Ordering::Relaxed)
}

#[cold]
fn from_environment() -> Option<&'static Writer> {
    let place = Place::from_environment()?;
    let tell = |error| {
        let path = place.path().display();
        eprintln!("lab: this run is not recorded: {VARIABLE} names `{path}`: {error}");
    };
    begin(&place, None).map_err(tell).ok()
}

/// What a copy of the process records with that records with this.
#[cold]
fn of_copy(parent: &'static Writer) -> Option<&'static Writer> {
    let copy = parent.copy().get_or_init(|| {
        let begun = match parent.place() {
            place @ Place::Folder(_) => begin(place, Some(parent)),
            Place::File(path) => {
                let path = path.display();
                let message =
                    format!("`{path}` is a file, which is for one process; name a folder");
                Err(io::Error::other(message))
            }
        };
        parent.count_copy(begun.is_ok());
        let (us, parent) = (std::process::id(), parent.process());
        let tell = |error| {
            eprintln!("lab: process {us}, forked from {parent}, is not recorded: {error}");
        };
        begun.map_err(tell).ok()
    });
    (*copy).and_then(of_this_process)
}

/// Begins a trace for this process, which may have been copied from one that has another, and records
/// under what circumstances it begins.
fn begin(place: &Place, parent: Option<&Writer>) -> io::Result<&'static Writer> {
    let writer = Writer::begin(place, TASKS.load(Ordering::Relaxed), parent)?;
    writer.readings().for_each(|entry| pen::write(writer, entry, &[]));
    Ok(writer)
}

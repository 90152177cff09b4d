//! What was in a folder, though it may not be there any more.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::Path;

/// Watches a folder.
#[derive(Debug, Default)]
pub(super) struct Watch {
    /// Where the system notes what happens; nothing where it cannot be had.
    #[cfg(target_os = "linux")]
    notes: Option<std::os::fd::OwnedFd>,
    /// The names of all traces that were ever in the folder.
    made: BTreeSet<OsString>,
    /// Whether the folder itself was removed or renamed.
    is_gone: bool,
    /// Whether all that happened is known.
    is_sure: bool,
}

impl Watch {
    /// The names of all traces that were ever in the folder.
    pub(super) fn made(&self) -> impl Iterator<Item = &OsString> {
        self.made.iter()
    }

    /// Whether the folder itself was removed or renamed.
    pub(super) fn is_gone(&self) -> bool {
        self.is_gone
    }

    /// Whether nothing that was in the folder can have gone unseen.
    pub(super) fn is_sure(&self) -> bool {
        self.is_sure
    }
}

#[cfg(target_os = "linux")]
impl Watch {
    /// Watches a folder from now on.
    pub(super) fn begin(folder: &Path) -> Watch {
        use rustix::fs::inotify::{CreateFlags, WatchFlags, add_watch, init};

        let watched = WatchFlags::CREATE
            | WatchFlags::MOVED_TO
            | WatchFlags::DELETE_SELF
            | WatchFlags::MOVE_SELF
            | WatchFlags::ONLYDIR;
        let notes = init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC);
        let notes = notes.and_then(|notes| add_watch(&notes, folder, watched).map(|_| notes)).ok();
        Watch { is_sure: notes.is_some(), notes, ..Watch::default() }
    }

    /// Looks at what has happened meanwhile.
    pub(super) fn look(&mut self) {
        use rustix::fs::inotify::{ReadFlags, Reader};
        use std::mem::MaybeUninit;
        use std::os::unix::ffi::OsStrExt as _;

        let Some(notes) = &self.notes else { return };
        let mut buffer = [MaybeUninit::uninit(); 4096];
        let mut reader = Reader::new(notes, &mut buffer);
        // The end of the notes is an error, too: there are no more yet.
        while let Ok(note) = reader.next() {
            let what = note.events();
            // The system keeps no more than so many notes.
            self.is_sure &= !what.contains(ReadFlags::QUEUE_OVERFLOW);
            self.is_gone |= what.intersects(ReadFlags::DELETE_SELF | ReadFlags::MOVE_SELF);
            let name = note.file_name().map(|name| std::ffi::OsStr::from_bytes(name.to_bytes()));
            self.made
                .extend(name.filter(|name| super::file::is_of_a_trace(name)).map(OsString::from));
        }
    }
}

#[cfg(not(target_os = "linux"))]
impl Watch {
    /// Nobody can watch folders here in the same way everywhere.
    pub(super) fn begin(_folder: &Path) -> Watch {
        Watch::default()
    }

    /// Looks at what has happened meanwhile.
    pub(super) fn look(&mut self) {}
}

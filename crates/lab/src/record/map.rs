//! Memory that is more than memory, seen as words that many may write at once: a mapped file, or a
//! page that the system wipes in forked processes.
//!
//! This is the one place of the workspace that needs `unsafe`.
#![expect(unsafe_code, reason = "mapped memory can be had in no other way")]

use std::fs::File;
use std::io;
use std::slice;
use std::sync::atomic::AtomicU64;

use memmap2::{MmapOptions, MmapRaw};

/// Mapped memory.
#[derive(Debug)]
pub(super) struct Map {
    memory: MmapRaw,
}

impl Map {
    /// Maps the first `words` words of `file`, which must be that long, for reading and writing.
    pub(super) fn new(file: &File, words: usize) -> io::Result<Map> {
        let memory = MmapOptions::new().len(words * size_of::<u64>()).map_raw(file)?;
        Ok(Map { memory })
    }

    /// Maps a word without a file, zero at first, and zero again in every process that is forked from
    /// this one, or says that the system has no such thing.
    #[cfg(target_os = "linux")]
    pub(super) fn wiped_on_fork() -> io::Result<Map> {
        use rustix::mm::{Advice, madvise};

        let memory = MmapRaw::from(MmapOptions::new().len(size_of::<u64>()).map_anon()?);
        // SAFETY: nothing is changed of the memory here, which is ours; and in forked processes it will
        // hold zeros, which are as good as any other bytes for atomics.
        unsafe { madvise(memory.as_mut_ptr().cast(), memory.len(), Advice::LinuxWipeOnFork)? };
        Ok(Map { memory })
    }

    /// The words of it.
    #[inline]
    pub(super) fn words(&self) -> &[AtomicU64] {
        let start = self.memory.as_mut_ptr().cast::<AtomicU64>();
        // SAFETY: the mapping is aligned to a page, holds this many words, all of them initialised
        // (the file's own bytes, or zeros), and lives as long as `self`; it is never seen as
        // anything but atomics here, and other processes' stores are like other threads' stores. A
        // forked process has a mapping of its own at the same address.
        unsafe { slice::from_raw_parts(start, self.memory.len() / size_of::<u64>()) }
    }

    /// Has the system back `words` words with real memory and disk space now,
    /// all at once, instead of at the first store to each page.
    ///
    /// Where this says no, the disk is full and a store would kill the process.
    pub(super) fn populate(&self, first: usize, words: usize) -> bool {
        #[cfg(target_os = "linux")]
        {
            let advice = memmap2::Advice::PopulateWrite;
            let (offset, length) = (first * size_of::<u64>(), words * size_of::<u64>());
            match self.memory.advise_range(advice, offset, length) {
                Ok(()) => true,
                // Before Linux 5.14 the request is unknown, and pages come one by one.
                Err(error) => error.kind() == io::ErrorKind::InvalidInput,
            }
        }
        #[cfg(not(target_os = "linux"))]
        {
            let _ = (first, words);
            true
        }
    }
}

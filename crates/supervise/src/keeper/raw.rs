//! Two calls for which no library in use has a safe word, and what makes them sound.
#![expect(unsafe_code, reason = "rustix leaves these two to whoever knows who uses what")]

#[cfg(target_os = "linux")]
use rustix::thread::UnshareFlags;

/// Closes a descriptor that this process has inherited, by its number.
///
/// Only for a process that has just begun: whoever had opened it himself, and still thought that he has
/// it, would find another one in its place sooner or later.
pub(super) fn close_inherited(number: i32) {
    // SAFETY: the process has just begun, with a single thread, and nobody in it has opened anything
    // that he has not closed again: all descriptors but the standard ones are somebody else's.
    unsafe { rustix::io::close(number) };
}

/// Enters new namespaces; but for process namespaces, into which only children are born.
#[cfg(target_os = "linux")]
pub(super) fn enter_namespaces(namespaces: UnshareFlags) -> rustix::io::Result<()> {
    // With this one flag, a descriptor that one thread opens would not be there for another.
    assert!(!namespaces.contains(UnshareFlags::FILES), "descriptors are shared by all threads");
    // SAFETY: descriptors stay shared, which is all that makes this call unsafe.
    unsafe { rustix::thread::unshare_unsafe(namespaces) }
}

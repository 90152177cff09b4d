//! A lock that the judge keeps.

use std::sync::Arc;

use crate::link::Link;
use crate::wire::Request;
use crate::work::expect_done;

/// The lock of an account, taken. It is let go where this is dropped, as with the guard of a
/// [`Mutex`](std::sync::Mutex).
///
/// It is the judge who keeps the lock: so it sees who has which and who waits for which, and can let another
/// thread come between two of them.
#[derive(Debug)]
#[must_use = "a lock that is not kept is let go at once"]
pub struct Locked {
    link: Arc<Link>,
    account: usize,
}

impl Locked {
    /// Waits until nobody has the lock of this account, and takes it.
    pub(crate) fn lock(link: &Arc<Link>, account: usize) -> Locked {
        expect_done(&link.ask(Request::Lock { account }));
        Locked { link: Arc::clone(link), account }
    }

    /// Lets go of the lock and sleeps, both at once; wakes at a [signal](crate::Work::notify) about this account,
    /// and takes the lock again.
    ///
    /// It is what [`Condvar::wait`](std::sync::Condvar::wait) does, with all that belongs to it: it may return
    /// although there was no signal.
    pub fn wait(&mut self) {
        expect_done(&self.link.ask(Request::Wait { account: self.account }));
    }
}

impl Drop for Locked {
    fn drop(&mut self) {
        self.link.tell(Request::Unlock { account: self.account });
    }
}

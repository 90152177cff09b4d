//! Whom to tell when we are about to be stopped: the keepers of all programs that run.

use std::os::unix::net::UnixStream;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use serde_json::{Value, json};

use crate::wire;

/// How long a keeper may take to stop a program, on however busy a machine.
const PATIENCE: Duration = Duration::from_secs(2);

/// The programs that run.
static RUNNING: Mutex<Vec<Weak<Control>>> = Mutex::new(Vec::new());

/// Our end of the connection to a keeper, for saying something.
#[derive(Debug)]
pub(crate) struct Control {
    keeper: UnixStream,
    /// Whether the keeper has said that everything is stopped.
    paused: Mutex<bool>,
    changed: Condvar,
}

impl Control {
    /// A control that is told when we are stopped.
    pub(crate) fn new(keeper: UnixStream) -> Arc<Control> {
        let control =
            Arc::new(Control { keeper, paused: Mutex::default(), changed: Condvar::default() });
        let mut running = lock(&RUNNING);
        running.retain(|control| control.strong_count() > 0);
        running.push(Arc::downgrade(&control));
        control
    }

    /// Says something. Where the keeper is gone, there is nobody to tell.
    fn say(&self, message: &Value) {
        let _gone = wire::send(&self.keeper, message);
    }

    /// Asks to let everything run on.
    pub(crate) fn resume(&self) {
        self.say(&json!({ "resume": true }));
    }

    /// Asks for the end of everything.
    pub(crate) fn end(&self) {
        let _gone = self.keeper.shutdown(std::net::Shutdown::Write);
    }

    /// Notes what the keeper has said.
    pub(crate) fn note(&self, paused: bool) {
        *lock(&self.paused) = paused;
        self.changed.notify_all();
    }

    /// Waits until the keeper has stopped everything.
    fn wait(&self) {
        let paused = lock(&self.paused);
        let waited = self.changed.wait_timeout_while(paused, PATIENCE, |paused| !*paused);
        drop(waited);
    }
}

/// Has everything stopped, and waits until it is.
pub(crate) fn pause_all() {
    let running: Vec<Arc<Control>> = running();
    running.iter().for_each(|control| control.say(&json!({ "pause": true })));
    running.iter().for_each(|control| control.wait());
}

/// Lets everything run on.
pub(crate) fn resume_all() {
    running().iter().for_each(|control| control.resume());
}

fn running() -> Vec<Arc<Control>> {
    lock(&RUNNING).iter().filter_map(Weak::upgrade).collect()
}

/// What is in there is whole whatever panicked elsewhere.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

//! What a keeper hears of: its children, the judge, and whether the judge was stopped.
//!
//! It listens with a single thread. A second one would have to be given a core before the process can
//! end, and on a busy machine that takes longer than many a program.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use serde_json::Value;
use signal_hook::consts::SIGCHLD;

use super::Post;
use crate::tree;
use crate::wire::Wire;

/// How often somebody looks whether the judge was stopped.
pub(super) const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

/// What the gate says once the judge was stopped; anything else says that it runs again.
pub(super) const STOPPED: u8 = b's';

/// Why the keeper wakes up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// A child changed its state.
    Child,
    /// The judge is stopped, or is about to be.
    Pause,
    /// The judge runs again.
    Resume,
    /// Nobody wants the program any longer.
    End,
}

/// What a keeper hears with.
pub(super) struct Ears {
    children: UnixStream,
    /// The connection to the judge, until it is closed.
    judge: Option<Wire>,
    /// The connection to the gate, where there is one and until it is closed.
    gate: Option<UnixStream>,
    /// How the judge looks from here, where it can be seen, and when somebody looked last.
    sight: Option<(Judge, Instant)>,
    heard: VecDeque<Event>,
}

impl Ears {
    /// Begins to listen.
    pub(super) fn open(judge: Wire, post: Post) -> io::Result<Ears> {
        let (children, called) = UnixStream::pair()?;
        signal_hook::low_level::pipe::register(SIGCHLD, called)?;
        children.set_nonblocking(true)?;
        let (gate, sight) = match post {
            Post::First(gate) => (Some(gate), None),
            Post::Beside => (None, Judge::of_this_process().map(|judge| (judge, Instant::now()))),
        };
        Ok(Ears { children, judge: Some(judge), gate, sight, heard: VecDeque::new() })
    }

    /// Waits for the next event, at most for so long. Of children one hears last: they may call all the
    /// time.
    pub(super) fn next(&mut self, patience: Option<Duration>) -> io::Result<Option<Event>> {
        let until = patience.map(|patience| Instant::now() + patience);
        loop {
            let left = until.map(|until| until.saturating_duration_since(Instant::now()));
            if let Some(event) = self.heard.pop_front() {
                return Ok(Some(event));
            }
            self.listen(left)?;
            if self.heard.is_empty() && left == Some(Duration::ZERO) {
                return Ok(None);
            }
        }
    }

    /// Listens once, at most for so long.
    fn listen(&mut self, patience: Option<Duration>) -> io::Result<()> {
        let look = self.sight.as_ref().map(|_| BETWEEN_LOOKS);
        let unheard = self.judge.as_ref().filter(|judge| judge.has_more()).map(|_| Duration::ZERO);
        let patience = [patience, look, unheard].into_iter().flatten().min();
        let patience = patience.and_then(|patience| Timespec::try_from(patience).ok());
        let sources =
            [Some(&self.children), self.judge.as_ref().map(Wire::socket), self.gate.as_ref()];
        let mut polled: Vec<PollFd<'_>> =
            sources.iter().flatten().map(|source| PollFd::new(*source, PollFlags::IN)).collect();
        match poll(&mut polled, patience.as_ref()) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let mut calls = polled.iter().map(|polled| !polled.revents().is_empty());
        let called = sources.map(|source| source.is_some() && calls.next() == Some(true));
        let [children, judge, gate] = called;
        self.hear_judge(judge);
        self.hear_gate(gate);
        self.look();
        if children {
            let _all_of_it = self.children.read(&mut [0; 64]);
            self.heard.push_back(Event::Child);
        }
        Ok(())
    }

    /// What the judge says. When it closes its end, or is gone, everything is to end.
    fn hear_judge(&mut self, called: bool) {
        let Some(judge) = self.judge.as_mut().filter(|judge| called || judge.has_more()) else {
            return;
        };
        match judge.receive() {
            Ok(Some(message)) => {
                let pause = message["pause"] == Value::Bool(true);
                self.heard.push_back(if pause { Event::Pause } else { Event::Resume });
            }
            Ok(None) | Err(_) => {
                self.judge = None;
                self.heard.push_back(Event::End);
            }
        }
    }

    /// What the gate says of the judge.
    fn hear_gate(&mut self, called: bool) {
        let mut said = [0];
        match self.gate.as_mut().filter(|_| called).map(|gate| gate.read(&mut said)) {
            Some(Ok(1)) if said[0] == STOPPED => self.heard.push_back(Event::Pause),
            Some(Ok(1)) => self.heard.push_back(Event::Resume),
            // Where the gate is gone, we are about to be.
            Some(_) => self.gate = None,
            None => {}
        }
    }

    /// Looks whether somebody has stopped the judge, if it is time.
    fn look(&mut self) {
        let Some((judge, last)) = &mut self.sight else { return };
        if last.elapsed() >= BETWEEN_LOOKS {
            *last = Instant::now();
            let seen = judge.look();
            self.heard
                .extend(seen.map(|stopped| if stopped { Event::Pause } else { Event::Resume }));
        }
    }
}

/// The judge, as others see it.
///
/// Nobody can see coming that he is stopped (`SIGSTOP`). While he is, a program that ran on would print
/// its lines into nobody's ears: when each came could not be told.
pub(super) struct Judge {
    stat: File,
    stopped: bool,
}

impl Judge {
    /// The parent of this process.
    pub(super) fn of_this_process() -> Option<Judge> {
        let parent = std::os::unix::process::parent_id();
        let stat = File::open(format!("/proc/{parent}/stat")).ok()?;
        Some(Judge { stat, stopped: false })
    }

    /// Whether he was stopped, or runs again; `None` where nothing has changed.
    pub(super) fn look(&mut self) -> Option<bool> {
        let mut stat = [0; 512];
        let length = self.stat.read_at(&mut stat, 0).ok()?;
        let stopped = tree::is_stopped(&String::from_utf8_lossy(&stat[..length]));
        (std::mem::replace(&mut self.stopped, stopped) != stopped).then_some(stopped)
    }
}

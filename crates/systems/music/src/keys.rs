//! What the editor answers: a script, so that every evening is the same, or what somebody types.

use std::str::Chars;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::UnboundedReceiver;

use crate::time::until;

/// The script.
pub const TEXT: &str = "for task in tasks { go }";

/// How far apart its keys come.
pub const BETWEEN_KEYS: Duration = Duration::from_millis(60);

/// A key that was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Press {
    /// What it types.
    pub key: char,
    /// When it was pressed.
    pub came: Instant,
}

/// Where keys come from.
#[derive(Debug)]
pub enum Keys {
    /// The letters of the script that are still to come, and when the one before them came.
    Scripted(Chars<'static>, Instant),
    /// A keyboard, which keeps the keys that nobody has asked for yet, and when they came.
    Typed(UnboundedReceiver<Press>),
}

impl Keys {
    /// The keys of the script, from this moment on.
    #[must_use]
    pub fn scripted(start: Instant) -> Keys {
        Keys::Scripted(TEXT.chars(), start)
    }

    /// The next one, once it was pressed; nothing where none will be.
    pub async fn next(&mut self) -> Option<Press> {
        match self {
            Keys::Scripted(letters, before) => {
                let (key, came) = (letters.next()?, *before + BETWEEN_KEYS);
                *before = came;
                until(came).await;
                (!stage::stopped()).then_some(Press { key, came })
            }
            Keys::Typed(presses) => presses.recv().await,
        }
    }
}

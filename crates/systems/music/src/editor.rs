//! The editor: it answers the keys of somebody who types, and does not wait for the answers.

use std::time::{Duration, Instant};

use lab::task::Task;

use crate::time::until;

/// What is typed: a script, so that every evening is the same.
pub const TEXT: &str = "for task in tasks { go }";

/// How far apart the keys come.
pub const BETWEEN_KEYS: Duration = Duration::from_millis(60);

/// Answers all keys, and returns how long each has waited.
///
/// The keyboard keeps the keys that nobody has asked for yet, and when they came.
pub async fn edit(start: Instant) -> Vec<Duration> {
    let task = Task::start("editor");
    let mut waited = Vec::new();
    for (number, key) in (1..).zip(TEXT.chars()) {
        let came = start + BETWEEN_KEYS * number;
        until(came).await;
        if stage::stopped() {
            break;
        }
        task.say(format_args!("Editor - key {number} `{key}`"));
        waited.push(came.elapsed());
    }
    task.end();
    waited
}

//! The editor: it answers the keys of somebody who types, who does not wait for the answers.

use std::time::Duration;

use lab::task::Task;

use crate::keys::{Keys, Press};

/// An editor, and what is typed on.
#[derive(Debug)]
pub struct Editor {
    /// Where its keys come from.
    pub keys: Keys,
}

impl Editor {
    /// Answers all keys, and returns how long each has waited.
    pub async fn edit(mut self) -> Vec<Duration> {
        let task = Task::start("editor");
        let mut waited = Vec::new();
        while let Some(Press { key, came }) = self.keys.next().await {
            let answer = format!("Editor - key {} `{key}`", waited.len() + 1);
            match self.keys {
                Keys::Scripted(..) => task.say(answer),
                Keys::Typed(_) => task.say(format_args!("{answer} after {:.1?}", came.elapsed())),
            }
            waited.push(came.elapsed());
        }
        task.end();
        waited
    }
}

//! What every command's answer for programs has in common: `docs/json.md` describes it.

use serde_json::{Value, json};
use supervise::interrupted;
use words::Outcome;

/// Counts up when a key changes its meaning, or is gone. New keys may come at any time.
pub const VERSION: u32 = 1;

/// An answer: what the command found out besides stands in `content`, an object.
#[must_use]
pub fn answer(command: &str, outcome: Outcome, content: Value) -> Value {
    let mut answer = json!({
        "version": VERSION,
        "command": command,
        "outcome": outcome.name(),
        "passed": outcome == Outcome::Passed && !interrupted(),
        "interrupted": interrupted(),
    });
    let Value::Object(content) = content else { return answer };
    for (key, value) in content {
        answer[key] = value;
    }
    answer
}

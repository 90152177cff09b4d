//! What every command's answer for programs has in common: `docs/json.md` describes it.

use serde_json::{Value, json};
use words::{Outcome, milliseconds};

use crate::examine::Conditions;
use crate::process::interrupted;
use lab::work;

/// Counts up when a key changes its meaning, or is gone. New keys may come at any time.
pub(crate) const VERSION: u32 = 1;

/// An answer: what the command found out besides stands in `content`, an object.
pub(crate) fn answer(
    command: &str,
    outcome: Outcome,
    conditions: Option<&Conditions>,
    content: Value,
) -> Value {
    let mut answer = json!({
        "version": VERSION,
        "command": command,
        "outcome": outcome.name(),
        "passed": outcome == Outcome::Passed && !interrupted(),
        "interrupted": interrupted(),
    });
    let conditions = conditions.map(|conditions| {
        json!({
            "cores": conditions.cores(),
            "slow": conditions.slow,
            "wait_ms": milliseconds(work::wait() * conditions.slow),
        })
    });
    for part in [conditions.unwrap_or_default(), content] {
        let Value::Object(part) = part else { continue };
        for (key, value) in part {
            answer[key] = value;
        }
    }
    answer
}

//! What every answer on lessons has in common: the envelope of all commands, and the conditions under which
//! the lessons ran. `docs/json.md` describes both.

use command::envelope;
use serde_json::{Value, json};
use words::{Outcome, milliseconds};

use crate::examine::Conditions;
use lab::work;

/// An answer: what the command found out besides stands in `content`, an object.
pub(crate) fn answer(
    command: &str,
    outcome: Outcome,
    conditions: Option<&Conditions>,
    content: Value,
) -> Value {
    let mut all = conditions.map_or_else(|| json!({}), to_json);
    if let Value::Object(content) = content {
        content.into_iter().for_each(|(key, value)| all[key] = value);
    }
    envelope::answer(command, outcome, all)
}

fn to_json(conditions: &Conditions) -> Value {
    json!({
        "cores": conditions.cores(),
        "slow": conditions.slow,
        "wait_ms": milliseconds(work::wait() * conditions.slow),
    })
}

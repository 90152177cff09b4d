//! What every command's answer for programs has in common: `docs/json.md` describes it.

use std::collections::{BTreeSet, HashSet};

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

/// Reads what a command has answered, and holds it to the page that describes answers: tests read answers
/// with this, so that no key of any of them is left undescribed.
///
/// # Errors
///
/// If it is something else than JSON.
///
/// # Panics
///
/// If it has a key that no piece of code on that page is.
pub fn read(answer: impl AsRef<[u8]>) -> serde_json::Result<Value> {
    let answer: Value = serde_json::from_slice(answer.as_ref())?;
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/json.md");
    let page = std::fs::read_to_string(page).expect("docs/json.md");
    let described: HashSet<&str> = page.split('`').skip(1).step_by(2).collect();
    let mut keys = BTreeSet::new();
    collect_keys(&answer, &mut keys);
    // Where somebody counts sentences, these are keys.
    keys.retain(|key| !described.contains(key) && !key.contains(' '));
    assert!(keys.is_empty(), "docs/json.md says nothing of {keys:?}");
    Ok(answer)
}

/// The keys of an answer, and of all that is in it.
fn collect_keys<'a>(value: &'a Value, keys: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(fields) => {
            keys.extend(fields.keys().map(String::as_str));
            fields.values().for_each(|inner| collect_keys(inner, keys));
        }
        Value::Array(items) => items.iter().for_each(|inner| collect_keys(inner, keys)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_if_all_of_its_keys_are_described() {
        let answer = answer("demo", Outcome::Passed, json!({ "lessons": [{ "name": "tokio" }] }));
        assert_eq!(read(answer.to_string()).expect("JSON"), answer);
    }

    #[test]
    #[should_panic(expected = "docs/json.md says nothing of {\"undescribed\"}")]
    fn a_key_that_is_not_described_is_found_however_deep_it_is() {
        let _answer = read(r#"{ "lessons": [{ "runs": [{ "undescribed": 1 }] }] }"#);
    }
}

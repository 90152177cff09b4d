//! One line: whom it is about, and what it says.

use regex_lite::Regex;
use serde_json::{Map, Value};

use crate::clean::{clean, is_level};
use crate::name::{self, Named, Role};
use crate::progress::{self, Kind};

/// What was read in a line.
#[derive(Clone, Debug)]
pub(crate) struct Read {
    pub(crate) named: Named,
    pub(crate) kind: Kind,
    /// Whether it names a worker and speaks of what that works at, without a name.
    pub(crate) speaks_of_a_task: bool,
}

/// Reads a line that names its task in one of the usual ways.
pub(crate) fn guess(line: &str) -> Option<Read> {
    let trimmed = line.trim();
    if trimmed.starts_with('{') {
        return serde_json::from_str(trimmed).ok().and_then(|object| structured(&object));
    }
    let cleaned = clean(trimmed);
    let text = cleaned.text;
    let found = name::find(text);
    let task = match &found {
        Some(named) if named.role == Role::Worker => name::task_anywhere(text, named.span[1]),
        Some(_) => None,
        None if cleaned.worker.is_some() => name::task_anywhere(text, 0),
        None => None,
    };
    let named = task.or_else(|| found.clone().filter(|named| named.role == Role::Task));
    let pairs = || name::in_pairs(trimmed);
    if let Some(named) = named {
        return Some(read(text, named));
    }
    match pairs() {
        Some(named) if named.role == Role::Task || found.is_none() => Some(read(trimmed, named)),
        _ => found.map(|named| read(text, named)).or_else(|| {
            cleaned.worker.map(|mut named| {
                named.span = [0, 0];
                read(text, named)
            })
        }),
    }
}

/// Reads a line whose task a given pattern names.
pub(crate) fn given(pattern: &Regex, line: &str) -> Option<Read> {
    let find = |text: &str| {
        let found = pattern.captures(text)?;
        let name = found.iter().skip(1).find_map(|group| group)?;
        let named =
            Named::new("", name.as_str(), name.as_str(), Role::Task, [name.start(), name.end()]);
        // Who gives a pattern tells `a` from `A`.
        Some(read(text, Named { id: name.as_str().to_owned(), ..named }))
    };
    let text = clean(line).text;
    find(line).or_else(|| if text == line { None } else { find(text) })
}

fn read(text: &str, named: Named) -> Read {
    let [start, end] = named.span;
    let (before, after) = (&text[..start], &text[end..]);
    let kind = progress::kind(before, after);
    let is_worker = named.role == Role::Worker;
    let speaks_of_a_task = is_worker && name::speaks_of_a_task(&format!("{before} {after}"));
    Read { named, kind, speaks_of_a_task }
}

/// `{"task": 7, "message": "begin"}`, be it within another object.
fn structured(object: &Map<String, Value>) -> Option<Read> {
    let named = name::prefer_tasks(names(object).into_iter())
        .or_else(|| message(object).and_then(|text| guess(text).map(|read| read.named)))?;
    let text = message(object).unwrap_or_default();
    let kind = progress::kind("", text);
    let speaks_of_a_task = named.role == Role::Worker && name::speaks_of_a_task(text);
    Some(Read { named, kind, speaks_of_a_task })
}

fn names(object: &Map<String, Value>) -> Vec<Named> {
    let mut found = Vec::new();
    for (key, value) in object {
        let id = match value {
            Value::String(text) if !text.is_empty() && !is_level(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Object(inner) => {
                found.extend(names(inner));
                continue;
            }
            _ => continue,
        };
        if let Some((kind, role)) = name::key(key) {
            found.push(Named::new(kind, &id, &format!("{kind} {id}"), role, [0, 0]));
        }
    }
    found
}

fn message(object: &Map<String, Value>) -> Option<&str> {
    let keys = ["message", "msg", "event", "state", "status"];
    keys.iter()
        .find_map(|key| object.get(*key)?.as_str())
        .or_else(|| object.get("fields").and_then(Value::as_object).and_then(message))
}

//! The usual ways to name a task in a line.
//!
//! A guess must not take a phase, a level or a key for a task. So a name is a word
//! for what is carried out with a number or a letter, or a number in a place where
//! programs put one, at the beginning of a line.

use crate::front;
use crate::progress::{self, Kind};

/// Whether a name is of what is carried out, or of what carries it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Task,
    Worker,
}

/// A name, and where in the text it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    /// The kind of thing that it is, in lower case; names of one kind are held against each other.
    pub(crate) kind: String,
    /// What tells it from others of its kind.
    pub(crate) id: String,
    /// As the line has it.
    pub(crate) name: String,
    pub(crate) role: Role,
    /// The bytes of the text that are the name.
    pub(crate) span: [usize; 2],
}

/// Words for what is carried out, in lower case.
const TASKS: &[&str] = &[
    "task",
    "job",
    "request",
    "req",
    "client",
    "connection",
    "conn",
    "session",
    "query",
    "download",
    "upload",
    "transfer",
    "coroutine",
    "coro",
    "fiber",
    "future",
    "actor",
    "philosopher",
    "producer",
    "consumer",
    "reader",
    "writer",
    "user",
    "order",
    "call",
    "taskid",
    "vu",
    "jobid",
    "goroutine",
    "target",
    "aufgabe",
    "auftrag",
    "tâche",
    "tache",
    "tarea",
    "tarefa",
    "compito",
    "zadanie",
    "úkol",
    "görev",
    "taak",
    "задача",
    "задание",
    "завдання",
    "任务",
    "任務",
    "作业",
    "タスク",
    "ジョブ",
    "작업",
    "태스크",
];

/// Words for what carries tasks out.
const WORKERS: &[&str] = &[
    "worker",
    "thread",
    "process",
    "proc",
    "executor",
    "rank",
    "runner",
    "threadid",
    "child",
    "gw",
    "forkpoolworker",
    "spawnpoolworker",
    "arbeiter",
    "hilo",
    "fil",
    "поток",
    "процесс",
    "рабочий",
    "线程",
    "进程",
    "スレッド",
    "스레드",
];

/// Words that stand before the name of a task, as in `Starting task 7`.
const VERBS: &[&str] = &[
    "starting",
    "start",
    "started",
    "begin",
    "beginning",
    "began",
    "running",
    "run",
    "executing",
    "finishing",
    "finished",
    "finish",
    "completed",
    "completing",
    "done",
    "ending",
    "end",
    "ended",
    "processing",
    "processed",
    "handling",
    "handled",
    "stopping",
    "stopped",
    "exiting",
    "resuming",
    "resumed",
    "pausing",
    "leaving",
    "entering",
    "now",
    "the",
    "with",
    "in",
    "from",
    "hello",
    "got",
    "waiting",
    "for",
    "submitting",
    "submitted",
    "queueing",
    "queued",
    "spawning",
    "spawned",
    "creating",
    "created",
    "launching",
    "joining",
    "shutting",
    "down",
    "scheduling",
    "assigning",
    "acquiring",
    "of",
    "this",
    "is",
    "i",
    "am",
    "cancelling",
    "retrying",
    "continuing",
    "working",
    "on",
    "inside",
    "serving",
    "starte",
    "beende",
    "début",
    "fin",
    "de",
    "la",
    "начало",
    "конец",
];

/// Words between a kind of thing and a colon that are not the name of one.
const NOT_NAMES: &[&str] = &[
    "name",
    "id",
    "list",
    "pool",
    "queue",
    "count",
    "number",
    "time",
    "info",
    "error",
    "warning",
    "agent",
    "body",
    "header",
    "headers",
    "type",
    "size",
    "state",
    "url",
    "path",
    "key",
    "string",
    "plan",
    "output",
    "input",
    "log",
    "cancelled",
    "canceled",
    "refused",
    "reset",
    "lost",
    "timeout",
    "order",
    "and",
    "or",
    "priority",
    "mode",
    "group",
    "class",
    "data",
    "config",
    "limit",
    "dropped",
    "panicked",
    "aborted",
    "killed",
    "skipped",
    "rejected",
    "received",
    "is",
    "was",
    "has",
    "method",
];

/// What stands between the kind of thing and its number or letter, the longer before the shorter.
const SEPARATORS: &[&str] = &[
    "{id=", "[id=", "[#", " ID: ", " id: ", " ID ", " id ", " <", " :", " #", " (", " [", " '",
    " \"", "-", "_", "#", "(", "[", ":", "=", ".", " ",
];

/// The signs that close a name, by those that open it.
const CLOSES: &[(&str, char)] =
    &[("(", ')'), ("[", ']'), ("[#", ']'), (" <", '>'), ("{id=", '}'), ("'", '\''), ("\"", '"')];

/// Keys of structured lines whose value names a task or a worker.
const KEYS: &[(&str, Role)] = &[
    ("task", Role::Task),
    ("job", Role::Task),
    ("jid", Role::Task),
    ("request", Role::Task),
    ("req", Role::Task),
    ("conn", Role::Task),
    ("connection", Role::Task),
    ("session", Role::Task),
    ("coroutine", Role::Task),
    ("goroutine", Role::Task),
    ("worker", Role::Worker),
    ("thread", Role::Worker),
    ("tid", Role::Worker),
    ("pid", Role::Worker),
];

/// The name that a line begins with, or that follows a verb at its beginning.
pub(crate) fn find(text: &str) -> Option<Named> {
    let start = text.find(is_of_name)?;
    let plain = || word_and_number(text, start).or_else(|| after_verbs(text, start));
    front::in_front(text, start)
        .or_else(plain)
        .or_else(|| pool(text, start))
        .or_else(|| before_step(text))
        .or_else(|| with_sign(text))
}

/// The first task that is named anywhere in the text: where a worker is named, it may say at what.
pub(crate) fn task_anywhere(text: &str, from: usize) -> Option<Named> {
    let mut is_start = true;
    let starts = text[from..].char_indices().filter(|(_, letter)| {
        let starts_here = is_start && letter.is_alphanumeric();
        is_start = !letter.is_alphanumeric();
        starts_here
    });
    let mut found = starts.filter_map(|(at, _)| word_and_number(text, from + at));
    found.find(|named| named.role == Role::Task)
}

/// Whether the text speaks of tasks, be it without naming one: `got a job`.
pub(crate) fn speaks_of_a_task(text: &str) -> bool {
    let text = text.to_lowercase();
    let mut words = text.split(|letter: char| !letter.is_alphabetic());
    words.any(|word| {
        let single = word.strip_suffix('s').unwrap_or(word);
        !word.is_empty()
            && (TASKS.contains(&single) || ["item", "work", "message"].contains(&single))
    })
}

/// What a key of a structured line means, where it means anything here.
pub(crate) fn key(key: &str) -> Option<(&'static str, Role)> {
    let key = key.trim_start_matches('@').to_lowercase();
    let plain = key
        .strip_suffix("_id")
        .or_else(|| key.strip_suffix(".id"))
        .or_else(|| key.strip_suffix("id"));
    let plain = plain.or_else(|| key.strip_suffix("name")).or_else(|| key.strip_suffix("_name"));
    let known =
        |key: &str| KEYS.iter().find(|(known, _)| *known == key.trim_end_matches('_')).copied();
    known(&key).or_else(|| plain.and_then(known))
}

/// The name that `key=value` gives, anywhere in the line.
pub(crate) fn in_pairs(text: &str) -> Option<Named> {
    let pairs = text.match_indices('=').filter_map(|(equals, _)| {
        let start = text[..equals].rfind(|letter: char| !is_of_name(letter) && letter != '.');
        let start = start.map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
        let (kind, role) = key(&text[start..equals])?;
        let value = &text[equals + 1..];
        let quoted = value.strip_prefix('"');
        let (value, skipped) = quoted.map_or((value, 1), |value| (value, 2));
        let is_end = |letter: char| {
            if quoted.is_some() { letter == '"' } else { " \t,;}])".contains(letter) }
        };
        let value = &value[..value.find(is_end).unwrap_or(value.len())];
        let span = [start, equals + skipped + value.len()];
        (!value.is_empty()).then(|| Named::new(kind, value, &format!("{kind} {value}"), role, span))
    });
    prefer_tasks(pairs)
}

/// A task, if there is one, else the first worker.
pub(crate) fn prefer_tasks(found: impl Iterator<Item = Named>) -> Option<Named> {
    let mut worker = None;
    for named in found {
        if named.role == Role::Task {
            return Some(named);
        }
        worker = worker.or(Some(named));
    }
    worker
}

impl Named {
    pub(crate) fn new(kind: &str, id: &str, name: &str, role: Role, span: [usize; 2]) -> Named {
        Named {
            kind: kind.to_lowercase(),
            id: id.to_lowercase(),
            name: name.to_owned(),
            role,
            span,
        }
    }
}

fn is_of_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

pub(crate) fn word_end(text: &str, from: usize, is_in: impl Fn(char) -> bool) -> usize {
    text[from..].find(|letter| !is_in(letter)).map_or(text.len(), |at| from + at)
}

/// `Task A`, `worker-3`, `job_12`, `Task(1)`, `ThreadId(3)`, `request{id=3}`, `タスク2`.
fn word_and_number(text: &str, start: usize) -> Option<Named> {
    let end = word_end(text, start, char::is_alphabetic);
    let (word, at) = kind_at(text, start, end)?;
    let role = if WORKERS.contains(&word.as_str()) { Role::Worker } else { Role::Task };
    let rest = &text[at..];
    let separator = SEPARATORS.iter().find(|separator| rest.starts_with(**separator));
    let separator = separator.copied().unwrap_or_default();
    let from = at + separator.len();
    let until = separated_end(text, from, separator)?;
    let id = &text[from..until];
    let is_glued = separator.is_empty()
        && word.is_ascii()
        && !id.starts_with(|first: char| first.is_ascii_digit());
    if is_glued || is_amount(&word, &text[until..]) {
        return None;
    }
    let is_closed = CLOSES
        .iter()
        .any(|(open, close)| separator.ends_with(open) && text[until..].starts_with(*close));
    let until = until + usize::from(is_closed);
    Some(Named::new(&word, id, &text[start..until], role, [start, until]))
}

/// Where the name ends that stands after such a separator.
fn separated_end(text: &str, from: usize, separator: &str) -> Option<usize> {
    match separator {
        " '" | " \"" => quoted_end(text, from),
        // Gradle's `Task :app:compileJava`.
        " :" => {
            let is_in = |letter: char| letter.is_alphanumeric() || ":-_".contains(letter);
            Some(word_end(text, from, is_in)).filter(|end| *end > from)
        }
        " " => id_end(text, from).or_else(|| called_end(text, from)),
        _ => id_end(text, from),
    }
}

/// The word for a kind of thing that begins here, and where it ends.
fn kind_at(text: &str, start: usize, end: usize) -> Option<(String, usize)> {
    let word = text[start..end].to_lowercase();
    let is_known = |word: &str| TASKS.contains(&word) || WORKERS.contains(&word);
    if is_known(&word) {
        return Some((word, end));
    }
    // Scripts without blanks: `タスクA`, `任务甲`.
    let all = TASKS.iter().chain(WORKERS).filter(|known| !known.is_ascii());
    let kind = all
        .filter(|known| text[start..end].starts_with(**known))
        .max_by_key(|known| known.len())?;
    let is_letter = text[start + kind.len()..end].chars().count() == 1;
    is_letter.then(|| ((*kind).to_owned(), start + kind.len()))
}

/// Where a number, or a letter that stands alone, ends.
fn id_end(text: &str, from: usize) -> Option<usize> {
    let end = word_end(text, from, |letter| letter.is_ascii_alphanumeric() || letter == '_');
    let id = &text[from..end];
    let has_digit = id.chars().any(|letter| letter.is_ascii_digit());
    if has_digit {
        // `proc-macro2` is no process.
        let letters = id.chars().take_while(char::is_ascii_alphabetic).count();
        let is_hexadecimal = id.chars().all(|letter| letter.is_ascii_hexdigit());
        if letters > 2 && !is_hexadecimal {
            return None;
        }
        // `5f0c5b7e-…`: a name that is meant to be one of a kind in the world.
        let all = word_end(text, from, |letter| letter.is_ascii_hexdigit() || letter == '-');
        let part_of_number = text[end..]
            .strip_prefix('.')
            .is_some_and(|rest| rest.starts_with(|next: char| next.is_ascii_digit()));
        let is_share = text[end..].trim_start().starts_with('%');
        return (!part_of_number && !is_share).then(|| if all - from == 36 { all } else { end });
    }
    let mut letters = text[from..].chars();
    let letter = letters.next().filter(|letter| letter.is_alphabetic())?;
    let next = letters.next();
    let is_alone = next.is_none_or(|next| !next.is_alphanumeric() && !"'’_".contains(next));
    let is_plain_end = next.is_none_or(|next| ":-])|,>".contains(next))
        || text[from + letter.len_utf8()..].starts_with(" -");
    (is_alone && (!letter.is_lowercase() || is_plain_end)).then_some(from + letter.len_utf8())
}

/// Where a word ends that stands between the kind of thing and a colon, as in `future left: begin`.
fn called_end(text: &str, from: usize) -> Option<usize> {
    let end = word_end(text, from, char::is_alphabetic);
    let word = text[from..end].to_lowercase();
    let is_name = (2..=20).contains(&word.len())
        && !NOT_NAMES.contains(&word.as_str())
        && progress::kind("", &word) == Kind::Unknown;
    (is_name && text[end..].starts_with(": ")).then_some(end)
}

fn quoted_end(text: &str, from: usize) -> Option<usize> {
    let end = from + text[from..].find(['\'', '"'])?;
    (from < end && end - from < 60).then_some(end)
}

/// Whether the number counts things: `Process 10 files`.
fn is_amount(word: &str, rest: &str) -> bool {
    let next =
        rest.trim_start().split(|letter: char| !letter.is_alphabetic()).next().unwrap_or_default();
    let is_verb =
        ["process", "download", "upload", "order", "call", "transfer", "query"].contains(&word);
    let counted = [
        "ms", "s", "seconds", "items", "files", "times", "tasks", "jobs", "threads", "workers",
        "bytes", "records", "rows",
    ];
    rest.starts_with(' ')
        && (counted.contains(&next)
            || is_verb
                && next.ends_with('s')
                && !next.ends_with("ss")
                && next.len() > 5
                && !["starts", "begins", "finishes"].contains(&next))
}

/// `Starting task 7`, `Finished 'build' after 2 s`.
fn after_verbs(text: &str, start: usize) -> Option<Named> {
    let mut at = start;
    for place in 0..4 {
        let end = word_end(text, at, char::is_alphabetic);
        if !VERBS.contains(&text[at..end].to_lowercase().as_str()) {
            return None;
        }
        let rest = &text[end..];
        if let Some(quoted) = rest.strip_prefix(" '").filter(|_| place == 0) {
            let until = end + 2 + quoted.find('\'').filter(|end| *end > 0)?;
            return Some(Named::new(
                "'",
                &text[end + 2..until],
                &text[end + 2..until],
                Role::Task,
                [end + 1, until + 1],
            ));
        }
        at = end + rest.find(is_of_name)?;
        if !rest[..at - end].trim_matches([' ', '.', ':', '-', '>', '[', '(']).is_empty() {
            return None;
        }
        if let Some(named) = word_and_number(text, at).or_else(|| pool(text, at)) {
            return Some(named);
        }
    }
    None
}

/// `pool-1-thread-2`, `ThreadPoolExecutor-0_1`, `DefaultDispatcher-worker-3`.
fn pool(text: &str, start: usize) -> Option<Named> {
    let end =
        word_end(text, start, |letter| letter.is_ascii_alphanumeric() || "_-@".contains(letter));
    let word = &text[start..end];
    let lower = word.to_lowercase();
    let is_pool = ["thread", "worker", "pool", "executor", "process-"]
        .iter()
        .any(|part| lower.contains(part));
    let digits = word.chars().rev().take_while(char::is_ascii_digit).count();
    let before = word[..word.len() - digits].chars().next_back();
    let is_numbered = digits > 0 && before.is_some_and(|before| "-_@".contains(before));
    (is_pool && is_numbered).then(|| Named::new("pool", word, word, Role::Worker, [start, end]))
}

/// `It's me, thread #3!`: with such a sign, a worker is named wherever it stands.
fn with_sign(text: &str) -> Option<Named> {
    let (before, _) = text.split_once(" #")?;
    let start = before.rfind(|letter: char| !letter.is_alphabetic());
    let start = start.map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    // Not `Merge pull request #3`.
    word_and_number(text, start).filter(|named| named.role == Role::Worker)
}

/// `Alice - step 7`
fn before_step(text: &str) -> Option<Named> {
    let lower = text.to_ascii_lowercase();
    let end = lower.find(" - step")?;
    let is_word = !lower[end + 7..].starts_with(|next: char| next.is_alphabetic());
    let name = text[..end].trim();
    let is_in = |letter: char| letter.is_alphanumeric() || " _-".contains(letter);
    let is_name = !name.is_empty() && name.len() <= 30 && name.chars().all(is_in);
    (is_word && is_name).then(|| Named::new("-", name, name, Role::Task, [0, end]))
}

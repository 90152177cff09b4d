//! What a logger puts before a line: colours, times, levels and its own name.
//!
//! None of these names a task, and each hides the words that do. A thread's name
//! in front is kept, as it says who worked.

use crate::name::{self, Named, Role};

/// How urgent a line is, in the words of the usual loggers.
const LEVELS: &[&str] = &[
    "trace",
    "debug",
    "info",
    "information",
    "notice",
    "warn",
    "warning",
    "error",
    "err",
    "crit",
    "critical",
    "fatal",
    "severe",
    "fine",
    "verbose",
    "inf",
    "wrn",
    "dbg",
];

const MONTHS: &[&str] =
    &["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A line without what a logger put before it.
#[derive(Debug)]
pub(crate) struct Cleaned<'a> {
    /// What is left.
    pub(crate) text: &'a str,
    /// The thread that the logger named.
    pub(crate) worker: Option<Named>,
}

/// The states of a line that was written over and over, as progress bars are.
pub(crate) fn states(line: &str) -> impl Iterator<Item = &str> {
    line.split('\r').filter(|state| !state.trim().is_empty())
}

/// The text without what colours it, moves the cursor or sets a title.
pub(crate) fn without_escapes(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter != '\u{1b}' {
            plain.extend((letter == '\t' || !letter.is_control()).then_some(letter));
            continue;
        }
        match letters.next() {
            Some('[') => _ = letters.find(|letter| ('@'..='~').contains(letter)),
            Some(']') => _ = letters.find(|letter| ['\u{7}', '\\'].contains(letter)),
            _ => {}
        }
    }
    plain
}

/// Whether this is a level of urgency.
pub(crate) fn is_level(word: &str) -> bool {
    LEVELS.contains(&word.to_lowercase().as_str())
}

/// Takes away what a logger put before the line.
pub(crate) fn clean(line: &str) -> Cleaned<'_> {
    let mut text = line.trim();
    let mut worker = None;
    let mut is_logged = false;
    // No logger puts more before a line than this.
    for _ in 0..8 {
        let rest = after_time(text)
            .or_else(|| after_level(text))
            .or_else(|| is_logged.then(|| after_logger(text)).flatten());
        if let Some(rest) = rest {
            text = rest;
            is_logged = true;
        } else if let Some((found, rest)) = dated(text) {
            worker = worker.or(found);
            text = rest;
            is_logged = true;
        } else if let Some((found, rest)) = thread(text, is_logged) {
            worker = worker.or(found);
            text = rest;
        } else {
            break;
        }
    }
    Cleaned { text, worker }
}

/// The text after signs that only separate.
fn after_separators(text: &str) -> &str {
    let text = text.trim_start();
    let rest = text.trim_start_matches(['-', '|', ':', ',', '—']);
    if rest.starts_with([' ', '\t']) || rest.is_empty() || text.starts_with(':') {
        rest.trim_start()
    } else {
        text
    }
}

/// What stands in brackets at the beginning, and what follows them.
fn in_brackets(text: &str) -> Option<(&str, &str)> {
    let close = match text.chars().next()? {
        '[' => ']',
        '(' => ')',
        '<' => '>',
        _ => return None,
    };
    text[1..].split_once(close)
}

/// The first word, and what follows it.
fn first_word(text: &str) -> (&str, &str) {
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    text.split_at(end)
}

fn after_time(text: &str) -> Option<&str> {
    if let Some((inner, rest)) = in_brackets(text) {
        let mut parts = inner.split_whitespace().peekable();
        parts.peek()?;
        return parts.all(is_time).then(|| after_separators(rest));
    }
    if let Some(rest) = after_glog(text).or_else(|| after_syslog(text)) {
        return Some(rest);
    }
    let (word, rest) = first_word(text);
    is_time(word.trim_end_matches([':', ',', ']'])).then(|| after_separators(rest))
}

/// What begins with a time in brackets and has more there: `[12:00:01: INFO/ForkPoolWorker-3]`.
fn dated(text: &str) -> Option<(Option<Named>, &str)> {
    let (inner, rest) = in_brackets(text)?;
    let mut parts = inner.split([' ', '/']).map(|part| part.trim_end_matches([':', ',']));
    let is_dated = parts.next().is_some_and(is_time);
    let worker = parts.find_map(|part| name::find(part).filter(|named| named.role == Role::Worker));
    is_dated.then(|| (worker, after_separators(rest)))
}

/// Whether the word is a date, a time of the day, or seconds with many digits.
fn is_time(word: &str) -> bool {
    let letters = "0123456789-:/.,TZ+s";
    if !word.starts_with(|first: char| first.is_ascii_digit() || first == '+')
        || !word.chars().all(|letter| letters.contains(letter) || letter == 'm')
    {
        return false;
    }
    let digits = |part: &str| part.chars().take_while(char::is_ascii_digit).count();
    let mut parts = word.split(':');
    let hours = parts.next().unwrap_or_default();
    let is_clock = hours.ends_with(|last: char| last.is_ascii_digit())
        && parts.next().is_some_and(|minutes| digits(minutes) == 2);
    let is_date = digits(word) == 4 && word[4..].starts_with(['-', '/']) && word.len() >= 10;
    let is_seconds = word.split_once('.').is_some_and(|(_, part)| {
        digits(part) >= 3 && part[digits(part)..].trim_end_matches(['s', 'Z']).is_empty()
    });
    let is_age = word.starts_with('+') && word.ends_with('s');
    is_clock || is_date || is_seconds || is_age
}

/// `I0102 15:04:05.678901    1234 file.go:12] text`
fn after_glog(text: &str) -> Option<&str> {
    let (word, rest) = first_word(text);
    let day = word.strip_prefix(['I', 'W', 'E', 'F'])?;
    let is_day = day.len() == 4 && day.chars().all(|digit| digit.is_ascii_digit());
    is_day.then(|| rest.split_once("] ")).flatten().map(|(_, rest)| rest)
}

/// `Jan  2 15:04:05 host program[123]: text`
fn after_syslog(text: &str) -> Option<&str> {
    let (month, rest) = first_word(text);
    let (_, rest) = MONTHS.contains(&month).then(|| first_word(rest.trim_start()))?;
    let (time, rest) = first_word(rest.trim_start());
    let (_, rest) = is_time(time).then(|| first_word(rest.trim_start()))?;
    rest.split_once(": ").map(|(_, rest)| rest)
}

fn after_level(text: &str) -> Option<&str> {
    if let Some((inner, rest)) = in_brackets(text) {
        return is_level(inner.trim()).then(|| after_separators(rest));
    }
    let end = text.find(|letter: char| !letter.is_alphabetic()).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    let is_loud = word.chars().all(char::is_uppercase);
    let is_marked = is_loud || rest.starts_with(':');
    // `INFO[0003]`: the seconds since the start, glued to the level by logrus.
    let seconds =
        in_brackets(rest).filter(|(inner, _)| inner.chars().all(|it| it.is_ascii_digit()));
    let rest = seconds.map_or(rest, |(_, rest)| rest);
    (is_level(word) && is_marked).then(|| after_separators(rest))
}

/// The name of a logger or of the place in the source, after a time or a level.
fn after_logger(text: &str) -> Option<&str> {
    let is_name = |word: &str| {
        let is_plain =
            word.chars().all(|letter| letter.is_alphanumeric() || "_.:$/-".contains(letter));
        !word.is_empty() && is_plain && name::find(word).is_none()
    };
    // Spring's number of the process: `1 --- [main] c.a.Main : text`.
    if let Some((number, rest)) = text.split_once(" --- ")
        && number.chars().all(|digit| digit.is_ascii_digit())
    {
        return Some(rest);
    }
    if let Some((inner, rest)) = in_brackets(text) {
        let is_word = inner.starts_with(char::is_alphabetic);
        return (is_word && is_name(inner)).then(|| after_separators(rest));
    }
    let (word, rest) = first_word(text);
    // Airflow's place in the source: `{task.py:12} INFO - text`.
    if word.starts_with('{') && word.ends_with('}') && !word.contains(['=', '"']) {
        return Some(after_separators(rest));
    }
    let (next, _) = first_word(after_separators(rest));
    let is_before_level = is_level(next.trim_matches(['[', ']', ':', '-']));
    if let Some((logger, message)) = word.split_once(':').filter(|(logger, _)| is_name(logger)) {
        // `root:Task A started`, but not the beginning of `module::part: text`.
        if !message.is_empty() && !message.contains(':') {
            return Some(&text[logger.len() + 1..]);
        }
    }
    let is_before_dash = rest.trim_start().starts_with("- ") && word.contains(['.', '_']);
    let is_before_colon = rest.trim_start().starts_with(": ") && word.contains('.');
    let is_logger = word.ends_with(':') || is_before_dash || is_before_colon || is_before_level;
    (is_logger && is_name(word.trim_end_matches(':'))).then(|| after_separators(rest))
}

/// The name of a thread before the text: `[pool-1-thread-2]`, `(MainThread)`.
fn thread(text: &str, is_logged: bool) -> Option<(Option<Named>, &str)> {
    let (inner, rest) = in_brackets(text)?;
    let found = name::find(inner).filter(|named| named.role == Role::Worker);
    let is_main =
        ["main", "mainthread", "mainprocess"].contains(&inner.trim().to_lowercase().as_str());
    (found.is_some() || is_logged && is_main).then(|| (found, after_separators(rest)))
}

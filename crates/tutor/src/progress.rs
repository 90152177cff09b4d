//! What a student has done: one line an event, in a file that nobody but the student needs.
//!
//! ```text
//! 1764108600125 02_overlap predicted 3 wrong 1
//! 1764108662380 02_overlap tried alone
//! 1764108791004 02_overlap solved
//! ```
//!
//! A line is a time in milliseconds since 1970, an exercise, and what happened. Lines are only ever added, each in
//! one piece. So two files of two machines are merged by putting one behind the other, in any order and
//! with any line twice; and who deletes the file begins anew. A line that means nothing is passed over.

use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use command::notes;

/// Something that happened to an exercise. Choices count from 1.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Event {
    /// The prediction: the choice, whether it was right, and what was measured.
    Predicted { choice: usize, right: bool, measured: u64 },
    /// It was judged, and this was found.
    Tried { found: String },
    /// It was judged, and passed.
    Solved,
    /// The explanation: the choice, and whether it was right.
    Explained { choice: usize, right: bool },
    /// The hint of this level was read, from 1.
    Hinted { level: usize },
    /// The solution was read before the exercise was solved.
    Revealed,
    /// It need not be done: its prediction was right, and its part's task was solved.
    TestedOut,
}

/// A line of the file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Record {
    /// In milliseconds since 1970.
    time: u64,
    exercise: String,
    event: Event,
}

/// What a student has done.
#[derive(Debug)]
pub(crate) struct Progress {
    path: PathBuf,
    records: Vec<Record>,
}

/// How far a student has come with an exercise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Whether it has ever passed.
    pub(crate) solved: bool,
    /// How often it was judged and did not pass.
    pub(crate) tries: usize,
    /// Whether the first prediction was right, if there was one.
    pub(crate) predicted: Option<bool>,
    /// Whether an explanation was right, if there was one.
    pub(crate) explained: Option<bool>,
    /// How many hints were read.
    pub(crate) hints: usize,
    /// Whether the solution was read before it was solved.
    pub(crate) revealed: bool,
    /// Whether it need not be done.
    pub(crate) tested_out: bool,
}

impl Standing {
    /// Whether nothing is left to do.
    pub(crate) fn is_done(&self) -> bool {
        self.solved || self.tested_out
    }
}

impl Progress {
    /// Reads the file, if it is there.
    pub(crate) fn read(path: &Path) -> Result<Progress> {
        let text = match fs::read(path) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error).context(path.display().to_string()),
        };
        let mut records: Vec<Record> = text.lines().filter_map(Record::read).collect();
        records.sort();
        records.dedup();
        Ok(Progress { path: path.to_owned(), records })
    }

    /// Reads what others have noted meanwhile.
    pub(crate) fn refresh(&mut self) -> Result<()> {
        *self = Progress::read(&self.path)?;
        Ok(())
    }

    /// Notes what happened now.
    pub(crate) fn note(&mut self, exercise: &str, event: Event) -> Result<()> {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let time = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
        let record = Record { time, exercise: exercise.to_owned(), event };
        let noted = notes::append(&self.path, &record.to_string());
        noted.with_context(|| self.path.display().to_string())?;
        self.records.push(record);
        Ok(())
    }

    /// How far a student has come with this exercise.
    pub(crate) fn of(&self, exercise: &str) -> Standing {
        let mut standing = Standing::default();
        for record in self.records.iter().filter(|record| record.exercise == exercise) {
            match record.event {
                Event::Predicted { right, .. } => {
                    standing.predicted.get_or_insert(right);
                }
                Event::Tried { .. } => standing.tries += 1,
                Event::Solved => standing.solved = true,
                Event::Explained { right, .. } => {
                    standing.explained = Some(right || standing.explained == Some(true));
                }
                Event::Hinted { level } => standing.hints = standing.hints.max(level),
                Event::Revealed => standing.revealed = true,
                Event::TestedOut => standing.tested_out = true,
            }
        }
        standing
    }
}

impl Record {
    fn read(line: &str) -> Option<Record> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [time, exercise, event @ ..] = &words[..] else { return None };
        let event = match *event {
            ["predicted", choice, right, measured] => Event::Predicted {
                choice: choice.parse().ok()?,
                right: is_right(right)?,
                measured: measured.parse().ok()?,
            },
            ["tried", found] => Event::Tried { found: found.to_owned() },
            ["solved"] => Event::Solved,
            ["explained", choice, right] => {
                Event::Explained { choice: choice.parse().ok()?, right: is_right(right)? }
            }
            ["hint", level] => Event::Hinted { level: level.parse().ok()? },
            ["revealed"] => Event::Revealed,
            ["tested-out"] => Event::TestedOut,
            _ => return None,
        };
        Some(Record { time: time.parse().ok()?, exercise: (*exercise).to_owned(), event })
    }
}

fn is_right(word: &str) -> Option<bool> {
    match word {
        "right" => Some(true),
        "wrong" => Some(false),
        _ => None,
    }
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = |right: &bool| if *right { "right" } else { "wrong" };
        write!(f, "{} {} ", self.time, self.exercise)?;
        match &self.event {
            Event::Predicted { choice, right, measured } => {
                write!(f, "predicted {choice} {} {measured}", word(right))
            }
            Event::Tried { found } => write!(f, "tried {found}"),
            Event::Solved => f.write_str("solved"),
            Event::Explained { choice, right } => write!(f, "explained {choice} {}", word(right)),
            Event::Hinted { level } => write!(f, "hint {level}"),
            Event::Revealed => f.write_str("revealed"),
            Event::TestedOut => f.write_str("tested-out"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: &str = "\
1 02_a predicted 3 wrong 1
2 02_a tried alone
3 02_a hint 2
4 02_a hint 1
5 02_a solved
6 02_a explained 2 wrong
7 02_a explained 1 right
8 02_a explained 3 wrong
9 02_a revealed
10 02_a tested-out
";

    fn read(text: &str) -> (tempfile::TempDir, Progress) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("progress.txt");
        fs::write(&path, text).expect("a file");
        let progress = Progress::read(&path).expect("progress");
        (folder, progress)
    }

    #[test]
    fn a_line_is_read_as_it_is_written() {
        for line in ALL.lines() {
            assert_eq!(Record::read(line).expect(line).to_string(), line);
        }
        for line in ["", "<<<<<<< HEAD", "x 02_a solved", "1 02_a", "1 02_a explained 1 maybe"] {
            assert_eq!(Record::read(line), None, "{line}");
        }
    }

    #[test]
    fn files_of_two_machines_are_merged_by_putting_one_behind_the_other() {
        let expected = Standing {
            solved: true,
            tries: 1,
            predicted: Some(false),
            explained: Some(true),
            hints: 2,
            revealed: true,
            tested_out: true,
        };
        let backwards: String = ALL.lines().rev().flat_map(|line| [line, "\n"]).collect();
        let conflict = format!("<<<<<<< HEAD\n{ALL}=======\n{ALL}>>>>>>> theirs\n");
        for text in [ALL, &backwards, &format!("{ALL}{ALL}"), &conflict] {
            assert_eq!(read(text).1.of("02_a"), expected, "{text}");
        }
        assert_eq!(read(ALL).1.of("03_b"), Standing::default());
    }

    #[test]
    fn what_stands_in_the_file_stays_there() {
        let before = "1 02_a solved\nhalf a line";
        let (_folder, mut progress) = read(before);
        progress.note("03_b", Event::Hinted { level: 1 }).expect("a note");
        let text = fs::read_to_string(&progress.path).expect("a file");
        assert!(text.starts_with(before) && text.ends_with(" 03_b hint 1\n"), "{text}");
        let again = Progress::read(&progress.path).expect("progress");
        assert_eq!((again.of("02_a").solved, again.of("03_b").hints), (true, 1));
    }
}

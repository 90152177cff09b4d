//! What was wrong with a run of a program, as sentences.

use std::fmt;
use std::time::Duration;

use words::{count, duration};

use crate::ending::Ending;
use crate::lines::{LONGEST, Line, Stream};
use crate::tree::Activity;
use crate::usage::Survivor;

/// One thing that was wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// A thread of a Rust program panicked.
    Panicked {
        /// The thread, as the panic message names it.
        thread: String,
        /// Where in the source.
        place: String,
        /// The first line of the message.
        message: String,
    },
    /// It exited with another code than 0.
    Failed {
        /// The exit code.
        code: i32,
        /// Its last line on standard error.
        last_words: Option<String>,
    },
    /// It aborted itself.
    Aborted {
        /// Its last line on standard error.
        last_words: Option<String>,
    },
    /// It was killed by a signal that did not come from us.
    Killed {
        /// The signal's number.
        number: i32,
        /// The signal's name.
        name: String,
    },
    /// It had not ended when its time was up.
    Hung {
        /// Its time limit.
        limit: Duration,
        /// How much more time it was given for having waited for cores that others had.
        more: Duration,
        /// When it printed something for the last time, since its start.
        last_printed: Option<Duration>,
        /// What its threads were doing then, where the system tells.
        activity: Option<Activity>,
    },
    /// It had not ended when its time was up, and was given more, since it waited for cores that others had;
    /// and still it had not had its time when it was ended.
    Starved {
        /// Its time limit.
        limit: Duration,
        /// For at least how long it waited for cores that others had.
        waited: Duration,
    },
    /// It was ended because it printed too much.
    TooMuchOutput {
        /// How many bytes it may print.
        limit: u64,
    },
    /// It had more memory than it may have, with all that it started, and was ended for it.
    TooMuchMemory {
        /// How many bytes it may have.
        limit: u64,
        /// How many it had when somebody looked.
        had: u64,
    },
    /// It was more processes at once than it may be, with all that it started, and was ended for it.
    TooManyProcesses {
        /// How many it may be.
        limit: usize,
        /// How many it was when somebody looked.
        were: usize,
    },
    /// One of its processes executed for longer than it may, and was ended for it.
    TooMuchCpu {
        /// For how long it may execute.
        limit: Duration,
    },
    /// A file became longer than a file of its may be, and it was ended for it.
    FileTooLong {
        /// How many bytes long it may be.
        limit: u64,
    },
    /// One of its processes had as many files open as it may, and no more were given to it.
    TooManyFiles {
        /// How many it may have open.
        limit: u64,
    },
    /// The system ended it, since memory had run out.
    OutOfMemory,
    /// The process that watched over it was ended, which only the program has a reason to do.
    KeeperEnded {
        /// How that process ended.
        how: String,
    },
    /// What was told of the resources that it used is not what the kernel says: somebody else told it.
    ForgedAccount,
    /// Somebody pressed Ctrl-C, or wanted us to end.
    Interrupted,
    /// It left processes behind, which were ended.
    LeftBehind(Vec<Survivor>),
    /// Some processes could not be ended.
    Escaped(Vec<Survivor>),
    /// A process that it did not start holds its output open.
    HeldOpen,
    /// It printed more than was kept.
    Flooded {
        /// All bytes that it printed.
        printed: u64,
        /// The bytes that were kept.
        kept: u64,
    },
    /// A line was longer than a line may be.
    LongLine {
        /// Where it was printed to.
        stream: Stream,
        /// Its place among the lines of that stream, from 1.
        number: usize,
        /// Its length in bytes.
        bytes: u64,
    },
    /// Some lines were not UTF-8.
    BrokenUtf8 {
        /// Where the first of them was printed to.
        stream: Stream,
        /// Its place among the lines of that stream, from 1.
        number: usize,
        /// How many more there were.
        more: usize,
    },
    /// The output ended in the middle of a line.
    HalfLine {
        /// Where it was printed to.
        stream: Stream,
        /// Its place among the lines of that stream, from 1.
        number: usize,
    },
    /// It was to be restricted to some cores, and was not.
    NotRestricted {
        /// What the system said.
        reason: String,
    },
}

impl Finding {
    /// A word for it that a program can rely on.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Finding::Panicked { .. } => "panicked",
            Finding::Failed { .. } => "failed",
            Finding::Aborted { .. } => "aborted",
            Finding::Killed { .. } => "killed",
            Finding::Hung { .. } => "hung",
            Finding::Starved { .. } => "starved",
            Finding::TooMuchOutput { .. } => "too-much-output",
            Finding::TooMuchMemory { .. } => "too-much-memory",
            Finding::TooManyProcesses { .. } => "too-many-processes",
            Finding::TooMuchCpu { .. } => "too-much-cpu",
            Finding::FileTooLong { .. } => "file-too-long",
            Finding::TooManyFiles { .. } => "too-many-files",
            Finding::OutOfMemory => "out-of-memory",
            Finding::KeeperEnded { .. } => "keeper-ended",
            Finding::ForgedAccount => "forged-account",
            Finding::Interrupted => "interrupted",
            Finding::LeftBehind(_) => "left-behind",
            Finding::Escaped(_) => "escaped",
            Finding::HeldOpen => "held-open",
            Finding::Flooded { .. } => "flooded",
            Finding::LongLine { .. } => "long-line",
            Finding::BrokenUtf8 { .. } => "broken-utf-8",
            Finding::HalfLine { .. } => "half-line",
            Finding::NotRestricted { .. } => "not-restricted",
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Finding::Panicked { thread, place, message } => {
                write!(f, "thread {thread} panicked at {place}: {message}")
            }
            Finding::Failed { code, last_words } => {
                write!(f, "exited with code {code}{}", LastWords(last_words))
            }
            Finding::Aborted { last_words } => {
                write!(f, "aborted (SIGABRT){}", LastWords(last_words))
            }
            Finding::Killed { number, name } => write!(f, "killed by {name} (signal {number})"),
            Finding::Hung { .. } | Finding::Starved { .. } => self.write_time(f),
            Finding::TooMuchOutput { limit } => {
                write!(f, "printed more than {}, and was ended for it", Size(*limit))
            }
            Finding::TooMuchMemory { .. }
            | Finding::TooManyProcesses { .. }
            | Finding::TooMuchCpu { .. }
            | Finding::FileTooLong { .. }
            | Finding::TooManyFiles { .. } => self.write_limit(f),
            Finding::OutOfMemory => {
                f.write_str("the system had no memory left, and ended it for that")
            }
            Finding::KeeperEnded { how } => write!(
                f,
                "the process that watched over it was ended ({how}), which nobody but the program \
                 has a reason to do: how it ended itself, and what it used, is not known"
            ),
            Finding::ForgedAccount => f.write_str(
                "what was told of the time that it used is not what the kernel says: somebody else \
                 spoke for the process that watches over it",
            ),
            Finding::Interrupted => f.write_str("interrupted"),
            Finding::LeftBehind(survivors) => {
                write!(f, "left {} behind, which had to be ended: ", several(survivors.len()))?;
                write_list(f, survivors)
            }
            Finding::Escaped(survivors) => {
                write!(f, "started {} that could not be ended: ", several(survivors.len()))?;
                write_list(f, survivors)
            }
            Finding::HeldOpen => {
                f.write_str("its output is held open by a process that it did not start")
            }
            Finding::Flooded { .. }
            | Finding::LongLine { .. }
            | Finding::BrokenUtf8 { .. }
            | Finding::HalfLine { .. } => self.write_output(f),
            Finding::NotRestricted { reason } => {
                write!(f, "was not restricted to fewer cores: {reason}")
            }
        }
    }
}

impl Finding {
    /// Says what became of its time.
    fn write_time(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Finding::Hung { limit, more, last_printed, activity } => {
                write!(f, "did not end within {}", duration(*limit))?;
                // Nearly everybody waits for a core for a moment.
                if *more * 20 > *limit {
                    let more = duration(*more);
                    write!(f, " and {more} more for having waited for cores that others had")?;
                }
                write_hung(f, *last_printed, *activity)
            }
            Finding::Starved { limit, waited } => write!(
                f,
                "waited for {} for cores that others had, and was ended before it had had {} of time",
                duration(*waited),
                duration(*limit)
            ),
            _ => Ok(()),
        }
    }

    /// Says which limit was reached.
    fn write_limit(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Finding::TooMuchMemory { limit, had } => {
                let (limit, had) = (Size(*limit), Size(*had));
                write!(f, "had {had} of memory, which is more than {limit}, and was ended for it")
            }
            Finding::TooManyProcesses { limit, were } => {
                let (were, are) = (count(*were, "process"), if *limit == 1 { "is" } else { "are" });
                write!(f, "was {were} at once, and ended for it: {limit} {are} allowed")
            }
            Finding::TooMuchCpu { limit } => {
                let limit = duration(*limit);
                write!(f, "a process of its executed for {limit}, and was ended for it")
            }
            Finding::FileTooLong { limit } => {
                write!(f, "wrote more than {} into one file, and was ended for it", Size(*limit))
            }
            Finding::TooManyFiles { limit } => {
                let files = count(usize::try_from(*limit).unwrap_or(usize::MAX), "file");
                write!(f, "had {files} open in one process, and was given no more")
            }
            _ => Ok(()),
        }
    }

    /// Says what is wrong with the output.
    fn write_output(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Finding::Flooded { printed, kept } => {
                write!(f, "printed {}: kept the first {}", Size(*printed), Size(*kept))
            }
            Finding::LongLine { stream, number, bytes } => {
                let (stream, long, kept) = (stream.name(), Size(*bytes), Size(LONGEST as u64));
                write!(f, "line {number} of {stream} is {long} long: kept its first {kept}")
            }
            Finding::BrokenUtf8 { stream, number, more } => {
                write!(f, "line {number} of {} is not UTF-8", stream.name())?;
                match more {
                    0 => Ok(()),
                    1 => f.write_str(", nor is 1 more"),
                    _ => write!(f, ", nor are {more} more"),
                }
            }
            Finding::HalfLine { stream, number } => {
                write!(f, "{} ends in the middle of line {number}", stream.name())
            }
            _ => Ok(()),
        }
    }
}

fn write_hung(
    f: &mut fmt::Formatter<'_>,
    last_printed: Option<Duration>,
    activity: Option<Activity>,
) -> fmt::Result {
    f.write_str(", and was ended; ")?;
    match last_printed {
        Some(at) => write!(f, "printed for the last time after {}", duration(at))?,
        None => f.write_str("printed nothing")?,
    }
    let Some(Activity { running, waiting, stopped }) = activity else {
        return Ok(());
    };
    f.write_str("; ")?;
    match (running, waiting, stopped) {
        (0, 0, 0) => f.write_str("had no threads left"),
        (0, 1, 0) => f.write_str("its only thread was waiting, as in a deadlock or a long sleep"),
        (0, all, 0) => {
            write!(f, "all of its {all} threads were waiting, as in a deadlock or a long sleep")
        }
        (0, 0, _) => f.write_str("was stopped by a signal"),
        (1, 0, 0) => f.write_str("its only thread was running"),
        (running, waiting, stopped) => {
            let were = if running == 1 { "was" } else { "were" };
            write!(f, "{running} of its {} threads {were} running", running + waiting + stopped)
        }
    }
}

fn write_list(f: &mut fmt::Formatter<'_>, survivors: &[Survivor]) -> fmt::Result {
    const SHOWN: usize = 3;
    let shown: Vec<_> = survivors.iter().take(SHOWN).map(Survivor::to_string).collect();
    f.write_str(&shown.join(", "))?;
    match survivors.len().saturating_sub(SHOWN) {
        0 => Ok(()),
        more => write!(f, " and {more} more"),
    }
}

fn several(processes: usize) -> String {
    if processes == 1 { "a process".to_owned() } else { count(processes, "process") }
}

/// The last thing that a program said, after a colon.
struct LastWords<'a>(&'a Option<String>);

impl fmt::Display for LastWords<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_ref().map_or(Ok(()), |words| write!(f, ": {words}"))
    }
}

/// A number of bytes, to be read by people.
struct Size(u64);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [(u64, &str); 3] = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
        match UNITS.iter().find(|(size, _)| self.0 >= *size) {
            Some((size, unit)) => write!(f, "{:.1} {unit}", self.0 as f64 / *size as f64),
            None => write!(f, "{} bytes", self.0),
        }
    }
}

/// What the end of a program says, together with what it printed to standard error.
pub(crate) fn of_ending(ending: &Ending, lines: &[Line]) -> Vec<Finding> {
    let errors = || lines.iter().filter(|line| line.stream == Stream::Error);
    let last_words = || errors().rfind(|line| !line.text.is_empty()).map(|line| line.text.clone());
    let mut findings: Vec<Finding> = errors()
        .zip(errors().skip(1).map(Some).chain([None]))
        .filter_map(|(line, next)| panic_in(line, next))
        .collect();
    match ending {
        // What a panic ends with; it has been named.
        Ending::Exited(0) => {}
        Ending::Exited(101) if !findings.is_empty() => {}
        Ending::Exited(code) => {
            findings.push(Finding::Failed { code: *code, last_words: last_words() });
        }
        Ending::Signal { name, .. } if name == "SIGABRT" => {
            findings.push(Finding::Aborted { last_words: last_words() });
        }
        Ending::Signal { number, name } => {
            findings.push(Finding::Killed { number: *number, name: name.clone() });
        }
        Ending::Interrupted => findings.push(Finding::Interrupted),
        // These come with more than is known here.
        Ending::TimedOut | Ending::OutputLimit | Ending::Exhausted | Ending::Unknown => {}
    }
    findings
}

/// Reads `thread 'main' (7) panicked at src/main.rs:1:2:`, whose message is on the next line.
fn panic_in(line: &Line, next: Option<&Line>) -> Option<Finding> {
    let (thread, place) = line.text.strip_prefix("thread ")?.split_once(" panicked at ")?;
    Some(Finding::Panicked {
        thread: thread.to_owned(),
        place: place.trim_end_matches(':').to_owned(),
        message: next.map_or_else(String::new, |line| line.text.clone()),
    })
}

/// What is wrong with the lines themselves.
pub(crate) fn of_lines(lines: &[Line]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let long = lines.iter().find(|line| line.cut > 0);
    findings.extend(long.map(|line| Finding::LongLine {
        stream: line.stream,
        number: line.number,
        bytes: line.text.len() as u64 + line.cut,
    }));
    let mut broken = lines.iter().filter(|line| line.broken);
    findings.extend(broken.next().map(|line| Finding::BrokenUtf8 {
        stream: line.stream,
        number: line.number,
        more: broken.count(),
    }));
    let half = lines.iter().filter(|line| line.half);
    findings
        .extend(half.map(|line| Finding::HalfLine { stream: line.stream, number: line.number }));
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hung(running: usize, waiting: usize) -> String {
        let finding = Finding::Hung {
            limit: Duration::from_secs(3),
            more: Duration::from_millis(1500),
            last_printed: Some(Duration::from_micros(759_400)),
            activity: Some(Activity { running, waiting, stopped: 0 }),
        };
        finding.to_string()
    }

    #[test]
    fn a_number_agrees_with_what_it_counts() {
        for (running, waiting, words) in [
            (1, 0, "its only thread was running"),
            (1, 1, "1 of its 2 threads was running"),
            (2, 1, "2 of its 3 threads were running"),
            (0, 1, "its only thread was waiting, as in a deadlock or a long sleep"),
        ] {
            let said = hung(running, waiting);
            assert!(said.ends_with(words), "{said}");
        }
        let broken = |more| Finding::BrokenUtf8 { stream: Stream::Output, number: 2, more };
        assert_eq!(broken(1).to_string(), "line 2 of stdout is not UTF-8, nor is 1 more");
        assert_eq!(broken(2).to_string(), "line 2 of stdout is not UTF-8, nor are 2 more");
    }

    #[test]
    fn times_have_a_unit_apart_from_their_number() {
        let begins = "did not end within 3.0 s and 1.5 s more for having waited for cores that others \
                      had, and was ended; printed for the last time after 759 ms; ";
        let said = hung(0, 0);
        assert!(said.starts_with(begins), "{said}");
    }
}

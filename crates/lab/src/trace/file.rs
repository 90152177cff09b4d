//! From the bytes of a file to events.

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::atomic::{Ordering, fence};
use std::time::{Duration, UNIX_EPOCH};

use super::event::{Entry, Event, WORDS, kind};
use super::layout::{
    BLOCK, HEADER, MAGIC, MOST_BLOCKS, SLOT, VERSION, unpack, word, words_of_text,
};
use super::read::Trace;

/// Why a trace cannot be read.
#[derive(Debug)]
pub struct ReadError {
    path: PathBuf,
    problem: Problem,
}

#[derive(Debug)]
enum Problem {
    Io(io::Error),
    Empty,
    Foreign,
    Version(u64),
    Truncated { length: u64, needed: u64 },
    Damaged { offset: u64 },
}

impl ReadError {
    /// Whether nothing is wrong with the file but that no program has recorded into it (yet).
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(self.problem, Problem::Empty)
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ", self.path.display())?;
        match &self.problem {
            Problem::Io(error) => write!(f, "cannot be read: {error}"),
            Problem::Empty => write!(f, "holds no trace: no program recorded into it yet"),
            Problem::Foreign => write!(f, "is not a trace"),
            Problem::Version(version) => write!(
                f,
                "is a trace of version {version}, and this program reads version {VERSION}: record it anew"
            ),
            Problem::Truncated { length, needed } => write!(
                f,
                "is cut short: it has {length} bytes of at least {needed}; copy or record it anew"
            ),
            Problem::Damaged { offset } => {
                write!(f, "is damaged: there is no event of any known kind at byte {offset}")
            }
        }
    }
}

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.problem {
            Problem::Io(error) => Some(error),
            _ => None,
        }
    }
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Problem {
        Problem::Io(error)
    }
}

/// Reads a trace.
pub(super) fn read(path: &Path) -> Result<Trace, ReadError> {
    decode(path).map_err(|problem| ReadError { path: path.to_owned(), problem })
}

fn decode(path: &Path) -> Result<Trace, Problem> {
    let mut file = File::open(path)?;
    let header = read_header(&mut file)?;
    let claimed = header[word::CLAIMED].min(header[word::BLOCKS]).min(MOST_BLOCKS);
    check_length(&file, claimed)?;
    let origin = header[word::ORIGIN];
    let mut events: Vec<(u64, Event)> = Vec::new();
    let mut words = vec![0; BLOCK];
    for number in 0..claimed {
        let start = (HEADER as u64 + number * BLOCK as u64) * WORD;
        let finished = read_block(&mut file, start, &mut words)?;
        decode_block(&words, &finished, origin, &mut events)
            .map_err(|place| Problem::Damaged { offset: start + place as u64 * WORD })?;
    }
    // The blocks of a thread are in order, but those of all threads are mixed.
    events.sort_by_key(|&(block, ref event)| (event.thread, block));
    let events = events.into_iter().map(|(_, event)| event).collect();
    Ok(with_header(&header, Trace::from_events(events)))
}

/// The bytes of a word.
const WORD: u64 = size_of::<u64>() as u64;

/// Reads the header, and refuses a file that is no trace of this version.
fn read_header(file: &mut File) -> Result<Vec<u64>, Problem> {
    let mut bytes = Vec::new();
    file.take(HEADER as u64 * WORD).read_to_end(&mut bytes)?;
    bytes.resize(HEADER * size_of::<u64>(), 0);
    let (words, _) = bytes.as_chunks();
    let header: Vec<u64> = words.iter().copied().map(u64::from_ne_bytes).collect();
    match (header[word::MAGIC], header[word::VERSION]) {
        (MAGIC, VERSION) => Ok(header),
        (MAGIC, version) => Err(Problem::Version(version)),
        (0, _) => Err(Problem::Empty),
        _ => Err(Problem::Foreign),
    }
}

fn check_length(file: &File, claimed: u64) -> Result<(), Problem> {
    let length = file.metadata()?.len();
    let needed = (HEADER as u64 + claimed * BLOCK as u64) * WORD;
    if length < needed { Err(Problem::Truncated { length, needed }) } else { Ok(()) }
}

/// Reads a block into `words`, and returns for each slot whether its first word was stored.
///
/// The block is read twice, since its writer may be at it: an entry that was
/// finished at the first reading is whole at the second, in whatever order the
/// system copies. (A mapping would need no second reading, but whoever cuts
/// the file short while it is mapped kills the reader.)
fn read_block(file: &mut File, start: u64, words: &mut [u64]) -> Result<Vec<bool>, Problem> {
    read_words(file, start, words)?;
    let finished = words.chunks_exact(SLOT).map(|slot| slot[0] != 0).collect();
    fence(Ordering::Acquire);
    read_words(file, start, words)?;
    Ok(finished)
}

fn read_words(file: &mut File, start: u64, words: &mut [u64]) -> Result<(), Problem> {
    let mut bytes = [0; BLOCK * size_of::<u64>()];
    file.seek(SeekFrom::Start(start))?;
    file.read_exact(&mut bytes)?;
    let (chunks, _) = bytes.as_chunks();
    for (word, &chunk) in words.iter_mut().zip(chunks) {
        *word = u64::from_ne_bytes(chunk);
    }
    Ok(())
}

/// Appends the finished events of one block, each with the number of the
/// block among its thread's, or says at which
/// word there is none that makes sense.
fn decode_block(
    block: &[u64],
    finished: &[bool],
    origin: u64,
    events: &mut Vec<(u64, Event)>,
) -> Result<(), usize> {
    let mut place = 0;
    let mut head: Option<Entry> = None;
    while finished.get(place / SLOT) == Some(&true) {
        let (entry, end) = entry(block, place).ok_or(place)?;
        match head {
            // Every thread has claimed a block, so there are no more threads than blocks.
            None if entry.kind == kind::BLOCK && u64::from(entry.extent) < MOST_BLOCKS => {
                head = Some(entry);
            }
            None => return Err(place),
            Some(head) => {
                let text = &block[place + Entry::head(entry.kind)..end];
                let event = entry.decode(head.extent, text, origin).ok_or(place)?;
                events.push((head.value, event));
            }
        }
        place = end;
    }
    Ok(())
}

/// The entry at a place in its block, and where it ends; nothing where the block is too short.
fn entry(block: &[u64], place: usize) -> Option<(Entry, usize)> {
    let rest = block.get(place..)?;
    let mut words = [0; WORDS];
    words[0] = *rest.first()?;
    let head = Entry::head(Entry::from_words(words).kind);
    words[..head].copy_from_slice(rest.get(..head)?);
    let entry = Entry::from_words(words);
    let length = (head + words_of_text(entry.text_length())).next_multiple_of(SLOT);
    (length <= rest.len()).then_some((entry, place + length))
}

/// Fills in what the header tells.
fn with_header(header: &[u64], trace: Trace) -> Trace {
    let small = |place: usize| u32::try_from(header[place]).unwrap_or(u32::MAX);
    let cpu_clock_step = header[word::CPU_CLOCK_STEP];
    let command_length = usize::try_from(header[word::COMMAND]).unwrap_or(0);
    Trace {
        process: small(word::PROCESS),
        command: unpack(&header[word::COMMAND + 1..], command_length),
        origin: Duration::from_nanos(header[word::ORIGIN]),
        began: UNIX_EPOCH + Duration::from_nanos(header[word::UNIX_TIME]),
        wait: Duration::from_nanos(header[word::WAIT]),
        slowdown: small(word::SLOWDOWN),
        parts_of_a_step: small(word::PARTS),
        dropped: header[word::DROPPED],
        unrecorded_processes: header[word::OTHERS],
        clock_step: Duration::from_nanos(header[word::CLOCK_STEP]),
        cpu_clock_step: (cpu_clock_step > 0).then(|| Duration::from_nanos(cpu_clock_step)),
        ..trace
    }
}

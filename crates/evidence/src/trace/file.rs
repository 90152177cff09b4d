//! From the bytes of a file to events.

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{Ordering, fence};
use std::thread;
use std::time::{Duration, UNIX_EPOCH};

use super::merge::merged;
use super::read::Trace;
use ::trace::event::{Entry, Event, WORDS, kind};
use ::trace::layout::{
    BLOCK, HEADER, MAGIC, MOST_BLOCKS, SLOT, VERSION, unpack, word, words_of_text,
};

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

/// Without a source: what the system said is told already, and whoever prints the sources as well
/// would tell it twice.
impl std::error::Error for ReadError {}

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
    // A second reader is worth its start only where there is much to read, and where there can be one.
    let middle = if claimed >= MANY_BLOCKS { claimed / 2 } else { 0 };
    let [first, second] = thread::scope(|scope| {
        let builder = thread::Builder::new();
        let first = (middle > 0)
            .then(|| builder.spawn_scoped(scope, || read_blocks(path, 0..middle, origin)));
        let second = read_blocks(path, middle..claimed, origin);
        let first = match first {
            Some(Ok(reader)) => reader.join().expect("reading does not panic"),
            Some(Err(_)) => read_blocks(path, 0..middle, origin),
            None => Ok(Vec::new()),
        };
        [first, second]
    });
    let mut blocks = first?;
    blocks.extend(second?);
    Ok(with_header(&header, Trace::from_events(in_order(blocks))))
}

/// As many blocks as some hundred thousand events take.
const MANY_BLOCKS: u64 = 256;

/// Reads some of the blocks, through a file handle of its own.
fn read_blocks(path: &Path, numbers: Range<u64>, origin: u64) -> Result<Vec<Block>, Problem> {
    let mut file = File::open(path)?;
    let mut blocks = Vec::new();
    let mut words = vec![0; BLOCK];
    for number in numbers {
        let start = (HEADER as u64 + number * BLOCK as u64) * WORD;
        let finished = read_block(&mut file, start, &mut words)?;
        let block = decode_block(&words, &finished, origin)
            .map_err(|place| Problem::Damaged { offset: start + place as u64 * WORD })?;
        blocks.extend(block);
    }
    Ok(blocks)
}

/// The events of one block.
struct Block {
    thread: u32,
    /// The block's number among its thread's.
    number: u64,
    events: Vec<Event>,
}

/// The events of all blocks in the order of time. A thread's blocks are in order, but those of all
/// threads are mixed.
fn in_order(mut blocks: Vec<Block>) -> Vec<Event> {
    blocks.sort_by_key(|block| (block.thread, block.number));
    let total = blocks.iter().map(|block| block.events.len()).sum();
    let mut threads: Vec<Vec<Block>> = Vec::new();
    for block in blocks {
        match threads.last_mut() {
            Some(thread) if thread[0].thread == block.thread => thread.push(block),
            _ => threads.push(vec![block]),
        }
    }
    let threads = threads.into_iter().map(|thread| thread.into_iter().flat_map(|it| it.events));
    merged(threads, total, |event| event.time)
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

/// The finished events of one block, if it was ever begun, or at which word there is none that makes
/// sense.
fn decode_block(block: &[u64], finished: &[bool], origin: u64) -> Result<Option<Block>, usize> {
    let mut place = 0;
    let mut decoded: Option<Block> = None;
    while finished.get(place / SLOT) == Some(&true) {
        let (entry, end) = entry(block, place).ok_or(place)?;
        match &mut decoded {
            // Every thread has claimed a block, so there are no more threads than blocks.
            None if entry.kind == kind::BLOCK && u64::from(entry.extent) < MOST_BLOCKS => {
                let events = Vec::with_capacity(finished.len());
                decoded = Some(Block { thread: entry.extent, number: entry.value, events });
            }
            None => return Err(place),
            Some(decoded) => {
                let text = &block[place + Entry::head(entry.kind)..end];
                decoded.events.push(entry.decode(decoded.thread, text, origin).ok_or(place)?);
            }
        }
        place = end;
    }
    Ok(decoded)
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
        wait: Some(header[word::WAIT]).filter(|&wait| wait > 0).map(Duration::from_nanos),
        slowdown: small(word::SLOWDOWN),
        parts_of_a_step: small(word::PARTS),
        dropped: header[word::DROPPED],
        unrecorded_processes: header[word::OTHERS],
        clock_step: Duration::from_nanos(header[word::CLOCK_STEP]),
        cpu_clock_step: (cpu_clock_step > 0).then(|| Duration::from_nanos(cpu_clock_step)),
        ..trace
    }
}

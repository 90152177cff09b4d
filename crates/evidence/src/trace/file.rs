//! From the bytes of one file to events.

use std::ffi::OsStr;
use std::fs::{File, FileType, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::atomic::{Ordering, fence};

use super::fault::Problem;
use ::trace::event::{Entry, Event, WORDS, kind};
use ::trace::layout::{
    BLOCK, HEADER, MAGIC, MOST_BLOCKS, SLOT, SUFFIX, VERSION, unpack, word, words_of_text,
};

/// The bytes of a word.
const WORD: u64 = size_of::<u64>() as u64;

/// A process's trace, opened.
#[derive(Debug)]
pub(super) struct TraceFile {
    file: File,
    header: Header,
}

/// What the header of a trace says.
#[derive(Clone, Debug)]
pub(super) struct Header {
    pub(super) process: u32,
    pub(super) origin: u64,
    pub(super) unix_time: u64,
    pub(super) clock: u64,
    pub(super) clock_step: u64,
    pub(super) cpu_clock_step: u64,
    pub(super) first_task: u32,
    /// The number of the process that this one was forked from, and its origin.
    pub(super) forked_from: Option<(u32, u64)>,
    /// How many blocks may hold something.
    pub(super) blocks: u64,
    pub(super) dropped: u64,
    pub(super) others: u64,
    pub(super) forks: u64,
    pub(super) command: String,
}

/// Whether a file of this name is one that a recorder may have made.
pub(super) fn is_of_a_trace(name: &OsStr) -> bool {
    name.as_encoded_bytes().ends_with(SUFFIX.as_bytes())
}

/// Opens a file to be read, whatever somebody may have put in its place. Nothing here waits: for
/// nobody at the other end of a pipe, and for no device.
///
/// Whether links are followed is up to the caller, who knows whose they are.
pub(super) fn open(path: &Path, follow: bool) -> Result<File, Problem> {
    let what = if follow { path.metadata() } else { path.symlink_metadata() }?;
    if let Some(kind) = other_kind(what.file_type()) {
        return Err(Problem::NotAFile(kind));
    }
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt as _;

        let link = if follow { OFlags::empty() } else { OFlags::NOFOLLOW };
        let flags = OFlags::NONBLOCK | OFlags::NOCTTY | link;
        options.custom_flags(i32::try_from(flags.bits()).unwrap_or(0));
    }
    let file = options.open(path)?;
    // It may have been replaced meanwhile.
    match other_kind(file.metadata()?.file_type()) {
        Some(kind) => Err(Problem::NotAFile(kind)),
        None => Ok(file),
    }
}

/// What something is that is no file.
fn other_kind(what: FileType) -> Option<&'static str> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;

        if what.is_fifo() {
            return Some("pipe");
        } else if what.is_socket() {
            return Some("socket");
        } else if what.is_block_device() || what.is_char_device() {
            return Some("device");
        }
    }
    if what.is_file() {
        None
    } else if what.is_symlink() {
        Some("link")
    } else if what.is_dir() {
        Some("folder")
    } else {
        Some("thing of another kind")
    }
}

/// Where a block is, and whose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Head {
    thread: u32,
    /// The block's number among its thread's.
    number: u64,
    /// Its place among all.
    place: u64,
}

impl TraceFile {
    /// Reads the header of a trace.
    pub(super) fn open(mut file: File) -> Result<TraceFile, Problem> {
        let header = Header::read(&mut file)?;
        let length = file.metadata()?.len();
        let needed = start_of(header.blocks);
        if length < needed {
            return Err(Problem::CutShort { length, needed });
        }
        Ok(TraceFile { file, header })
    }

    pub(super) fn header(&self) -> &Header {
        &self.header
    }

    /// Hands over all events, thread by thread, each thread's in their order, with times since
    /// `origin`. One block is in memory at a time, and a line for each of the others.
    pub(super) fn each_event(
        &mut self,
        origin: u64,
        mut take: impl FnMut(Event),
    ) -> Result<(), Problem> {
        let mut heads = self.heads()?;
        heads.sort_unstable();
        let mut block = Block::new();
        for (place, head) in heads.iter().enumerate() {
            let next = heads.get(place + 1);
            // Who has begun another block has finished this one.
            let is_finished = next.is_some_and(|next| next.thread == head.thread);
            block.read(&mut self.file, head.place, is_finished)?;
            block.decode(head.thread, origin, &mut take).map_err(|word| Problem::Damaged {
                offset: start_of(head.place) + word as u64 * WORD,
            })?;
        }
        Ok(())
    }

    /// Whose all blocks are that somebody has begun.
    fn heads(&mut self) -> Result<Vec<Head>, Problem> {
        let mut heads = Vec::new();
        for place in 0..self.header.blocks {
            let mut words = [0; WORDS];
            read_words(&mut self.file, place, &mut [0; WORDS * WORD as usize], &mut words)?;
            let entry = Entry::from_words(words);
            // Every thread has claimed a block, so there are no more threads than blocks.
            if entry.kind == kind::BLOCK && u64::from(entry.extent) < self.header.blocks {
                heads.push(Head { thread: entry.extent, number: entry.value, place });
            } else if words[0] != 0 {
                return Err(Problem::Damaged { offset: start_of(place) });
            }
        }
        fence(Ordering::Acquire);
        Ok(heads)
    }
}

/// At which byte a block begins.
fn start_of(block: u64) -> u64 {
    (HEADER as u64 + block * BLOCK as u64) * WORD
}

/// Reads the words with which a block begins, by way of `bytes`.
fn read_words(file: &mut File, block: u64, bytes: &mut [u8], words: &mut [u64]) -> io::Result<()> {
    file.seek(SeekFrom::Start(start_of(block)))?;
    file.read_exact(bytes)?;
    let (chunks, _) = bytes.as_chunks();
    for (word, &chunk) in words.iter_mut().zip(chunks) {
        *word = u64::from_ne_bytes(chunk);
    }
    Ok(())
}

impl Header {
    /// Reads the header, and refuses a file that is no trace of this version.
    fn read(file: &mut File) -> Result<Header, Problem> {
        let mut bytes = Vec::new();
        file.take(HEADER as u64 * WORD).read_to_end(&mut bytes)?;
        bytes.resize(HEADER * size_of::<u64>(), 0);
        let (words, _) = bytes.as_chunks();
        let words: Vec<u64> = words.iter().copied().map(u64::from_ne_bytes).collect();
        match (words[word::MAGIC], words[word::VERSION]) {
            (MAGIC, VERSION) => Ok(Header::of(&words)),
            (MAGIC, version) => Err(Problem::Version(version)),
            (0, _) => Err(Problem::Empty),
            _ => Err(Problem::Foreign),
        }
    }

    fn of(words: &[u64]) -> Header {
        let small = |place: usize| u32::try_from(words[place]).unwrap_or(u32::MAX);
        let forked_from = (small(word::FORKED_FROM), words[word::FORKED_FROM_ORIGIN]);
        let command_length = usize::try_from(words[word::COMMAND]).unwrap_or(0);
        Header {
            process: small(word::PROCESS),
            origin: words[word::ORIGIN],
            unix_time: words[word::UNIX_TIME],
            clock: words[word::CLOCK],
            clock_step: words[word::CLOCK_STEP],
            cpu_clock_step: words[word::CPU_CLOCK_STEP],
            first_task: small(word::FIRST_TASK),
            forked_from: Some(forked_from).filter(|&(process, _)| process > 0),
            blocks: words[word::CLAIMED].min(words[word::BLOCKS]).min(MOST_BLOCKS),
            dropped: words[word::DROPPED],
            others: words[word::OTHERS],
            forks: words[word::FORKS],
            command: unpack(&words[word::COMMAND + 1..], command_length),
        }
    }
}

/// Room for one block.
struct Block {
    bytes: Vec<u8>,
    words: Vec<u64>,
    /// For each slot whether its first word was stored.
    finished: Vec<bool>,
}

impl Block {
    fn new() -> Block {
        let bytes = vec![0; BLOCK * size_of::<u64>()];
        Block { bytes, words: vec![0; BLOCK], finished: vec![false; BLOCK / SLOT] }
    }

    /// Reads a block.
    ///
    /// It is read twice if its writer may be at it: an entry that was finished at the first reading is
    /// whole at the second, in whatever order the system copies. (A mapping would need no second
    /// reading, but whoever cuts the file short while it is mapped kills the reader.)
    fn read(&mut self, file: &mut File, place: u64, is_finished: bool) -> io::Result<()> {
        read_words(file, place, &mut self.bytes, &mut self.words)?;
        for (finished, slot) in self.finished.iter_mut().zip(self.words.chunks_exact(SLOT)) {
            *finished = slot[0] != 0;
        }
        if is_finished {
            return Ok(());
        }
        fence(Ordering::Acquire);
        read_words(file, place, &mut self.bytes, &mut self.words)
    }

    /// Hands over the events, or says at which word there is none that makes sense.
    fn decode(&self, thread: u32, origin: u64, take: &mut impl FnMut(Event)) -> Result<(), usize> {
        // The first entry says whose block it is.
        let mut place = WORDS;
        while self.finished.get(place / SLOT) == Some(&true) {
            let (entry, end) = self.entry(place).ok_or(place)?;
            let text = &self.words[place + Entry::head(entry.kind)..end];
            take(entry.decode(thread, text, origin).ok_or(place)?);
            place = end;
        }
        Ok(())
    }

    /// The entry at a place, and where it ends; nothing where the block is too short.
    fn entry(&self, place: usize) -> Option<(Entry, usize)> {
        let rest = self.words.get(place..)?;
        let mut words = [0; WORDS];
        words[0] = *rest.first()?;
        let head = Entry::head(Entry::kind_of(words[0]));
        words[..head].copy_from_slice(rest.get(..head)?);
        let entry = Entry::from_words(words);
        let length = (head + words_of_text(entry.text_length())).next_multiple_of(SLOT);
        (length <= rest.len()).then_some((entry, place + length))
    }
}

//! A process's file, word by word. A word is 64 bits in the machine's own byte order.
//!
//! ```text
//! ┌────────┬─────────┬─────────┬─────────┬───
//! │ header │ block 0 │ block 1 │ block 2 │ …     header: one page, the words below
//! └────────┴─────────┴─────────┴─────────┴───
//!            │
//!            ├ an entry that says whose block this is
//!            ├ that thread's events, one entry after the other
//!            └ zeros, where nothing was written yet
//! ```
//!
//! A thread claims a block by adding one to a shared counter, and from then on
//! it alone writes there: threads share no cache line for an event. An entry
//! takes one slot of two words or several. Its first word holds the kind of the
//! event, is never zero, and is stored last, after all the rest of the entry:
//! **an entry whose first word is zero was not finished**, and neither it nor
//! anything behind it in its block counts.
//!
//! ```text
//! word 0   kind (8 bits) · cut (8) · core (16) · extent (32)
//! word 1   time
//! word 2   value      these two only where the kind of event needs them
//! word 3   about
//! word 4…  the text, if the kind of event has one
//! ```

/// The words of a slot.
pub const SLOT: usize = 2;

/// The words of a block: 1024 slots, 16 KiB.
pub const BLOCK: usize = 1024 * SLOT;

/// The words of the header: one page of 4 KiB.
pub const HEADER: usize = 512;

/// How many blocks a trace has at most: a gigabyte's worth.
pub const MOST_BLOCKS: u64 = 1 << 16;

/// The first word of every trace, stored once the header is complete.
pub const MAGIC: u64 = u64::from_le_bytes(*b"LABTRACE");

/// Changes whenever anything else on this page or in `event` does.
pub const VERSION: u64 = 3;

/// How many bytes of a text are kept at most; in a fact so many of its name, and of its unit.
pub const LONGEST_TEXT: usize = 1024;

/// How the name of every trace in a folder of traces ends. Before that stands the number of its process
/// and, since numbers come again, what tells it from the others of this number: `17.trace`,
/// `17-2.trace`. Until its header is complete a file is called otherwise.
pub const SUFFIX: &str = ".trace";

/// What the field for a core holds where the system does not tell.
pub const UNKNOWN_CORE: u16 = u16::MAX;

/// What the field for a time holds where the system does not tell.
pub const UNKNOWN_TIME: u64 = u64::MAX;

/// Where in the header what stands. Those that are written while events are
/// recorded have a cache line each.
pub mod word {
    /// [`MAGIC`](super::MAGIC), once the header is complete.
    pub const MAGIC: usize = 0;
    /// [`VERSION`](super::VERSION).
    pub const VERSION: usize = 1;
    /// The number of the process.
    pub const PROCESS: usize = 2;
    /// When the trace begins, in nanoseconds of the monotonic clock.
    pub const ORIGIN: usize = 3;
    /// When the trace begins, in nanoseconds since 1970.
    pub const UNIX_TIME: usize = 4;
    /// Which monotonic clock that is. Times of two processes can be compared where this is the same.
    pub const CLOCK: usize = 5;
    /// The step in which the monotonic clock advances, in nanoseconds; 0 where it was not seen to.
    pub const CLOCK_STEP: usize = 6;
    /// The same for the CPU clocks of threads.
    pub const CPU_CLOCK_STEP: usize = 7;
    /// The process that this trace belongs to: 0 until one has taken it, and then its number (32 bits)
    /// and, above it, in which tick of the system's it began (32 bits; 0 where that is not known).
    pub const OWNER: usize = 8;
    /// How many blocks there is room for.
    pub const BLOCKS: usize = 9;
    /// The number of the first task that can be of this process. Smaller ones are of the process that it
    /// was forked from.
    pub const FIRST_TASK: usize = 10;
    /// The number of the process that this one was forked from without running a program of its own,
    /// as that one's trace has it; 0 where it was not, or that one was not recorded.
    pub const FORKED_FROM: usize = 11;
    /// When the trace of that process begins, which tells it from others of the same number.
    pub const FORKED_FROM_ORIGIN: usize = 12;
    /// How many blocks have been claimed, or tried to be.
    pub const CLAIMED: usize = 16;
    /// How many events found no room.
    pub const DROPPED: usize = 24;
    /// How many other processes wanted to record and could not: into this file, descending from this
    /// process, or forked from it.
    pub const OTHERS: usize = 32;
    /// How many processes that were forked from this one record into files of their own.
    pub const FORKS: usize = 33;
    /// The length of the command line in bytes, and from the next word on its text.
    pub const COMMAND: usize = 40;
}

/// Packs a text into words, the last of them filled up with zeros.
pub fn pack(text: &[u8]) -> impl Iterator<Item = u64> {
    text.chunks(size_of::<u64>()).map(|chunk| {
        let mut bytes = [0; size_of::<u64>()];
        bytes[..chunk.len()].copy_from_slice(chunk);
        u64::from_ne_bytes(bytes)
    })
}

/// Unpacks the first `length` bytes of what [`pack`] packed.
#[inline]
pub fn unpack(words: &[u64], length: usize) -> String {
    // Most events have no text.
    if length == 0 { String::new() } else { unpack_some(words, length) }
}

#[inline]
fn unpack_some(words: &[u64], length: usize) -> String {
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_ne_bytes()).take(length).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// How many words a text takes.
#[inline]
pub const fn words_of_text(length: usize) -> usize {
    length.div_ceil(size_of::<u64>())
}

/// The beginning of a text that is kept: whole characters only.
pub fn kept(text: &str) -> &str {
    &text[..text.floor_char_boundary(LONGEST_TEXT)]
}

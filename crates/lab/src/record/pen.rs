//! Where the calling thread writes next.

use std::cell::Cell;
use std::ptr;
use std::sync::atomic::Ordering;

use super::writer::{Writer, now};
use super::{clock, system};
use trace::event::{Entry, kind};
use trace::layout::{self, SLOT, UNKNOWN_TIME};

thread_local! {
    static PEN: Pen = const { Pen::new() };
}

/// A thread's place in the trace of its process.
struct Pen {
    /// Whose trace it writes. A process that was forked has another one than the thread that it was
    /// forked by had before.
    writer: Cell<Option<&'static Writer>>,
    /// The next word, and the end of the block.
    next: Cell<usize>,
    end: Cell<usize>,
    /// The thread's number, once it has recorded something.
    thread: Cell<Option<u32>>,
    /// How many blocks the thread has filled.
    blocks: Cell<u64>,
}

/// Writes an event of the calling thread, or counts that it could not be written.
#[inline]
pub(super) fn write(writer: &'static Writer, entry: Entry, text: &[u8]) {
    // A thread that is being taken down has put its pen away.
    let is_written = PEN.try_with(|pen| pen.write(writer, entry, text)).unwrap_or(false);
    if !is_written {
        writer.count_dropped();
    }
}

impl Pen {
    const fn new() -> Pen {
        Pen {
            writer: Cell::new(None),
            next: Cell::new(0),
            end: Cell::new(0),
            thread: Cell::new(None),
            blocks: Cell::new(0),
        }
    }

    /// Writes an event, or says that there is no room for it.
    #[inline]
    fn write(&self, writer: &'static Writer, entry: Entry, text: &[u8]) -> bool {
        let head = Entry::head(entry.kind);
        let length = (head + layout::words_of_text(text.len())).next_multiple_of(SLOT);
        let is_at_it = self.writer.get().is_some_and(|known| ptr::eq(known, writer));
        let has_room = is_at_it && self.next.get() + length <= self.end.get();
        if !has_room && !self.turn_page(writer, entry.time) {
            return false;
        }
        let start = self.next.replace(self.next.get() + length);
        let words = &writer.words()[start..start + length];
        for (word, value) in words[head..].iter().zip(layout::pack(text)) {
            word.store(value, Ordering::Relaxed);
        }
        let [first, rest @ ..] = entry.to_words();
        for (word, value) in words[1..head].iter().zip(rest) {
            word.store(value, Ordering::Relaxed);
        }
        // Whoever sees this word sees all that was stored before it.
        words[0].store(first, Ordering::Release);
        true
    }

    /// Begins a block of this thread's own.
    #[cold]
    fn turn_page(&self, writer: &'static Writer, time: u64) -> bool {
        let Some((start, end)) = writer.claim_block() else {
            return false;
        };
        if !self.writer.replace(Some(writer)).is_some_and(|known| ptr::eq(known, writer)) {
            self.thread.set(None);
            self.blocks.set(0);
        }
        self.next.set(start);
        self.end.set(end);
        let is_first = self.thread.get().is_none();
        let thread = self.thread.get().unwrap_or_else(|| writer.number_thread());
        self.thread.set(Some(thread));
        let entry = |kind, extent, value| Entry { extent, value, ..Entry::at(time, kind) };
        let number = self.blocks.replace(self.blocks.get() + 1);
        self.write(writer, entry(kind::BLOCK, thread, number), &[]);
        if is_first {
            let current = std::thread::current();
            let name = layout::kept(current.name().unwrap_or_default()).as_bytes();
            let entry = entry(kind::THREAD_STARTED, name.len() as u32, system::thread_number());
            self.write(writer, entry, name);
        }
        true
    }
}

impl Drop for Pen {
    /// The thread ends: now its own accounts are complete.
    fn drop(&mut self) {
        let Some(writer) = self.writer.get().filter(|writer| writer.is_of_this_process()) else {
            return;
        };
        let write = |entry| {
            if !self.write(writer, entry, &[]) {
                writer.count_dropped();
            }
        };
        if system::is_main_thread() {
            writer.readings().for_each(write);
        }
        let about = system::thread_run_delay().unwrap_or(UNKNOWN_TIME);
        let value = clock::thread_cpu();
        write(Entry { value, about, ..now(kind::THREAD_ENDED) });
    }
}

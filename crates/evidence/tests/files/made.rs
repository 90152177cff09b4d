//! A file, made event by event.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use evidence::trace::{Event, Happening, Sample};
use trace::event::{Entry, about, kind};
use trace::layout::{
    BLOCK, HEADER, MAGIC, SLOT, UNKNOWN_CORE, UNKNOWN_TIME, VERSION, pack, word, words_of_text,
};

/// A process's trace.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) process: u64,
    /// When it begins, in nanoseconds of the monotonic clock.
    pub(crate) origin: u64,
    pub(crate) clock: u64,
    pub(crate) command: String,
    /// Thread by thread, each thread's in the order of time.
    pub(crate) events: Vec<Event>,
}

impl Made {
    pub(crate) fn new(process: u64, events: Vec<Event>) -> Made {
        let origin = 1_000_000_000 + process;
        Made { process, origin, clock: 7, command: format!("process {process}"), events }
    }

    /// The file.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let blocks = self.blocks();
        let mut words = vec![0; HEADER];
        for (place, value) in [
            (word::MAGIC, MAGIC),
            (word::VERSION, VERSION),
            (word::PROCESS, self.process),
            (word::ORIGIN, self.origin),
            (word::CLOCK, self.clock),
            (word::CLOCK_STEP, 1),
            (word::CPU_CLOCK_STEP, 1),
            (word::OWNER, self.process),
            (word::BLOCKS, blocks.len() as u64),
            (word::CLAIMED, blocks.len() as u64),
            (word::FIRST_TASK, 1),
            (word::COMMAND, self.command.len() as u64),
        ] {
            words[place] = value;
        }
        let command = word::COMMAND + 1..;
        command.zip(pack(self.command.as_bytes())).for_each(|(place, word)| words[place] = word);
        words.extend(blocks.concat());
        words.into_iter().flat_map(u64::to_ne_bytes).collect()
    }

    /// Writes the file into a folder.
    pub(crate) fn write(&self, folder: &Path) -> PathBuf {
        let path = folder.join(format!("{}.trace", self.process));
        fs::write(&path, self.bytes()).expect("room for a trace");
        path
    }

    /// All blocks, those of different threads mixed.
    fn blocks(&self) -> Vec<Vec<u64>> {
        let mut blocks: Vec<(u64, Vec<u64>)> = Vec::new();
        for events in self.events.chunk_by(|a, b| a.thread == b.thread) {
            let thread = events[0].thread;
            let head = |number| {
                let entry = Entry { extent: thread, value: number, ..Entry::at(1, kind::BLOCK) };
                entry.to_words().to_vec()
            };
            let mut number = 0;
            let mut block = head(number);
            for event in events {
                let words = self.words(event);
                if block.len() + words.len() > BLOCK {
                    number += 1;
                    blocks.push((number, std::mem::replace(&mut block, head(number))));
                }
                block.extend(words);
            }
            blocks.push((number + 1, block));
        }
        // The first blocks of all threads, then the second ones: as threads do that go on together.
        blocks.sort_by_key(|(number, _)| *number);
        let full = |(_, mut block): (u64, Vec<u64>)| {
            block.resize(BLOCK, 0);
            block
        };
        blocks.into_iter().map(full).collect()
    }

    /// An event, as it stands in the file.
    fn words(&self, event: &Event) -> Vec<u64> {
        let (entry, text) = self.entry(event);
        let head = Entry::head(entry.kind);
        let mut words = entry.to_words()[..head].to_vec();
        words.extend(pack(text.as_bytes()));
        assert_eq!(words.len(), head + words_of_text(entry.text_length()));
        words.resize(words.len().next_multiple_of(SLOT), 0);
        words
    }

    fn entry(&self, event: &Event) -> (Entry, String) {
        let time = |time: Duration| self.origin + nanoseconds(time);
        let known = |time: Option<Duration>| time.map_or(UNKNOWN_TIME, nanoseconds);
        let core = event.core.unwrap_or(UNKNOWN_CORE);
        let at = |kind| Entry { core, ..Entry::at(time(event.time), kind) };
        let sampled = |kind, sample: &Sample, about| {
            let extent = u32::try_from(nanoseconds(sample.width)).expect("a short time");
            Entry { extent, value: known(sample.cpu), about, ..at(kind) }
        };
        let told = |kind, text: &str, value, about| {
            let extent = u32::try_from(text.len()).expect("a short text");
            (Entry { extent, value, about, ..at(kind) }, text.to_owned())
        };
        let entry = match &event.what {
            Happening::ThreadStarted { name, system } => {
                return told(kind::THREAD_STARTED, name, system.map_or(u64::MAX, u64::from), 0);
            }
            Happening::ThreadEnded { cpu, run_delay } => {
                Entry { value: known(*cpu), about: known(*run_delay), ..at(kind::THREAD_ENDED) }
            }
            Happening::TaskStarted { task, name } => {
                return told(kind::TASK_STARTED, name, 0, about(*task, 0, 0));
            }
            Happening::TaskEnded { task } => Entry { extent: *task, ..at(kind::TASK_ENDED) },
            Happening::Line { task, step, text, cut } => {
                let about = about(*task, step.unwrap_or(0), 0);
                let (entry, text) = told(kind::LINE, text, 0, about);
                return (Entry { cut: *cut, ..entry }, text);
            }
            Happening::PartStarted { task, step, part, sample } => {
                sampled(kind::PART_STARTED, sample, about(*task, *step, *part))
            }
            Happening::Tick { sample, seen } => sampled(kind::TICK, sample, time(*seen)),
            Happening::PartEnded { sample, seen } => sampled(kind::PART_ENDED, sample, time(*seen)),
            Happening::WaitStarted { task, what } => {
                return told(kind::WAIT_STARTED, what, 0, about(*task, 0, 0));
            }
            Happening::WaitEnded { task, started } => {
                let (value, about) = (time(*started), about(*task, 0, 0));
                Entry { value, about, ..at(kind::WAIT_ENDED) }
            }
            Happening::Fact { task, name, value, unit } => {
                let length = u16::try_from(name.len()).expect("a short name");
                let about = about(task.unwrap_or(0), length, 0);
                return told(kind::FACT, &format!("{name}{unit}"), value.to_bits(), about);
            }
            Happening::Reading { quantity, value } => {
                Entry { value: *value, about: *quantity as u64, ..at(kind::READING) }
            }
        };
        (entry, String::new())
    }
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).expect("a short time")
}

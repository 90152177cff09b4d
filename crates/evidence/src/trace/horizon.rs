//! What happens where a trace is too large to be kept: the reading ends at an earlier moment of the run.
//!
//! Nothing is thinned out, and nothing guessed: what is kept is what there was to be read at
//! that moment. So whatever follows from it is true, as it is of a program that was killed.

use std::sync::Arc;
use std::time::Duration;

use super::assembly::{Assembly, Begun, Deeds, DeedsOfTask, PlaceOfTask, WaitEnd};
use super::chunks::nanoseconds;
use super::model::Part;
use crate::steps;

impl Assembly {
    /// Makes room.
    #[cold]
    pub(super) fn shrink(&mut self) {
        self.note_deeds();
        while self.weight > self.limit {
            let Some(horizon) = self.middle() else { return };
            self.horizon = Some(horizon);
            self.keep_until(horizon);
            self.weigh_anew();
        }
    }

    /// The time before which half of all things are, of those that take most room; nothing where
    /// there are none left.
    fn middle(&self) -> Option<u64> {
        fn times(times: impl Iterator<Item = Duration>) -> Vec<u64> {
            times.map(nanoseconds).collect()
        }
        let lists = [
            bytes(&self.chunks),
            bytes(&self.parts),
            bytes(&self.tasks),
            bytes(&self.lines),
            bytes(&self.waits),
            bytes(&self.facts),
            self.deeds.len() * size_of::<DeedsOfTask>(),
            self.wait_ends.len() * size_of::<WaitEnd>(),
        ];
        let heaviest = (0..lists.len()).max_by_key(|&list| lists[list])?;
        let mut times: Vec<u64> = match heaviest {
            0 => self.chunks.iter().map(|chunk| chunk.end).collect(),
            1 => times(self.parts.iter().map(|part| part.start)),
            2 => times(self.tasks.iter().map(|task| task.start)),
            3 => times(self.lines.iter().map(|line| line.time)),
            4 => times(self.waits.iter().map(|wait| wait.start)),
            5 => times(self.facts.iter().map(|fact| fact.time)),
            6 => times(self.deeds.values().map(Deeds::settled)),
            _ => times(self.wait_ends.values().copied()),
        };
        let middle = times.len() / 2;
        (!times.is_empty()).then(|| *times.select_nth_unstable(middle).1)
    }

    /// Forgets what happened from this time on.
    fn keep_until(&mut self, horizon: u64) {
        steps::take(self.parts.len() + self.chunks.len() + self.tasks.len() + self.lines.len());
        let end = Duration::from_nanos(horizon);
        self.chunks.retain(|chunk| chunk.end < horizon);
        self.keep_parts_until(end);
        self.keep_tasks_until(end);
        self.lines.retain(|line| line.time < end);
        self.waits.retain(|wait| wait.start < end);
        self.wait_ends.retain(|_, time| *time < end);
        self.facts.retain(|fact| fact.time < end);
        self.names.retain(|name| Arc::strong_count(name) > 1);
        for thread in &mut self.threads {
            thread.last = thread.last.min(end);
        }
        self.length = self.length.min(end);
    }

    /// Forgets parts that were begun from this time on, and the ends of others.
    fn keep_parts_until(&mut self, end: Duration) {
        let mut kept = 0;
        let mut place = |part: &Part| {
            let is_kept = part.start < end;
            kept += u32::from(is_kept);
            is_kept.then(|| kept - 1)
        };
        let places: Vec<Option<u32>> = self.parts.iter().map(&mut place).collect();
        self.parts.retain_mut(|part| {
            part.end = part.end.filter(|&time| time < end);
            if part.last >= end {
                part.last = part.start;
            }
            part.start < end
        });
        self.chunks.retain_mut(|chunk| {
            let place = places[chunk.part as usize];
            chunk.part = place.unwrap_or_default();
            place.is_some()
        });
        // From when on nothing is known of a thread must be no later than it is.
        for chunk in &self.chunks {
            let part = &mut self.parts[chunk.part as usize];
            part.last = part.last.max(Duration::from_nanos(chunk.end));
        }
        for begun in &mut self.at.parts {
            begun.part = begun.part.and_then(|part| places[part as usize]);
        }
    }

    /// Forgets tasks that were started from this time on, and the ends of others.
    fn keep_tasks_until(&mut self, end: Duration) {
        self.tasks.retain(|task| task.start < end);
        for task in &mut self.tasks {
            task.last = task.last.min(end);
            if task.end.is_some_and(|time| time >= end) {
                (task.end, task.end_event) = (None, None);
            }
        }
        let numbers = self.tasks.iter().map(|task| task.number);
        self.place_of_task = numbers.zip(0..).collect();
        // Of a task whose start is not read yet it must be kept that it ended; what else it did need not.
        self.deeds.retain(|_, deeds| {
            let is_kept = deeds.settled() < end;
            deeds.last = deeds.last.min(end);
            is_kept
        });
    }

    /// Counts anew how many bytes everything takes.
    pub(super) fn weigh_anew(&mut self) {
        let names = self.names.iter().map(|name| size_of::<Arc<str>>() + name.len());
        let threads = self.threads.iter().map(|thread| thread.name.len());
        let lines = self.lines.iter().map(|line| line.text.len());
        self.weight = names.chain(threads).chain(lines).sum::<usize>()
            + bytes(&self.threads)
            + bytes(&self.tasks)
            + self.place_of_task.len() * size_of::<PlaceOfTask>()
            + self.deeds.len() * size_of::<DeedsOfTask>()
            + bytes(&self.parts)
            + self.at.parts.len() * size_of::<Begun>()
            + bytes(&self.chunks)
            + bytes(&self.lines)
            + bytes(&self.waits)
            + self.wait_ends.len() * size_of::<WaitEnd>()
            + bytes(&self.facts);
    }
}

impl Deeds {
    /// From when on nothing more is to be known of the task.
    fn settled(&self) -> Duration {
        self.end.map_or(self.last, |(end, _)| end)
    }
}

fn bytes<T>(things: &[T]) -> usize {
    size_of_val(things)
}

//! Which lines can be printed next.

use std::collections::BTreeSet;

use super::poset::Poset;

/// The state of a run in progress: which lines wait for nothing any more.
#[derive(Clone, Debug)]
pub(super) struct Ready<'a> {
    poset: &'a Poset,
    /// For how many edges each line and each join still waits.
    waits_for: Vec<u32>,
    lines: BTreeSet<u32>,
}

impl<'a> Ready<'a> {
    /// Before the first line.
    pub(super) fn new(poset: &'a Poset) -> Ready<'a> {
        let waits_for = poset.successors.incoming();
        let lines = (0..).take(poset.lines.len()).filter(|&line| waits_for[line as usize] == 0);
        let lines = lines.collect();
        Ready { poset, waits_for, lines }
    }

    /// The lines that can be printed next, in reading order.
    pub(super) fn lines(&self) -> &BTreeSet<u32> {
        &self.lines
    }

    /// Prints a line.
    pub(super) fn print(&mut self, line: u32) {
        self.lines.remove(&line);
        let mut done = vec![line];
        while let Some(node) = done.pop() {
            for &next in self.poset.successors.of(node) {
                self.waits_for[next as usize] -= 1;
                if self.waits_for[next as usize] > 0 {
                    continue;
                }
                if (next as usize) < self.poset.lines.len() {
                    self.lines.insert(next);
                } else {
                    done.push(next);
                }
            }
        }
    }

    /// Takes back the line that was printed last.
    pub(super) fn take_back(&mut self, line: u32) {
        let mut undone = vec![line];
        while let Some(node) = undone.pop() {
            for &next in self.poset.successors.of(node) {
                self.waits_for[next as usize] += 1;
                if self.waits_for[next as usize] > 1 {
                    continue;
                }
                if (next as usize) < self.poset.lines.len() {
                    self.lines.remove(&next);
                } else {
                    undone.push(next);
                }
            }
        }
        self.lines.insert(line);
    }
}

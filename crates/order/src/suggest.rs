//! What an unknown line may have been meant to be.

use super::state::{Name, Text};

/// Finds the name that is most like a text.
pub(super) struct Suggestions<'a> {
    /// The likeliest first.
    candidates: Vec<&'a Name>,
    /// How much more comparing is worth its time: a program that prints a
    /// million unknown lines has no slip of the pen in each of them.
    effort_left: usize,
}

impl<'a> Suggestions<'a> {
    /// In pairs of characters.
    const EFFORT: usize = 20_000_000;

    /// The least similarity that is worth a mention: three quarters of the
    /// characters are the same.
    const SIMILAR: f64 = 0.75;

    pub(super) fn new(candidates: impl Iterator<Item = &'a Name>) -> Suggestions<'a> {
        const CANDIDATES: usize = 10_000;
        Suggestions { candidates: candidates.take(CANDIDATES).collect(), effort_left: Self::EFFORT }
    }

    /// The name that is most like a text, if one is like it.
    pub(super) fn nearest(&mut self, text: &str) -> Option<Name> {
        let mut nearest = None;
        let mut best = Self::SIMILAR;
        for name in &self.candidates {
            let (Text::Exact(expected) | Text::Pattern(expected)) = &name.text;
            let effort = expected.len() * text.len() + 1;
            self.effort_left = self.effort_left.checked_sub(effort)?;
            let similarity = strsim::normalized_levenshtein(expected, text);
            if similarity > best {
                best = similarity;
                nearest = Some(*name);
            }
        }
        nearest.cloned()
    }
}

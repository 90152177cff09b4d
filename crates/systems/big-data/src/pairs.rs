//! The compute: pairs of words that stand near each other in a text.

use std::collections::HashMap;

use xxhash_rust::xxh3::xxh3_64;

/// How many words after a word are near it.
const NEAR: usize = 3;

/// The shortest word that counts.
const SHORTEST: usize = 3;

/// How often pairs of words stand near each other, by the number that stands for a pair.
pub type Counts = HashMap<u64, u64>;

/// The words of a text, in their order.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|letter: char| !letter.is_alphabetic());
    words.filter(|word| word.len() >= SHORTEST)
}

/// A number for a pair, whichever of the two comes first.
fn pair(one: u64, other: u64) -> u64 {
    let (less, more) = (one.min(other), one.max(other));
    xxh3_64(&[less.to_le_bytes(), more.to_le_bytes()].concat())
}

/// All pairs of a text, each as often as it is there: the number of the pair, and its words.
fn pairs(text: &str) -> impl Iterator<Item = (u64, [&str; 2])> {
    let mut near: [Option<(u64, &str)>; NEAR] = [None; NEAR];
    words(text).enumerate().flat_map(move |(place, word)| {
        let hash = xxh3_64(word.as_bytes());
        let before = near;
        near[place % NEAR] = Some((hash, word));
        before.into_iter().flatten().map(move |(other, first)| (pair(other, hash), [first, word]))
    })
}

/// Counts the pairs of a text.
pub fn count(text: &str, counts: &mut Counts) {
    for (pair, _) in pairs(text) {
        *counts.entry(pair).or_default() += 1;
    }
}

/// What all counts come to: it does not depend on who counted what, nor on when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// How many different pairs there are.
    pub pairs: u64,
    /// How many there are, all told.
    pub all: u64,
    /// A number that others have who counted the same.
    pub hash: u64,
    /// The most frequent pairs: how often, and the number. They are in order.
    pub most: Vec<(u64, u64)>,
}

/// How many of the most frequent pairs an answer has.
const MOST: usize = 10;

impl Answer {
    /// What these counts come to.
    #[must_use]
    pub fn of(counts: &Counts) -> Answer {
        let mix = |(&pair, &count): (&u64, &u64)| pair_and_count(pair, count);
        let most = counts.iter().map(|(&pair, &count)| (count, pair)).collect();
        let answer = Answer {
            pairs: counts.len() as u64,
            all: counts.values().sum(),
            hash: counts.iter().map(mix).fold(0, u64::wrapping_add),
            most,
        };
        answer.cut()
    }

    /// Both together: no pair is in more than one of them.
    #[must_use]
    pub fn and(mut self, other: Answer) -> Answer {
        self.pairs += other.pairs;
        self.all += other.all;
        self.hash = self.hash.wrapping_add(other.hash);
        self.most.extend(other.most);
        self.cut()
    }

    fn cut(mut self) -> Answer {
        self.most.sort_unstable_by(|one, other| other.cmp(one));
        self.most.truncate(MOST);
        self
    }

    /// The most frequent pairs in words, a line each.
    #[must_use]
    pub fn in_words<'a>(&self, texts: impl IntoIterator<Item = &'a String>) -> String {
        let mut names: HashMap<u64, [&str; 2]> = HashMap::new();
        for text in texts {
            for (pair, words) in pairs(text) {
                if self.most.iter().any(|(_, most)| *most == pair) {
                    names.entry(pair).or_insert(words);
                }
            }
        }
        let line = |(count, pair): &(u64, u64)| {
            let [one, other] = names.get(pair).copied().unwrap_or_default();
            format!("{count:>9}  {one} … {other}\n")
        };
        self.most.iter().map(line).collect()
    }
}

fn pair_and_count(pair: u64, count: u64) -> u64 {
    xxh3_64(&[pair.to_le_bytes(), count.to_le_bytes()].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(texts: &[&str]) -> Counts {
        let mut counts = Counts::new();
        texts.iter().for_each(|text| count(text, &mut counts));
        counts
    }

    #[test]
    fn words_are_near_that_have_at_most_two_between_them() {
        // one-two, one-three, two-three, one-four, two-four, three-four, two-five, …
        let answer = Answer::of(&counted(&["one two three; four\n(five)"]));
        assert_eq!((answer.pairs, answer.all), (9, 9));
        assert_eq!(Answer::of(&counted(&["a b one x two"])).all, 1);
    }

    #[test]
    fn it_does_not_matter_which_of_two_words_comes_first_or_who_counts_which_text() {
        let answer = Answer::of(&counted(&["one two", "two one", "one red"]));
        assert_eq!((answer.pairs, answer.all, answer.most[0].0), (2, 3, 2));
        assert_eq!(answer, Answer::of(&counted(&["one red", "two one", "one two"])));
        assert_ne!(answer, Answer::of(&counted(&["one red", "two one"])));
        let texts = ["one two".to_owned()];
        assert!(answer.in_words(&texts).starts_with("        2  one … two\n"));
    }

    #[test]
    fn answers_of_different_pairs_add_up() {
        let (some, others) = (counted(&["one two"]), counted(&["red blue", "red blue"]));
        let both = counted(&["one two", "red blue", "red blue"]);
        assert_eq!(Answer::of(&some).and(Answer::of(&others)), Answer::of(&both));
    }
}

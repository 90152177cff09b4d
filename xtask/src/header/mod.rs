//! Reads what a lesson file says besides its code: what to predict and which line to change, above
//! the code, and what the answers are, below it.
//!
//! ```text
//! //! What the lesson is.
//! //!
//! //! Predict: …?
//! //! - one thing
//! //! - another thing
//! //!
//! //! Change: `this` to `that`
//!
//! (the code)
//!
//! // Answer, by the clock: another thing. …
//! //
//! // Then: *quadrant*. …
//! ```
//!
//! Whoever reads the question, in the file or in its documentation, has the code to think about before
//! the answer comes in sight.

mod question;

use anyhow::{Context, Result, bail};
use words::Quadrant;

pub(crate) use question::{Measure, Question, Span, number, quadrant};

/// What a lesson file says, as far as a program can hold it to that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    /// The first paragraph: what the lesson is.
    pub(crate) claim: String,
    /// What the reader is asked, and the answer.
    pub(crate) question: Question,
    /// The code to change; it stands in the file exactly once.
    pub(crate) old: String,
    /// What to change it to.
    pub(crate) new: String,
    /// The quadrant of the changed program.
    pub(crate) then: Quadrant,
    /// What is said of that: the quadrant, between stars, and why.
    pub(crate) outcome: String,
}

impl Header {
    /// Reads what this source text says.
    ///
    /// # Errors
    ///
    /// Says which of its parts is missing, or not of the form above.
    pub(crate) fn read(source: &str) -> Result<Header> {
        let parts = Parts::of(source);
        let above = paragraphs(parts.above, "//!");
        let below = paragraphs(parts.below, "//");
        let (old, new) = snippets(&joined(starting(&above, "Change: ", "header")?))?;
        let outcome = joined(starting(&below, "Then: ", "end of the file")?);
        let predict = starting(&above, "Predict: ", "header")?;
        let answer = joined(starting(&below, "Answer", "end of the file")?);
        Ok(Header {
            claim: joined(&above[0]),
            question: Question::read(predict, &answer)?,
            old,
            new,
            then: quadrant_of(&outcome)?,
            outcome,
        })
    }

    /// The source text with the suggested change made.
    ///
    /// # Errors
    ///
    /// If the code to change does not stand in it exactly once.
    pub(crate) fn change(&self, source: &str) -> Result<String> {
        replace(source, &self.old, &self.new)
    }

    /// What is said of the changed program's quadrant, without its name where that stands alone.
    pub(crate) fn why(&self) -> &str {
        self.outcome.split_once("*. ").map_or(&self.outcome, |(_, why)| why)
    }

    /// The source text with the suggested change taken back, if it was made exactly once.
    pub(crate) fn unchange(&self, source: &str) -> Option<String> {
        replace(source, &self.new, &self.old).ok()
    }
}

/// The source text with a piece of its code replaced.
///
/// # Errors
///
/// If the piece does not stand in the code exactly once.
pub(crate) fn replace(source: &str, old: &str, new: &str) -> Result<String> {
    let Parts { above, code, below } = Parts::of(source);
    match code.matches(old).count() {
        1 => Ok(format!("{above}{}{below}", code.replacen(old, new, 1))),
        count => bail!("the code to change, `{old}`, stands in the file {count} times"),
    }
}

/// What of a source text is neither its header nor the answers below it.
pub(crate) fn code_of(source: &str) -> &str {
    Parts::of(source).code
}

/// The number, from 1, of the line of a source text in which a piece of its code begins.
pub(crate) fn line_of(source: &str, piece: &str) -> Option<usize> {
    let Parts { above, code, .. } = Parts::of(source);
    let before = &code[..code.find(piece)?];
    Some(above.lines().count() + before.matches('\n').count() + 1)
}

/// How many lines of a source text are not below its code.
#[cfg(test)]
pub(crate) fn lines_down_to_the_answer(source: &str) -> usize {
    let Parts { above, code, .. } = Parts::of(source);
    above.lines().count() + code.trim_end().lines().count()
}

/// A source text in three parts, which are all of it.
struct Parts<'a> {
    /// The lines that begin with `//!`.
    above: &'a str,
    code: &'a str,
    /// The comment that the file ends with.
    below: &'a str,
}

impl Parts<'_> {
    fn of(source: &str) -> Parts<'_> {
        let is_below = |line: &&str| {
            let is_blank = line.trim().is_empty();
            is_blank || (line.starts_with("//") && !line.starts_with("///"))
        };
        let above = source.split_inclusive('\n').take_while(|line| line.starts_with("//!"));
        let (above, rest) = source.split_at(above.map(str::len).sum());
        let below = rest.split_inclusive('\n').rev().take_while(is_below);
        let (code, below) = rest.split_at(rest.len() - below.map(str::len).sum::<usize>());
        Parts { above, code, below }
    }
}

/// The paragraphs of a comment, each in its lines.
fn paragraphs<'a>(comment: &'a str, prefix: &str) -> Vec<Vec<&'a str>> {
    let lines = comment.lines().map(|line| line.strip_prefix(prefix).unwrap_or_default().trim());
    let lines: Vec<_> = lines.collect();
    let paragraphs = lines.split(|line| line.is_empty());
    let paragraphs: Vec<_> = paragraphs.filter(|it| !it.is_empty()).map(<[_]>::to_vec).collect();
    if paragraphs.is_empty() { vec![Vec::new()] } else { paragraphs }
}

/// The paragraph that begins with this word, without it.
fn starting<'a>(paragraphs: &[Vec<&'a str>], word: &str, place: &str) -> Result<Vec<&'a str>> {
    let found = paragraphs.iter().find_map(|lines| {
        let (first, rest) = lines.split_first()?;
        Some([&[first.strip_prefix(word)?], rest].concat())
    });
    found.with_context(|| format!("the {place} has no paragraph `{} …`", word.trim_end()))
}

/// A paragraph's lines as one.
fn joined<'a>(lines: impl AsRef<[&'a str]>) -> String {
    lines.as_ref().join(" ")
}

/// The two pieces of code in: `this` to `that`.
fn snippets(text: &str) -> Result<(String, String)> {
    match text.split('`').collect::<Vec<_>>()[..] {
        ["", old, " to ", new, ..] => Ok((old.to_owned(), new.to_owned())),
        _ => bail!("the change is not of the form: `this` to `that`: {text}"),
    }
}

/// The quadrant in: *quadrant*, and so on.
fn quadrant_of(text: &str) -> Result<Quadrant> {
    let name = text.strip_prefix('*').and_then(|text| text.split_once('*'));
    let (name, _) = name.with_context(|| format!("no *quadrant* begins: {text}"))?;
    Ok(name.replace(' ', "-").parse()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "\
//! A claim
//! on two lines.
//!
//! Predict: what
//! is it?
//! - this
//! - that
//!
//! Change: `one()` to
//! `two()`

fn main() {
    // one is none
    one();
}

// Answer: that. It would be
// `one()`.
//
// Then: *concurrent only*. That is so.
";

    #[test]
    fn the_parts_of_a_header_are_read() {
        let header = Header::read(SOURCE).unwrap();
        assert_eq!(header.claim, "A claim on two lines.");
        assert_eq!(header.question.text, "what is it?");
        assert_eq!(header.question.choices, ["this", "that"]);
        assert_eq!(header.question.answer, 1);
        assert_eq!(header.question.because, "It would be `one()`.");
        assert_eq!((header.old.as_str(), header.new.as_str()), ("one()", "two()"));
        assert_eq!(header.then, Quadrant::ConcurrentOnly);
        assert_eq!(header.outcome, "*concurrent only*. That is so.");
        assert_eq!(header.why(), "That is so.");
        let header = Header::read(&SOURCE.replace("*. That", "*, and that")).unwrap();
        assert_eq!(header.why(), "*concurrent only*, and that is so.");
    }

    #[test]
    fn the_change_is_made_in_the_code_only() {
        let header = Header::read(SOURCE).unwrap();
        let changed = header.change(SOURCE).unwrap();
        assert_eq!(changed, SOURCE.replace("    one();", "    two();"));
        assert_eq!(header.unchange(&changed).as_deref(), Some(SOURCE));
        assert_eq!(header.unchange(SOURCE), None);
    }

    #[test]
    fn a_change_that_does_not_fit_the_file_is_an_error() {
        let header = Header::read(SOURCE).unwrap();
        assert!(header.change(&SOURCE.replace("    one();", "")).is_err());
        assert!(header.change(&SOURCE.replace("    one();", "one(); one();")).is_err());
    }

    #[test]
    fn a_missing_part_is_named() {
        for part in ["Predict: ", "Change: ", "Then: ", "Answer"] {
            let error = Header::read(&SOURCE.replace(part, "")).unwrap_err();
            assert!(error.to_string().contains(part.trim_end()), "{error}");
        }
    }

    #[test]
    fn an_answer_that_stands_in_sight_of_the_question_is_none() {
        let (above, below) = SOURCE.split_once("\nfn main").unwrap();
        let answer = below.split_once("\n\n").unwrap().1.replace("// ", "//! ");
        let source = format!("{above}//!\n{}\nfn main() {{ one(); }}\n", answer.trim_end());
        assert!(Header::read(&source).is_err(), "{source}");
    }

    #[test]
    fn the_answer_is_not_among_the_lines_that_have_to_fit_on_a_screen() {
        assert_eq!(line_of(SOURCE, "one()"), Some(14));
        assert_eq!(lines_down_to_the_answer(SOURCE), 15);
        assert_eq!(lines_down_to_the_answer("fn f() {}\n\n\n"), 1);
    }
}

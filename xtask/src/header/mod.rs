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
//! Where a change is not about the quadrant, it has a question of its own: behind the change stands
//! `. …?` and choices, and below the code `// Then, by line 3: another thing. …`, in which the quadrant
//! stands between stars all the same.
//!
//! Where a lesson's time is asked for beside another lesson's, the answer is found ``by the time of
//! `both/std` ``, and the two are run and shown together.
//!
//! Whoever reads the question, in the file or in its documentation, has the code to think about before
//! the answer comes in sight.

pub(crate) mod layout;
mod question;

use anyhow::{Context, Result, bail};
use words::Quadrant;

use question::is_choice;
pub(crate) use question::{BESIDE, Measure, Other, Question, Span, mebibytes, number, quadrant};

/// What a lesson file says, as far as a program can hold it to that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    /// The first paragraph: what the lesson is.
    pub(crate) claim: String,
    /// What else one has to know before one is asked, a paragraph each.
    pub(crate) besides: Vec<String>,
    /// What the reader is asked, and the answer.
    pub(crate) question: Question,
    /// The code to change; it stands in the file exactly once.
    pub(crate) old: String,
    /// What to change it to.
    pub(crate) new: String,
    /// What the reader is asked about the changed program, and the answer.
    pub(crate) changed: Question,
    /// The quadrant of the changed program.
    pub(crate) then: Quadrant,
    /// What is said of the changed program: the right choice, the quadrant between stars, and why.
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
        let change = starting(&above, "Change: ", "header")?;
        let choices = change.iter().position(is_choice).unwrap_or(change.len());
        let (old, new, asked) = snippets(&joined(&change[..choices]))?;
        let then = joined(starting(&below, "Then", "end of the file")?);
        let outcome = then.split_once(": ").context("no colon follows `Then`")?.1.to_owned();
        let predict = starting(&above, "Predict: ", "header")?;
        let answer = joined(starting(&below, "Answer", "end of the file")?);
        let changed = match asked {
            None => Question::of_quadrants(&outcome)?,
            Some(asked) => Question::read([&[asked.as_str()], &change[choices..]].concat(), &then)?,
        };
        let is_besides = |lines: &&Vec<&str>| {
            !["Predict: ", "Change: "].iter().any(|word| lines[0].starts_with(word))
        };
        Ok(Header {
            claim: joined(&above[0]),
            besides: above[1..].iter().filter(is_besides).map(joined).collect(),
            question: Question::read(predict, &answer)?,
            old,
            new,
            changed,
            then: quadrant_in(&outcome)?,
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

    /// The source text with the suggested change taken back, if it was made exactly once.
    pub(crate) fn unchange(&self, source: &str) -> Option<String> {
        replace(source, &self.new, &self.old).ok()
    }
}

/// The source text with a piece of its code replaced, however it is laid out.
///
/// # Errors
///
/// If the piece does not stand in the code exactly once.
pub(crate) fn replace(source: &str, old: &str, new: &str) -> Result<String> {
    let Parts { above, code, below } = Parts::of(source);
    match &layout::find(code, old)[..] {
        [place] => {
            let (before, after) = (&code[..place.start], &code[place.end..]);
            Ok(format!("{above}{before}{new}{after}{below}"))
        }
        places => bail!("the code to change, `{old}`, stands in the file {} times", places.len()),
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

/// The two pieces of code in: `this` to `that`, and the question that may follow behind a full stop.
fn snippets(text: &str) -> Result<(String, String, Option<String>)> {
    match text.splitn(5, '`').collect::<Vec<_>>()[..] {
        ["", old, " to ", new, rest] => {
            let asked = rest.strip_prefix(". ").map(str::to_owned);
            Ok((old.to_owned(), new.to_owned(), asked))
        }
        _ => bail!("the change is not of the form: `this` to `that`: {text}"),
    }
}

/// The quadrant in: … *quadrant* …
fn quadrant_in(text: &str) -> Result<Quadrant> {
    let mut found =
        text.split('*').skip(1).step_by(2).filter_map(|it| quadrant(&it.to_lowercase()));
    found.next().with_context(|| format!("no *quadrant* stands in: {text}"))
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
        assert!(header.besides.is_empty());
        let more = SOURCE.replace("//! Predict", "//! More\n//! of it.\n//!\n//! Predict");
        assert_eq!(Header::read(&more).unwrap().besides, ["More of it."]);
    }

    #[test]
    fn a_change_asks_for_its_quadrant() {
        let Question { text, choices, answer, because, .. } = Header::read(SOURCE).unwrap().changed;
        assert!(text.contains("quadrant"), "{text}");
        assert_eq!(
            (choices[answer].as_str(), because.as_str()),
            ("concurrent only", "That is so.")
        );
        let header = Header::read(&SOURCE.replace("*. That", "*, and that")).unwrap();
        assert_eq!(header.changed.because, "*Concurrent only*, and that is so.");
        let no_quadrant = SOURCE.replace("*concurrent only*", "*something*");
        assert!(Header::read(&no_quadrant).is_err());
    }

    #[test]
    fn a_change_may_have_a_question_of_its_own() {
        let source = SOURCE
            .replace("`two()`", "`two()`. What does\n//! it say?\n//! - `1`\n//! - `2`")
            .replace("Then: *concurrent only*. That", "Then, by line 1: `2`. (*Both*.) That");
        let Header { changed, then, new, .. } = Header::read(&source).unwrap();
        assert_eq!((changed.text.as_str(), new.as_str()), ("What does it say?", "two()"));
        assert_eq!((changed.by, changed.answer), (Some(Measure::Line(1)), 1));
        assert_eq!((changed.because.as_str(), then), ("(*Both*.) That is so.", Quadrant::Both));
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
            let name = part.trim_end_matches([':', ' ']);
            assert!(error.to_string().contains(name), "{error}");
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

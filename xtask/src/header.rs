//! Reads the header of a lesson file: what to predict, which line to change, and what happens then.
//!
//! A header ends with four paragraphs:
//!
//! ```text
//! //! Predict: …?
//! //!
//! //! Change: `this` to `that`
//! //!
//! //! Then: *quadrant*. …
//! //!
//! //! Answer: …
//! ```

use anyhow::{Context, Result, bail};
use words::Quadrant;

/// What a lesson file's header says, as far as a program can hold it to that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    /// The first paragraph: what the lesson shows.
    pub(crate) claim: String,
    /// What the reader is asked.
    pub(crate) predict: String,
    /// The code to change; it stands in the file exactly once.
    pub(crate) old: String,
    /// What to change it to.
    pub(crate) new: String,
    /// The quadrant of the changed program.
    pub(crate) then: Quadrant,
    /// The answer to what the reader is asked.
    pub(crate) answer: String,
}

impl Header {
    /// Reads the header of this source text.
    ///
    /// # Errors
    ///
    /// Says which of its parts is missing, or not of the form above.
    pub(crate) fn read(source: &str) -> Result<Header> {
        let lines = source.lines().map_while(|line| line.strip_prefix("//!"));
        let text = lines.collect::<Vec<_>>().join("\n");
        let paragraphs: Vec<_> = text
            .split("\n\n")
            .map(|paragraph| paragraph.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        let starting = |word: &str| {
            let paragraph = paragraphs.iter().find_map(|p| p.strip_prefix(word));
            paragraph.with_context(|| format!("the header has no paragraph `{word} …`"))
        };
        let (old, new) = snippets(starting("Change: ")?)?;
        Ok(Header {
            claim: paragraphs[0].clone(),
            predict: starting("Predict: ")?.to_owned(),
            old,
            new,
            then: quadrant(starting("Then: ")?)?,
            answer: starting("Answer: ")?.to_owned(),
        })
    }

    /// The source text with the suggested change made.
    ///
    /// # Errors
    ///
    /// If the code to change does not stand below the header exactly once.
    pub(crate) fn change(&self, source: &str) -> Result<String> {
        replace(source, &self.old, &self.new)
    }
}

/// The source text with a piece of code replaced.
///
/// # Errors
///
/// If the code does not stand below the header exactly once.
pub(crate) fn replace(source: &str, old: &str, new: &str) -> Result<String> {
    let lines = source.split_inclusive('\n').take_while(|line| line.starts_with("//!"));
    let (header, body) = source.split_at(lines.map(str::len).sum());
    match body.matches(old).count() {
        1 => Ok(format!("{header}{}", body.replacen(old, new, 1))),
        count => bail!("the code to change, `{old}`, stands in the file {count} times"),
    }
}

impl Header {
    /// The source text with the suggested change taken back, if it was made exactly once.
    pub(crate) fn unchange(&self, source: &str) -> Option<String> {
        let Header { old, new, .. } = self;
        let back = Header { old: new.clone(), new: old.clone(), ..self.clone() };
        back.change(source).ok()
    }
}

/// The two pieces of code in: `this` to `that`.
fn snippets(text: &str) -> Result<(String, String)> {
    match text.split('`').collect::<Vec<_>>()[..] {
        ["", old, " to ", new, ..] => Ok((old.to_owned(), new.to_owned())),
        _ => bail!("the change is not of the form: `this` to `that`: {text}"),
    }
}

/// The quadrant in: *quadrant*, and so on.
fn quadrant(text: &str) -> Result<Quadrant> {
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
//! Predict: what?
//!
//! Change: `one()` to
//! `two()`
//!
//! Then: *concurrent only*. That is so.
//!
//! Answer: that.

fn main() {
    one();
}
";

    #[test]
    fn the_parts_of_a_header_are_read() {
        let header = Header::read(SOURCE).unwrap();
        assert_eq!(header.claim, "A claim on two lines.");
        assert_eq!(header.predict, "what?");
        assert_eq!((header.old.as_str(), header.new.as_str()), ("one()", "two()"));
        assert_eq!(header.then, Quadrant::ConcurrentOnly);
    }

    #[test]
    fn the_change_is_made_below_the_header_only() {
        let changed = Header::read(SOURCE).unwrap().change(SOURCE).unwrap();
        assert_eq!(changed, SOURCE.replace("    one();", "    two();"));
    }

    #[test]
    fn a_change_that_does_not_fit_the_file_is_an_error() {
        let header = Header::read(SOURCE).unwrap();
        assert!(header.change(&SOURCE.replace("    one();", "")).is_err());
        assert!(header.change(&SOURCE.replace("    one();", "one(); one();")).is_err());
    }

    #[test]
    fn a_missing_part_is_named() {
        for part in ["Predict: ", "Change: ", "Then: ", "Answer: "] {
            let error = Header::read(&SOURCE.replace(part, "")).unwrap_err();
            assert!(error.to_string().contains(part), "{error}");
        }
    }
}

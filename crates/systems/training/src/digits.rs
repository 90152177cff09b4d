//! Digits that people wrote: 1,797 pictures of eight by eight pixels
//! ([source and licence](https://doi.org/10.24432/C50P49), CC BY 4.0).

/// How many pixels a picture has.
pub const PIXELS: usize = 64;

/// How many digits there are to tell apart.
pub const KINDS: usize = 10;

/// How many pictures the file has.
const ALL: usize = 1797;

/// Of how many pictures one is kept for the test.
const ONE_IN: usize = 5;

/// A picture, and what it shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Digit {
    /// Row by row: from 0, paper, to 1, ink.
    pub pixels: [f32; PIXELS],
    /// Which digit it is.
    pub kind: usize,
}

/// Pictures to learn from, and others to be tested with.
#[derive(Clone, Debug, PartialEq)]
pub struct Digits {
    /// What is learned from.
    pub lessons: Vec<Digit>,
    /// What nobody sees before the test: every fifth picture.
    pub test: Vec<Digit>,
}

impl Digits {
    /// The digits that come with this program.
    ///
    /// # Panics
    ///
    /// If their file is damaged, which a test would have found.
    #[must_use]
    pub fn ours() -> Digits {
        Digits::read(include_str!("../data/digits.txt")).expect("a file that is whole")
    }

    /// Reads a file of digits.
    ///
    /// # Errors
    ///
    /// A sentence that names the line, where there is something else, and one where the file ends early.
    pub fn read(text: &str) -> Result<Digits, String> {
        let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.starts_with('#'));
        let digits: Vec<Digit> =
            lines.map(|(number, line)| digit(number, line)).collect::<Result<_, _>>()?;
        if digits.len() != ALL {
            return Err(format!(
                "there are {} digits instead of {ALL}: the file is cut",
                digits.len()
            ));
        }
        let (test, lessons): (Vec<_>, Vec<_>) =
            digits.into_iter().enumerate().partition(|(number, _)| number % ONE_IN == 0);
        let [lessons, test] =
            [lessons, test].map(|some| some.into_iter().map(|(_, digit)| digit).collect());
        Ok(Digits { lessons, test })
    }
}

/// Reads a line: eight groups of eight pixels, and the digit.
fn digit(number: usize, line: &str) -> Result<Digit, String> {
    let what = |what: &str| format!("line {number} of the digits {what}: `{line}`");
    let letters: String = line.split(' ').collect();
    let ink = |letter: char| letter.to_digit(17).map(|ink| ink as f32 / 16.0);
    let numbers: Option<Vec<f32>> = letters.chars().take(PIXELS).map(ink).collect();
    let numbers = numbers.ok_or_else(|| what("has a pixel that is none of 0 to g"))?;
    let pixels = numbers.try_into().map_err(|_| what("has too few pixels"))?;
    let kind: Option<usize> = letters.get(PIXELS..).and_then(|kind| kind.parse().ok());
    let kind =
        kind.filter(|&kind| kind < KINDS).ok_or_else(|| what("does not end with a digit"))?;
    Ok(Digit { pixels, kind })
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = include_str!("../data/digits.txt");

    #[test]
    fn all_digits_are_there_and_every_fifth_is_kept_for_the_test() {
        let digits = Digits::ours();
        assert_eq!((digits.lessons.len(), digits.test.len()), (1437, 360));
        // As many of each as UCI says that there are.
        let all = || digits.lessons.iter().chain(&digits.test);
        let of = |kind| all().filter(|digit| digit.kind == kind).count();
        assert_eq!(
            (0..KINDS).map(of).collect::<Vec<_>>(),
            [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
        );
        assert_eq!(digits.test[0].pixels[2..5], [5.0 / 16.0, 13.0 / 16.0, 9.0 / 16.0]);
    }

    #[test]
    fn a_cut_file_is_told_in_a_sentence() {
        let error = |text: &str| Digits::read(text).expect_err("it is damaged");
        let end = OURS.trim_end().len();
        assert!(
            error(&OURS[..end - 1]).contains("line 1803 of the digits does not end with a digit")
        );
        assert!(error(&OURS[..end - 20]).contains("too few pixels"));
        assert!(error(&OURS[..end - 74]).contains("1796 digits instead of 1797"));
        assert!(error("").contains("0 digits"));
    }

    #[test]
    fn what_is_no_digit_is_told_with_its_line() {
        let of = |line: &str| digit(7, line).expect_err("it is damaged");
        let blank = ["00000000"; 8].join(" ");
        assert!(of(&format!("{blank} 10")).contains("line 7 of the digits does not end"));
        assert!(of(&format!("{} 1", blank.replacen('0', "h", 1))).contains("none of 0 to g"));
        assert!(of(&format!("{blank}é")).contains("does not end"));
        assert!(digit(7, &format!("{blank} 9")).is_ok());
    }
}

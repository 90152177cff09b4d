//! How bytes become lines.

use std::time::Duration;

/// The longest line that is kept, in bytes. Of a longer one the rest is dropped.
pub(crate) const LONGEST: usize = 64 << 10;

/// Which of its two outputs a program printed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stream {
    /// Standard output.
    Output,
    /// Standard error.
    Error,
}

impl Stream {
    /// The name that is used for it everywhere.
    pub fn name(self) -> &'static str {
        match self {
            Stream::Output => "stdout",
            Stream::Error => "stderr",
        }
    }
}

/// One line that a program printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its text without the line feed. Bytes that are not UTF-8 are replaced by `U+FFFD`.
    pub text: String,
    /// Where it was printed to.
    pub stream: Stream,
    /// Its place among the lines of this stream, from 1.
    pub number: usize,
    /// When its end was read, since the start of the program. Lines of one
    /// stream arrive in the order in which they were printed; between the two
    /// streams the order is as good as the clock of the two threads that read them.
    pub arrival: Duration,
    /// Whether some of its bytes were not UTF-8.
    pub broken: bool,
    /// Whether the output ended before the line did.
    pub half: bool,
    /// How many bytes of it were too many, and dropped.
    pub cut: u64,
}

/// Cuts one stream into lines.
#[derive(Debug)]
pub(crate) struct Splitter {
    stream: Stream,
    /// What has arrived of a line whose end has not.
    pending: Vec<u8>,
    cut: u64,
    number: usize,
}

impl Splitter {
    pub(crate) fn new(stream: Stream) -> Splitter {
        Splitter { stream, pending: Vec::new(), cut: 0, number: 0 }
    }

    /// Takes in the next bytes, and gives every line that they end to `emit`.
    pub(crate) fn push(&mut self, bytes: &[u8], arrival: Duration, mut emit: impl FnMut(Line)) {
        for piece in bytes.split_inclusive(|&byte| byte == b'\n') {
            let (piece, ends) = match piece.strip_suffix(b"\n") {
                Some(piece) => (piece, true),
                None => (piece, false),
            };
            let room = LONGEST - self.pending.len();
            let taken = piece.len().min(room);
            self.pending.extend_from_slice(&piece[..taken]);
            self.cut += (piece.len() - taken) as u64;
            if ends {
                emit(self.line(arrival, false));
            }
        }
    }

    /// Gives the line that the stream ended in the middle of, if there is one.
    pub(crate) fn finish(&mut self, arrival: Duration) -> Option<Line> {
        (!self.pending.is_empty()).then(|| self.line(arrival, true))
    }

    fn line(&mut self, arrival: Duration, half: bool) -> Line {
        let mut bytes = self.pending.as_slice();
        if self.cut > 0 {
            bytes = without_half_character(bytes);
        } else if !half {
            bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        }
        let text = String::from_utf8_lossy(bytes);
        self.number += 1;
        let line = Line {
            broken: matches!(text, std::borrow::Cow::Owned(_)),
            text: text.into_owned(),
            stream: self.stream,
            number: self.number,
            arrival,
            half,
            cut: std::mem::take(&mut self.cut),
        };
        self.pending.clear();
        line
    }
}

/// Where we cut a line ourselves, we may have cut a character: that is not the program's fault.
fn without_half_character(bytes: &[u8]) -> &[u8] {
    match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => &bytes[..error.valid_up_to()],
        _ => bytes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(pieces: &[&[u8]]) -> Vec<Line> {
        let mut splitter = Splitter::new(Stream::Output);
        let mut lines = Vec::new();
        for piece in pieces {
            splitter.push(piece, Duration::ZERO, |line| lines.push(line));
        }
        lines.extend(splitter.finish(Duration::ZERO));
        lines
    }

    fn texts(pieces: &[&[u8]]) -> Vec<String> {
        split(pieces).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn lines_may_arrive_in_any_pieces() {
        assert_eq!(texts(&[b"on", b"e\ntwo\n\nthr", b"ee", b"\n"]), ["one", "two", "", "three"]);
    }

    #[test]
    fn a_carriage_return_before_the_line_feed_is_no_part_of_the_line() {
        assert_eq!(texts(&[b"a\r\nb\rc\n"]), ["a", "b\rc"]);
    }

    #[test]
    fn half_a_line_is_marked() {
        let halves: Vec<bool> = split(&[b"one\nhal"]).iter().map(|line| line.half).collect();
        assert_eq!(halves, [false, true]);
    }

    #[test]
    fn a_line_that_is_not_utf8_is_marked() {
        let lines = split(&[b"fine\nb\xffd\n"]);
        assert_eq!(lines[1].text, "b\u{fffd}d");
        assert_eq!([lines[0].broken, lines[1].broken], [false, true]);
    }

    #[test]
    fn an_endless_line_keeps_its_beginning_only() {
        let piece = "é".repeat(LONGEST);
        let lines = split(&[b"x", piece.as_bytes(), b"\nnext\n"]);
        assert_eq!(lines[0].text.len(), LONGEST - 1);
        assert_eq!(lines[0].cut, (2 * LONGEST + 1 - LONGEST) as u64);
        assert!(!lines[0].broken, "the character that was cut is no fault of the program");
        assert_eq!(lines[1].text, "next");
    }
}

//! Contracts read from text.

use std::iter::Peekable;
use std::ops::Range;
use std::str::{CharIndices, FromStr};

use super::error::{Error, ErrorKind, Flaw};
use super::poset::Poset;
use super::state::{Edge, Name, Order, Text, line, par, pattern, seq};
use super::write::{WHERE, Written, is_word_character};

impl FromStr for Order {
    type Err = Error;

    /// Reads the [notation](super#notation), and looks into whether the
    /// contract makes sense.
    fn from_str(notation: &str) -> Result<Order, Error> {
        let order = Reader::new(notation).read().map_err(|(flaw, at)| flaw.at(notation, at))?;
        let (order, written) = order;
        Poset::compile(&order).map_err(|(flaw, at)| flaw.at(notation, at.find_in(&written)))?;
        Ok(order)
    }
}

/// A flaw and the bytes where it is.
type Located = (Flaw, Range<usize>);

/// A sign or a word of the notation.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Open,
    Close,
    Semicolon,
    Parallel,
    Colon,
    Comma,
    Before,
    Where,
    Occurrence(usize),
    Text(Text),
    End,
}

impl Token {
    fn describe(&self) -> &'static str {
        match self {
            Token::Open => "`(`",
            Token::Close => "`)`",
            Token::Semicolon => "`;`",
            Token::Parallel => "`||`",
            Token::Colon => "`:`",
            Token::Comma => "`,`",
            Token::Before => "`<`",
            Token::Where => "`where`",
            Token::Occurrence(_) => "an occurrence",
            Token::Text(Text::Exact(_)) => "a line",
            Token::Text(Text::Pattern(_)) => "a pattern",
            Token::End => "the end",
        }
    }
}

/// What stands between one pair of parentheses, as far as it is read.
#[derive(Default)]
struct Level {
    open: Range<usize>,
    /// What `||` has closed already.
    parallel: Vec<Order>,
    /// What `;` joins at present.
    series: Vec<Order>,
}

impl Level {
    fn end_series(&mut self) {
        let series = seq(self.series.drain(..));
        self.parallel.push(series);
    }

    fn close(mut self) -> Order {
        self.end_series();
        par(self.parallel)
    }
}

struct Reader<'a> {
    lexer: Lexer<'a>,
    token: Token,
    place: Range<usize>,
    written: Written,
    edges: Vec<Edge>,
}

impl<'a> Reader<'a> {
    fn new(notation: &'a str) -> Reader<'a> {
        Reader {
            lexer: Lexer::new(notation),
            token: Token::End,
            place: 0..0,
            written: Written::default(),
            edges: Vec::new(),
        }
    }

    /// Reads everything in a loop with a stack of its own, so that no depth
    /// of parentheses is too much.
    fn read(mut self) -> Result<(Order, Written), Located> {
        self.advance()?;
        let mut levels = Vec::new();
        let mut level = Level::default();
        loop {
            // An operand: a line, or the inside of parentheses.
            if self.token == Token::Open {
                let open = self.advance()?;
                levels.push(std::mem::replace(&mut level, Level { open, ..Level::default() }));
                if self.token != Token::Close {
                    continue;
                }
            } else {
                level.series.push(self.line()?);
            }
            // What follows an operand: a sign, or the end of one or more levels.
            loop {
                match self.token {
                    Token::Semicolon => break,
                    Token::Parallel => {
                        level.end_series();
                        break;
                    }
                    Token::Where => self.edges()?,
                    Token::Close => {
                        let outer = levels.pop().ok_or_else(|| self.unopened())?;
                        let inner = std::mem::replace(&mut level, outer);
                        level.series.push(inner.close());
                        self.advance()?;
                    }
                    Token::End if levels.is_empty() => return Ok(self.finish(level)),
                    Token::End => return Err(unclosed(level.open)),
                    Token::Text(Text::Exact(_)) => return Err(self.two_lines()),
                    _ => return Err(self.unexpected("`;`, `||`, `where` or the end")),
                }
            }
            self.advance()?;
        }
    }

    fn finish(self, level: Level) -> (Order, Written) {
        let mut order = level.close();
        order.edges = self.edges;
        (order, self.written)
    }

    fn line(&mut self) -> Result<Order, Located> {
        let start = self.place.start;
        let mut text = self.text("a line or `(`")?;
        let mut label = None;
        if let (Token::Colon, Text::Exact(name)) = (&self.token, &text) {
            label = Some(name.to_string());
            self.advance()?;
            text = self.text("the line that the label stands for")?;
        }
        let order = match text {
            Text::Exact(text) => line(&*text),
            Text::Pattern(expression) => pattern(expression),
        };
        let order = order.occurrence(self.occurrence()?);
        self.written.lines.push(start..self.lexer.end_of_previous);
        Ok(match label {
            Some(label) => order.label(label),
            None => order,
        })
    }

    /// The edges after `where`: chains of names with `<` between them.
    fn edges(&mut self) -> Result<(), Located> {
        loop {
            self.advance()?;
            let mut earlier = self.name()?;
            if self.token != Token::Before {
                return Err(self.unexpected("`<` and a later line"));
            }
            while self.token == Token::Before {
                self.advance()?;
                let later = self.name()?;
                self.edges.push(Edge { earlier: earlier.0, later: later.0.clone() });
                self.written.edges.push([earlier.1, later.1.clone()]);
                earlier = later;
            }
            match self.token {
                Token::Comma => {}
                Token::Close | Token::End => return Ok(()),
                _ => return Err(self.unexpected("`,`, `)` or the end")),
            }
        }
    }

    fn name(&mut self) -> Result<(Name, Range<usize>), Located> {
        let start = self.place.start;
        let text = self.text("a line's label or text")?;
        let occurrence = self.occurrence()?;
        Ok((Name { text, occurrence }, start..self.lexer.end_of_previous))
    }

    fn text(&mut self, expected: &str) -> Result<Text, Located> {
        let Token::Text(text) = self.token.clone() else {
            return Err(self.unexpected(expected));
        };
        self.advance()?;
        Ok(text)
    }

    fn occurrence(&mut self) -> Result<usize, Located> {
        let Token::Occurrence(occurrence) = self.token else {
            return Ok(1);
        };
        self.advance()?;
        Ok(occurrence)
    }

    /// Goes on to the next token, and returns the place of the one before it.
    fn advance(&mut self) -> Result<Range<usize>, Located> {
        let (token, place) = self.lexer.next()?;
        self.token = token;
        Ok(std::mem::replace(&mut self.place, place))
    }

    fn unexpected(&self, expected: &str) -> Located {
        let message = format!("{expected} is expected here, not {}", self.token.describe());
        (Flaw::new(ErrorKind::Syntax, message), self.place.clone())
    }

    fn two_lines(&self) -> Located {
        let message = "`;` or `||` is missing before this line; or if it belongs to \
                       the one before it, put both into one pair of quotes";
        (Flaw::new(ErrorKind::Syntax, message), self.place.clone())
    }

    fn unopened(&self) -> Located {
        let message = "this `)` closes nothing; remove it, or add the `(` that it belongs to";
        (Flaw::new(ErrorKind::Syntax, message), self.place.clone())
    }
}

fn unclosed(open: Range<usize>) -> Located {
    (Flaw::new(ErrorKind::Syntax, "this `(` is never closed; add a `)`"), open)
}

/// Splits the notation into tokens.
struct Lexer<'a> {
    notation: &'a str,
    characters: Peekable<CharIndices<'a>>,
    /// Where the token before the latest one ended.
    end_of_previous: usize,
    end: usize,
}

impl<'a> Lexer<'a> {
    fn new(notation: &'a str) -> Lexer<'a> {
        let characters = notation.char_indices().peekable();
        Lexer { notation, characters, end_of_previous: 0, end: 0 }
    }

    fn next(&mut self) -> Result<(Token, Range<usize>), Located> {
        self.end_of_previous = self.end;
        while self.characters.next_if(|(_, character)| character.is_whitespace()).is_some() {}
        let start = self.position();
        let token = match self.characters.next().map(|(_, character)| character) {
            None => Token::End,
            Some('(') => Token::Open,
            Some(')') => Token::Close,
            Some(';') => Token::Semicolon,
            Some(':') => Token::Colon,
            Some(',') => Token::Comma,
            Some('<') => Token::Before,
            Some('∥' | '‖') => Token::Parallel,
            Some('|') => self.bars(start)?,
            Some('#') => self.number(start)?,
            Some('"') => self.string(start)?,
            Some('/') => self.pattern(start)?,
            Some(character) if is_word_character(character) => self.word(start),
            Some(character) => return Err(self.stray(character, start)),
        };
        self.end = self.position();
        Ok((token, start..self.end))
    }

    fn position(&mut self) -> usize {
        self.characters.peek().map_or(self.notation.len(), |&(position, _)| position)
    }

    fn bars(&mut self, start: usize) -> Result<Token, Located> {
        match self.characters.next_if(|&(_, character)| character == '|') {
            Some(_) => Ok(Token::Parallel),
            None => Err(self.flaw("one `|` means nothing; write `||` or `∥`", start)),
        }
    }

    fn number(&mut self, start: usize) -> Result<Token, Located> {
        self.skip_while(|character| character.is_ascii_digit());
        let end = self.position();
        match self.notation[start + 1..end].parse() {
            Ok(occurrence) if occurrence > 0 => Ok(Token::Occurrence(occurrence)),
            _ => Err(self.flaw("an occurrence is `#` and a number from 1: \"tick\"#2", start)),
        }
    }

    fn word(&mut self, start: usize) -> Token {
        self.skip_while(is_word_character);
        let end = self.position();
        match &self.notation[start..end] {
            WHERE => Token::Where,
            word => Token::Text(Text::Exact(word.into())),
        }
    }

    fn string(&mut self, start: usize) -> Result<Token, Located> {
        let mut text = String::new();
        loop {
            match self.characters.next() {
                Some((_, '"')) => return Ok(Token::Text(Text::Exact(text.into()))),
                Some((escape, '\\')) => text.push(self.escaped(escape)?),
                Some((_, character)) => text.push(character),
                None => return Err(self.flaw("this `\"` is never closed; add a `\"`", start)),
            }
        }
    }

    fn escaped(&mut self, start: usize) -> Result<char, Located> {
        match self.characters.next().map(|(_, character)| character) {
            Some(character @ ('"' | '\\')) => Ok(character),
            Some('n') => Ok('\n'),
            Some('r') => Ok('\r'),
            Some('t') => Ok('\t'),
            Some('u') => self.code_point(start),
            _ => Err(self.flaw("an escape is one of \\\" \\\\ \\n \\r \\t \\u{1b}", start)),
        }
    }

    fn code_point(&mut self, start: usize) -> Result<char, Located> {
        let from = self.position();
        self.skip_while(|character| character == '{' || character.is_ascii_hexdigit());
        let digits = &self.notation[from..self.position()];
        let closed = self.characters.next_if(|&(_, character)| character == '}').is_some();
        digits
            .strip_prefix('{')
            .filter(|_| closed)
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .and_then(char::from_u32)
            .ok_or_else(|| self.flaw("this is no character; write \\u{1b}, say", start))
    }

    fn pattern(&mut self, start: usize) -> Result<Token, Located> {
        loop {
            match self.characters.next() {
                Some((end, '/')) => {
                    let expression = &self.notation[start + 1..end];
                    return Ok(Token::Text(Text::pattern(expression)));
                }
                Some((_, '\\')) => drop(self.characters.next()),
                Some(_) => {}
                None => return Err(self.flaw("this `/` is never closed; add a `/`", start)),
            }
        }
    }

    fn skip_while(&mut self, wanted: impl Fn(char) -> bool) {
        while self.characters.next_if(|&(_, character)| wanted(character)).is_some() {}
    }

    fn stray(&mut self, character: char, start: usize) -> Located {
        let message = format!("`{character}` means nothing here; put the line into quotes");
        self.flaw(&message, start)
    }

    fn flaw(&mut self, message: &str, start: usize) -> Located {
        let end = self.position();
        (Flaw::new(ErrorKind::Syntax, message), start..end)
    }
}

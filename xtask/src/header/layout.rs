//! What of a source text is only its layout: editors that format whatever is saved change nothing but that.

/// In what a letter stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Code,
    /// Between double quotes; whether the letter before takes its meaning from this one.
    Quotes {
        is_escaped: bool,
    },
    /// Behind two slashes, to the end of the line.
    Comment,
}

impl Within {
    /// In what the next letter stands, where this one, with what follows it, stands in this and after that
    /// letter.
    fn after(self, before: Option<char>, rest: &str) -> Within {
        let is_char = matches!(before, Some('\'' | '\\')) && rest.starts_with("\"'");
        match self {
            Within::Code if rest.starts_with('"') && !is_char => {
                Within::Quotes { is_escaped: false }
            }
            Within::Code if rest.starts_with("//") => Within::Comment,
            Within::Comment if rest.starts_with('\n') => Within::Code,
            Within::Quotes { is_escaped: false } if rest.starts_with('"') => Within::Code,
            Within::Quotes { is_escaped } => {
                Within::Quotes { is_escaped: !is_escaped && rest.starts_with('\\') }
            }
            same => same,
        }
    }
}

/// The characters of a text that are not its layout, each with its place in bytes: all but white space, except
/// within quotes and where it ends a comment, and but for a comma before a closing bracket.
///
/// It knows what lessons have: no raw strings, and no comments between `/*` and `*/`.
pub(crate) fn bare(text: &str) -> Vec<(usize, char)> {
    let mut bare: Vec<(usize, char)> = Vec::new();
    let (mut within, mut before) = (Within::Code, None);
    for (place, letter) in text.char_indices() {
        let (here, after) = (within, within.after(before, &text[place..]));
        (within, before) = (after, Some(letter));
        let ends_comment = here == Within::Comment && letter == '\n';
        let is_quoted = matches!(here, Within::Quotes { .. }) && letter != '\r';
        if letter.is_whitespace() && !is_quoted && !ends_comment {
            continue;
        }
        if ")]}".contains(letter) && here == Within::Code {
            bare.pop_if(|(_, before)| *before == ',');
        }
        bare.push((place, letter));
    }
    bare
}

/// The same, without the braces around a closure's one expression, which formatting adds to long ones.
pub(crate) fn barest(text: &str) -> String {
    let bare = bare(text);
    let mut keeps = vec![true; bare.len()];
    let mut blocks: Vec<Block> = Vec::new();
    for (place, &(_, letter)) in bare.iter().enumerate() {
        match letter {
            '{' => {
                let is_closure = place > 0 && bare[place - 1].1 == '|';
                blocks.push(Block { begins: place, is_one_expression: is_closure });
            }
            ';' => {
                if let Some(block) = blocks.last_mut() {
                    block.is_one_expression = false;
                }
            }
            '}' => {
                if let Some(block) = blocks.pop().filter(|block| block.is_one_expression) {
                    (keeps[block.begins], keeps[place]) = (false, false);
                }
            }
            _ => {}
        }
    }
    let kept = bare.into_iter().zip(keeps).filter(|(_, keeps)| *keeps);
    kept.map(|((_, letter), _)| letter).collect()
}

/// A pair of braces that is open.
struct Block {
    /// Where among the bare characters.
    begins: usize,
    /// Whether it is a closure's, and has no statement in it so far.
    is_one_expression: bool,
}

/// Where in a text a piece stands, however both are laid out: all its ranges in bytes.
pub(super) fn find(text: &str, piece: &str) -> Vec<std::ops::Range<usize>> {
    let (text, piece) = (bare(text), bare(piece));
    let is_piece = |window: &&[(usize, char)]| {
        window.iter().map(|(_, letter)| letter).eq(piece.iter().map(|(_, letter)| letter))
    };
    let found = text.windows(piece.len().max(1)).filter(is_piece);
    let range = |window: &[(usize, char)]| {
        let (first, (last, letter)) = (window[0].0, window[window.len() - 1]);
        first..last + letter.len_utf8()
    };
    found.map(range).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(source: &str) -> String {
        bare(source).into_iter().map(|(_, letter)| letter).collect()
    }

    #[test]
    fn lines_and_commas_that_formatting_adds_are_layout() {
        assert_eq!(text("f(\n    a,\r\n    b,\n)"), "f(a,b)");
        assert_eq!(text("[1, 2, ]; {x, }"), "[1,2];{x}");
    }

    #[test]
    fn braces_around_a_closures_one_expression_are_layout_and_others_are_not() {
        assert_eq!(barest("f(|| { g(|x| x) })"), "f(||g(|x|x))");
        assert_eq!(barest("f(|| { { x } })"), "f(||{x})");
        for kept in ["f(||{g();x})", "{f()}", "let{x}={y}"] {
            assert_eq!(barest(kept), kept);
        }
    }

    #[test]
    fn what_stands_in_quotes_is_not() {
        assert_eq!(text(r#"say( "a, )  b" )"#), r#"say("a, )  b")"#);
        assert_eq!(text(r#""\" ," + " ,)""#), r#""\" ,"+" ,)""#);
        assert_eq!(text(r#"['"', ' ']"#), r#"['"','']"#);
        assert_eq!(text(r#"['\"', ' ']"#), r#"['\"','']"#);
        assert_eq!(text(r#"say("'a'", "b c")"#), r#"say("'a'","b c")"#);
        assert_eq!(text(r#"say("// a", b) // c "d"#), r#"say("// a",b)//c"d"#);
    }

    #[test]
    fn a_line_that_joins_the_comment_above_it_is_changed() {
        assert_eq!(text("one(); // first\n    two();"), "one();//first\ntwo();");
        assert_ne!(text("// first\none();"), text("// first one();"));
        assert_eq!(text("  //  first\r\none();"), text("// first\none();"));
    }

    #[test]
    fn a_piece_is_found_however_it_is_laid_out() {
        assert_eq!(find("one(\n  two,\n); one", "one(two);").first(), Some(&(0..14)));
        assert_eq!(find("é one; one ;", "one;"), [3..7, 8..13]);
        assert!(find("one", "").is_empty());
        assert!(find("on", "one").is_empty());
    }
}

//! As much of CSS as the page needs: rules for tags and ids. What is not known is passed over, as CSS wants.

use taffy::prelude::{FromLength, auto, length};
use taffy::{
    Display, FlexWrap, JustifyContent, LengthPercentage, LengthPercentageAuto, Rect, Style,
};

use crate::html::Element;

/// A colour: red, green and blue.
pub type Colour = [u8; 3];

/// How an element looks.
#[derive(Clone, Debug)]
pub struct Look {
    /// How it is laid out.
    pub layout: Style,
    /// What is behind it.
    pub background: Option<Colour>,
    /// The colour of its text.
    pub colour: Colour,
    /// How large its text is, in pixels.
    pub font_size: f32,
    /// Whether its text is bold.
    pub is_bold: bool,
}

impl Default for Look {
    fn default() -> Look {
        let layout = Style { display: Display::Block, ..Style::default() };
        Look { layout, background: None, colour: [0, 0, 0], font_size: 16.0, is_bold: false }
    }
}

/// A style sheet.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    rules: Vec<Rule>,
}

/// For whom, and what: names and values.
#[derive(Clone, Debug)]
struct Rule {
    selector: String,
    declarations: Vec<(String, String)>,
}

impl Sheet {
    /// Reads a style sheet. There is none that cannot be read.
    #[must_use]
    pub fn parse(text: &str) -> Sheet {
        let text = without_comments(text);
        let rule = |rule: &str| {
            let (selector, declarations) = rule.split_once('{')?;
            let declarations = declarations.split(';').filter_map(|it| it.split_once(':'));
            let trimmed = |(name, value): (&str, &str)| (name.trim().into(), value.trim().into());
            Some(Rule {
                selector: selector.trim().to_owned(),
                declarations: declarations.map(trimmed).collect(),
            })
        };
        Sheet { rules: text.split('}').filter_map(rule).collect() }
    }

    /// How many rules there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// How an element looks that stands in one that looks like this.
    #[must_use]
    pub fn look(&self, element: &Element, outer: &Look) -> Look {
        let Look { colour, font_size, is_bold, .. } = *outer;
        let mut look = Look { colour, font_size, is_bold, ..Look::default() };
        for rule in self.rules.iter().filter(|rule| rule.is_for(element)) {
            for (name, value) in &rule.declarations {
                look.declare(name, value);
            }
        }
        look
    }
}

impl Rule {
    fn is_for(&self, element: &Element) -> bool {
        match self.selector.strip_prefix('#') {
            Some(id) => element.id.as_deref() == Some(id),
            None => element.name == self.selector,
        }
    }
}

impl Look {
    /// Follows one declaration, where it makes sense.
    fn declare(&mut self, name: &str, value: &str) {
        let layout = &mut self.layout;
        match (name, value, pixels(value)) {
            ("display", "flex", _) => layout.display = Display::Flex,
            ("flex-wrap", "wrap", _) => layout.flex_wrap = FlexWrap::Wrap,
            ("justify-content", "center", _) => {
                layout.justify_content = Some(JustifyContent::Center);
            }
            ("gap", _, Some(gap)) => {
                layout.gap = taffy::Size { width: length(gap), height: length(gap) };
            }
            ("padding", _, _) => layout.padding = sides(value).unwrap_or(layout.padding),
            ("margin", _, _) => layout.margin = sides(value).unwrap_or(layout.margin),
            ("width", _, Some(width)) => layout.size.width = length(width),
            ("height", _, Some(height)) => layout.size.height = length(height),
            ("width", "auto", _) => layout.size.width = auto(),
            ("font-size", _, Some(size)) => self.font_size = size,
            ("font-weight", weight, _) => self.is_bold = weight == "bold",
            ("color", _, _) => self.colour = colour(value).unwrap_or(self.colour),
            ("background", _, _) => self.background = colour(value).or(self.background),
            _ => {}
        }
    }
}

/// `12px` or `0` as a number; nothing where it is none that a page can have.
fn pixels(value: &str) -> Option<f32> {
    const LARGEST: f32 = 10_000.0;
    let number: f32 = value.trim_end_matches("px").parse().ok()?;
    (0.0..=LARGEST).contains(&number).then_some(number)
}

/// One length for all sides, or four: top, right, bottom and left.
fn sides<T: Side>(value: &str) -> Option<Rect<T>> {
    let lengths: Vec<f32> = value.split_whitespace().map(pixels).collect::<Option<_>>()?;
    let [top, right, bottom, left] = match lengths[..] {
        [all] => [all; 4],
        [top, right, bottom, left] => [top, right, bottom, left],
        _ => return None,
    };
    let [top, right, bottom, left] = [top, right, bottom, left].map(T::from_length);
    Some(Rect { left, right, top, bottom })
}

/// What a side can be as long as.
trait Side: FromLength {}
impl Side for LengthPercentage {}
impl Side for LengthPercentageAuto {}

/// `#1f3a4d` as a colour.
fn colour(value: &str) -> Option<Colour> {
    let digits = value.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
    let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
    Some([part(0)?, part(2)?, part(4)?])
}

fn without_comments(text: &str) -> String {
    let mut rest = text;
    let mut without = String::new();
    while let Some((before, comment)) = rest.split_once("/*") {
        without.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    without + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(css: &str, name: &str) -> Look {
        let element = Element { name: name.to_owned(), ..Element::default() };
        Sheet::parse(css).look(&element, &Look::default())
    }

    #[test]
    fn a_rule_is_for_whom_it_names() {
        let css = "/* a { */ p { color: #102030; font-size: 9px } b { font-weight: bold";
        assert_eq!(look(css, "p").colour, [16, 32, 48]);
        assert_eq!(look(css, "p").font_size, 9.0);
        assert!(look(css, "b").is_bold && !look(css, "p").is_bold);
    }

    #[test]
    fn what_makes_no_sense_is_passed_over() {
        for css in ["", "}", "p {", "p { color }", "p { color: #zzz; width: -1px; padding: 1 2 3 }"]
        {
            let look = look(css, "p");
            assert_eq!(look.colour, Look::default().colour, "{css}");
            assert_eq!(look.layout, Look::default().layout, "{css}");
        }
        assert_eq!(look("p { color: #ééé }", "p").colour, [0, 0, 0]);
        assert_eq!(look("p { width: NaNpx }", "p").layout, Look::default().layout);
    }
}

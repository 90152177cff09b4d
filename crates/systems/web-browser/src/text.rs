//! Text, with [ab_glyph](https://docs.rs/ab_glyph): how wide it is, where its lines break, and its letters.
//!
//! The letters are those of `DejaVu Sans`, of which `fonts/` has ASCII, and its licence.

use std::sync::LazyLock;

use ab_glyph::{Font as _, FontRef, PxScaleFont, ScaleFont as _, point};

static REGULAR: LazyLock<FontRef> = LazyLock::new(|| {
    FontRef::try_from_slice(include_bytes!("../fonts/DejaVuSans-ASCII.ttf")).expect("a font")
});
static BOLD: LazyLock<FontRef> = LazyLock::new(|| {
    FontRef::try_from_slice(include_bytes!("../fonts/DejaVuSans-Bold-ASCII.ttf")).expect("a font")
});

/// A font in one size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Letters {
    /// How large, in pixels.
    pub size: f32,
    /// Whether they are bold.
    pub is_bold: bool,
}

impl Letters {
    fn font(self) -> PxScaleFont<&'static FontRef<'static>> {
        let font: &'static FontRef = if self.is_bold { &BOLD } else { &REGULAR };
        font.as_scaled(self.size)
    }

    /// How high a line is, in pixels.
    #[must_use]
    pub fn line_height(self) -> f32 {
        (self.size * 1.25).ceil()
    }

    /// How wide a line of this text is, in pixels.
    #[must_use]
    pub fn width(self, text: &str) -> f32 {
        let font = self.font();
        text.chars().map(|letter| font.h_advance(font.glyph_id(letter))).sum()
    }

    /// The text in lines, none wider than this unless a single word is.
    #[must_use]
    pub fn lines(self, text: &str, widest: f32) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in text.split_whitespace() {
            let longer = lines.last().map(|line| format!("{line} {word}"));
            match longer.filter(|line| self.width(line) <= widest) {
                Some(longer) => *lines.last_mut().expect("the line that is longer now") = longer,
                None => lines.push(word.to_owned()),
            }
        }
        lines
    }

    /// Draws a line of text whose upper left corner is here: tells of each pixel how much of it is covered.
    pub fn draw(self, line: &str, (x, y): (f32, f32), mut pixel: impl FnMut(i32, i32, f32)) {
        let font = self.font();
        let baseline = y + font.ascent() + (self.line_height() - font.height()) / 2.0;
        let mut pen = x;
        for letter in line.chars() {
            let id = font.glyph_id(letter);
            let glyph = id.with_scale_and_position(font.scale(), point(pen, baseline));
            pen += font.h_advance(id);
            let Some(outline) = font.outline_glyph(glyph) else { continue };
            let corner = outline.px_bounds().min;
            outline.draw(|x, y, covered| {
                pixel((corner.x + x as f32) as i32, (corner.y + y as f32) as i32, covered);
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LETTERS: Letters = Letters { size: 13.0, is_bold: false };

    #[test]
    fn lines_are_no_wider_than_they_may_be_and_lose_no_word() {
        let text = "  a text\nof several   words, one of which is extraordinarily long ";
        for widest in [0.0, 40.0, 75.0, 1e6] {
            let lines = LETTERS.lines(text, widest);
            let too_wide = |line: &&String| LETTERS.width(line) > widest && line.contains(' ');
            assert_eq!(lines.iter().find(too_wide), None);
            let words: Vec<&str> = lines.iter().flat_map(|line| line.split(' ')).collect();
            assert_eq!(words, text.split_whitespace().collect::<Vec<_>>());
        }
        assert_eq!(LETTERS.lines(" \n", 10.0), Vec::<String>::new());
    }

    #[test]
    fn letters_cover_pixels_where_they_are() {
        let mut covered = Vec::new();
        LETTERS.draw("Hg€", (100.0, 50.0), |x, y, much| {
            covered.extend((much > 0.5).then_some((x, y)));
        });
        assert!(covered.len() > 20, "{covered:?}");
        let right = 100.0 + LETTERS.width("Hg€") + 1.0;
        let is_inside =
            |&(x, y): &(i32, i32)| x >= 99 && (x as f32) < right && (50..67).contains(&y);
        assert!(covered.iter().all(is_inside), "{covered:?}");
    }
}

//! What an SVG picture is written on: shapes, text, and the style sheet.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Write as _};

use crate::colours::{COLOURS, TASKS};
use crate::written::GENERATOR;

/// Everything but tasks: on a light page, and on a dark one.
const CLASSES: [(&str, &str, &str); 11] = [
    (".back", "fill:#ffffff;stroke:#d0d7de", "fill:#0d1117;stroke:#30363d"),
    (".disc", "fill:#ffffff", "fill:#0d1117"),
    (".ink", "fill:#1f2328", "fill:#f0f6fc"),
    (".dim", "fill:#59636e", "fill:#9198a1"),
    (".grid", "stroke:#e2e6ea", "stroke:#262c34"),
    (".quiet", "stroke:#aab2ba", "stroke:#59616b"),
    (".one", "fill:#c3cad1", "fill:#4a525c"),
    (".many,.proof", "fill:#1a7f37", "fill:#3fb950"),
    (".bracket", "fill:none;stroke:#1a7f37", "fill:none;stroke:#3fb950"),
    (".arrow", "fill:#cf222e", "fill:#ff7b72"),
    (".broken", "fill:none;stroke:#cf222e", "fill:none;stroke:#ff7b72"),
];

/// A picture in the making.
#[derive(Debug, Default)]
pub(super) struct Paper {
    shapes: String,
    /// What lies beneath them.
    beneath: String,
    /// The outlines of many small boxes, by their looks.
    small: BTreeMap<String, String>,
    height: f64,
}

/// Where a text stands in relation to its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    const fn name(self) -> &'static str {
        match self {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        }
    }
}

impl Paper {
    /// Makes sure that the picture reaches down to here.
    pub(super) fn reach(&mut self, y: f64) {
        self.height = self.height.max(y);
    }

    /// A box; nothing where it has no area.
    pub(super) fn rect(&mut self, class: &str, [x, y, width, height]: [f64; 4], more: &str) {
        if width > 0.0 && height > 0.0 {
            let [x, y, width, height] = [x, y, width, height].map(Number);
            let class = Class(class);
            self.add(format_args!(
                "<rect{class} x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"{more}/>"
            ));
        }
    }

    /// One of many small boxes that look the same: together they take a third of the room. They
    /// are drawn when [`Paper::flush`] is called.
    pub(super) fn small_rect(&mut self, look: &str, [x, y, width, height]: [f64; 4]) {
        if width > 0.0 && height > 0.0 {
            let outline = self.small.entry(look.to_owned()).or_default();
            let [x, y, width, height] = [x, y, width, height].map(Short);
            write!(outline, "M{x} {y}h{width}v{height}h-{width}z")
                .expect("a String takes all text");
        }
    }

    /// Draws the small boxes.
    pub(super) fn flush(&mut self) {
        for (look, outlines) in std::mem::take(&mut self.small) {
            self.add(format_args!("<path{look} d=\"{outlines}\"/>"));
        }
    }

    /// A straight line.
    pub(super) fn line(&mut self, class: &str, [x1, y1]: [f64; 2], [x2, y2]: [f64; 2], more: &str) {
        let [x1, y1, x2, y2] = [x1, y1, x2, y2].map(Number);
        let class = Class(class);
        self.add(format_args!(
            "<line{class} x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"{more}/>"
        ));
    }

    /// A vertical line beneath everything else.
    pub(super) fn line_beneath(&mut self, class: &str, x: f64, [from, to]: [f64; 2]) {
        let shapes = std::mem::take(&mut self.shapes);
        self.line(class, [x, from], [x, to], "");
        self.beneath.push_str(&std::mem::replace(&mut self.shapes, shapes));
    }

    /// A disc.
    pub(super) fn circle(&mut self, class: &str, [x, y]: [f64; 2], radius: f64, more: &str) {
        let [x, y, radius] = [x, y, radius].map(Number);
        let class = Class(class);
        self.add(format_args!("<circle{class} cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"{more}/>"));
    }

    /// A text on one line.
    pub(super) fn text(&mut self, class: &str, [x, y]: [f64; 2], anchor: Anchor, text: &str) {
        let [x, y] = [x, y].map(Number);
        let (class, anchor, text) = (Class(class), anchor.name(), Escaped(text));
        self.add(format_args!(
            "<text{class} x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{text}</text>"
        ));
    }

    /// Begins a group of shapes that together are called `title`.
    pub(super) fn begin(&mut self, title: &str) {
        self.add(format_args!("<g><title>{}</title>", Escaped(title)));
    }

    /// Ends the group that was begun last.
    pub(super) fn end(&mut self) {
        self.add(format_args!("</g>"));
    }

    fn add(&mut self, shape: fmt::Arguments<'_>) {
        writeln!(self.shapes, "{shape}").expect("a String takes all text");
    }

    /// The whole picture.
    pub(super) fn finish(self, width: f64, title: &str, description: &str) -> String {
        let [width, height, inner_width, inner_height] =
            [width, self.height, width - 1.0, self.height - 1.0].map(Number);
        let (title, description) = (Escaped(title), Escaped(description));
        let (style, patterns) = (style(), patterns());
        let Paper { shapes, beneath, .. } = self;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
             width=\"{width}\" height=\"{height}\" role=\"img\" \
             aria-labelledby=\"timeline-title timeline-description\">\n\
             <!-- {GENERATOR} -->\n\
             <title id=\"timeline-title\">{title}</title>\n\
             <desc id=\"timeline-description\">{description}</desc>\n\
             <style>\n{style}</style>\n\
             <defs>\n{patterns}</defs>\n\
             <rect class=\"back\" x=\"0.5\" y=\"0.5\" width=\"{inner_width}\" \
             height=\"{inner_height}\" rx=\"8\"/>\n\
             {beneath}{shapes}</svg>\n"
        )
    }
}

fn style() -> String {
    let mut light = String::from(
        "text{font:12px system-ui,-apple-system,\"Segoe UI\",sans-serif}\n\
         .title{font-size:15px;font-weight:600}\n.label{font-size:13px}\n.small{font-size:11px}\n\
         .letter{font-size:11px;font-weight:600;fill:#ffffff}\n.bracket,.broken{stroke-width:1.5}\n",
    );
    let mut dark = String::from(".letter{fill:#0d1117}\n");
    for (class, on_light, on_dark) in CLASSES {
        let _ = writeln!(light, "{class}{{{on_light}}}");
        let _ = writeln!(dark, "{class}{{{on_dark}}}");
    }
    for (colour, number) in TASKS.into_iter().zip(0..) {
        for (sheet, colour) in [(&mut light, colour.light), (&mut dark, colour.dark)] {
            let _ = writeln!(sheet, ".f{number}{{fill:{colour}}}.s{number}{{stroke:{colour}}}");
        }
    }
    format!("{light}@media (prefers-color-scheme:dark){{\n{dark}}}\n")
}

/// The hatching of what is ready, and the tip of an arrow.
fn patterns() -> String {
    let pattern = |number| {
        format!(
            "<pattern id=\"ready{number}\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" \
             patternTransform=\"rotate(45)\"><line class=\"s{number}\" x1=\"0\" y1=\"0\" x2=\"0\" \
             y2=\"5\" stroke-width=\"2\" opacity=\"0.75\"/></pattern>\n"
        )
    };
    let arrow = "<marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" \
                 markerHeight=\"7\" orient=\"auto\"><path class=\"arrow\" d=\"M0 0L8 4L0 8z\"/></marker>\n";
    (0..COLOURS).map(pattern).chain([arrow.to_owned()]).collect()
}

/// A number with at most two decimals: a hundredth of a pixel.
struct Number(f64);

impl Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = format!("{:.2}", self.0);
        f.write_str(number.trim_end_matches('0').trim_end_matches('.'))
    }
}

/// A number with at most one decimal.
struct Short(f64);

impl Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = format!("{:.1}", self.0);
        f.write_str(number.trim_end_matches('0').trim_end_matches('.'))
    }
}

/// A class attribute, or nothing.
struct Class<'a>(&'a str);

impl Display for Class<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() { Ok(()) } else { write!(f, " class=\"{}\"", self.0) }
    }
}

/// A text in which nothing is taken for markup. XML has no way to write most
/// control characters at all.
struct Escaped<'a>(&'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\t' => f.write_char('\t')?,
                '\u{fffe}' | '\u{ffff}' => f.write_char('\u{fffd}')?,
                control if control.is_control() => f.write_char('\u{fffd}')?,
                other => f.write_char(other)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_short_as_they_can_be() {
        let written = [1.0, 0.5, 10.0, 3.777, 100.0].map(|number| Number(number).to_string());
        assert_eq!(written, ["1", "0.5", "10", "3.78", "100"]);
    }

    #[test]
    fn no_text_is_taken_for_markup() {
        assert_eq!(Escaped("a<b>&\"c\u{7}").to_string(), "a&lt;b&gt;&amp;&quot;c\u{fffd}");
    }
}

//! Layout, with [taffy](https://docs.rs/taffy): where everything is.

use taffy::prelude::{AvailableSpace, length};
use taffy::{NodeId, Size, TaffyTree};

use crate::css::{Colour, Look, Sheet};
use crate::html::{Element, Node};
use crate::text::Letters;

/// A rectangle of pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Area {
    /// Its left edge.
    pub x: f32,
    /// Its upper edge.
    pub y: f32,
    /// How wide it is.
    pub width: f32,
    /// How high it is.
    pub height: f32,
}

impl Area {
    /// Whether it has anything in common with another one.
    #[must_use]
    pub fn touches(&self, other: &Area) -> bool {
        self.x < other.x + other.width
            && other.x < self.x + self.width
            && self.y < other.y + other.height
            && other.y < self.y + self.height
    }
}

/// Something to draw.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// A rectangle of one colour.
    Fill(Area, Colour),
    /// A line of text, from its upper left corner.
    Line(Area, String, Letters, Colour),
    /// A picture, by its place in [`Page::pictures`].
    Picture(Area, usize),
}

impl Item {
    /// Where it is.
    #[must_use]
    pub fn area(&self) -> &Area {
        match self {
            Item::Fill(area, _) | Item::Line(area, ..) | Item::Picture(area, _) => area,
        }
    }
}

/// A page that is laid out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// What is to be drawn, from back to front.
    pub items: Vec<Item>,
    /// The pictures that it wants: where they are on the server, and on the page.
    pub pictures: Vec<(String, Area)>,
}

/// What a box has in it, where that is not other boxes.
enum Content {
    Text(String),
    Picture(String),
}

/// A box: how it looks, and what is in it.
struct Inside {
    look: Look,
    content: Option<Content>,
}

/// How many boxes a page may have.
const MOST: usize = 5_000;

/// Lays a page out.
///
/// # Panics
///
/// If taffy does not know a box that it has made.
#[must_use]
pub fn lay_out(body: &Element, sheet: &Sheet, (width, height): (f32, f32)) -> Page {
    let mut tree = TaffyTree::new();
    let mut look = sheet.look(body, &Look { font_size: 13.0, ..Look::default() });
    look.layout.size = Size { width: length(width), height: length(height) };
    let root = boxes(&mut tree, body, sheet, look);
    let space = Size { width: AvailableSpace::Definite(width), height: AvailableSpace::MaxContent };
    tree.compute_layout_with_measure(root, space, |known, space, _, inside, _| {
        inside.map_or(Size::ZERO, |inside| measure(inside, known, space))
    })
    .expect("boxes that taffy has made itself");
    let mut page = Page::default();
    place(&tree, root, (0.0, 0.0), &mut page);
    page
}

/// Makes a box of an element, and of all that is in it.
fn boxes(tree: &mut TaffyTree<Inside>, element: &Element, sheet: &Sheet, look: Look) -> NodeId {
    const MADE: &str = "a box that taffy makes";
    let content = content(element);
    let layout = look.layout.clone();
    if content.is_some() || tree.total_node_count() > MOST {
        return tree.new_leaf_with_context(layout, Inside { look, content }).expect(MADE);
    }
    let mut children = Vec::new();
    for child in &element.children {
        match child {
            Node::Element(child) => {
                let look = sheet.look(child, &look);
                children.push(boxes(tree, child, sheet, look));
            }
            Node::Text(text) if text.trim().is_empty() => {}
            Node::Text(text) => {
                let look = sheet.look(&Element::default(), &look);
                let (layout, content) = (look.layout.clone(), Some(Content::Text(text.clone())));
                let inside = Inside { look, content };
                children.push(tree.new_leaf_with_context(layout, inside).expect(MADE));
            }
        }
    }
    let made = tree.new_with_children(layout, &children).expect(MADE);
    tree.set_node_context(made, Some(Inside { look, content: None })).expect(MADE);
    made
}

/// What an element shows itself: a picture, or text, where there is nothing in it but text.
fn content(element: &Element) -> Option<Content> {
    const OF_TEXT: [&str; 6] = ["a", "b", "em", "i", "span", "strong"];
    if element.name == "img" {
        return Some(Content::Picture(element.link.clone().unwrap_or_default()));
    }
    let is_all_text = element.elements().all(|it| OF_TEXT.contains(&&*it.name));
    let text = element.text();
    (is_all_text && !text.trim().is_empty()).then_some(Content::Text(text))
}

impl Look {
    fn letters(&self) -> Letters {
        Letters { size: self.font_size, is_bold: self.is_bold }
    }
}

/// How large something is, where that is not said.
fn measure(inside: &Inside, known: Size<Option<f32>>, space: Size<AvailableSpace>) -> Size<f32> {
    let Some(Content::Text(text)) = &inside.content else {
        return known.unwrap_or(Size::ZERO);
    };
    let widest = known.width.unwrap_or(match space.width {
        AvailableSpace::Definite(width) => width,
        AvailableSpace::MinContent => 0.0,
        AvailableSpace::MaxContent => f32::MAX,
    });
    let letters = inside.look.letters();
    let lines = letters.lines(text, widest);
    let width = lines.iter().map(|line| letters.width(line)).fold(0.0, f32::max);
    let height = lines.len() as f32 * letters.line_height();
    Size { width: known.width.unwrap_or(width), height: known.height.unwrap_or(height) }
}

/// Notes what is to be drawn of a box and of all that is in it.
fn place(tree: &TaffyTree<Inside>, node: NodeId, (x, y): (f32, f32), page: &mut Page) {
    let layout = tree.layout(node).expect("a box that was laid out");
    let (x, y) = (x + layout.location.x, y + layout.location.y);
    let area = Area { x, y, width: layout.size.width, height: layout.size.height };
    let inside = tree.get_node_context(node);
    if let Some(colour) = inside.and_then(|inside| inside.look.background) {
        page.items.push(Item::Fill(area, colour));
    }
    match inside.and_then(|inside| Some((&inside.look, inside.content.as_ref()?))) {
        Some((_, Content::Picture(path))) => {
            page.items.push(Item::Picture(area, page.pictures.len()));
            page.pictures.push((path.clone(), area));
        }
        Some((look, Content::Text(text))) => {
            let (left, top) = (x + layout.padding.left, y + layout.padding.top);
            // What was rounded should not break a line that was whole.
            let widest = layout.content_box_width() + 1.0;
            let letters = look.letters();
            for (number, line) in letters.lines(text, widest).into_iter().enumerate() {
                let height = letters.line_height();
                let y = top + number as f32 * height;
                let area = Area { x: left, y, width: letters.width(&line) + 2.0, height };
                page.items.push(Item::Line(area, line, letters, look.colour));
            }
        }
        None => {}
    }
    for child in tree.children(node).expect("a box that was laid out") {
        place(tree, child, (x, y), page);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::parse;
    use crate::site::PICTURES;

    #[test]
    fn the_page_has_its_pictures_in_four_rows_that_fit() {
        let document = parse(include_str!("../site/index.html"));
        let sheet = Sheet::parse(include_str!("../site/style.css"));
        let page = lay_out(&document.body, &sheet, (800.0, 650.0));
        assert_eq!(page.pictures.len(), PICTURES);
        assert_eq!(page.pictures[0].0, "/1.png");
        let mut rows: Vec<f32> = page.pictures.iter().map(|(_, area)| area.y).collect();
        rows.dedup();
        assert_eq!(rows.len(), 4, "{rows:?}");
        let is_inside = |area: &Area| area.x >= 0.0 && area.x + area.width <= 800.0;
        assert!(page.items.iter().all(|item| is_inside(item.area())));
        let bottom = page.pictures.iter().map(|(_, area)| area.y + area.height).fold(0.0, f32::max);
        assert!(bottom < 650.0, "{bottom}");
    }

    #[test]
    fn a_page_without_end_is_laid_out_as_far_as_it_goes() {
        let document = parse(&"<p>x<p>".repeat(20_000));
        let page = lay_out(&document.body, &Sheet::default(), (800.0, 650.0));
        assert!(!page.items.is_empty());
    }
}

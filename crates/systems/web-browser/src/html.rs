//! HTML, with [html5ever](https://docs.rs/html5ever): it makes the same of a broken page as every browser.

use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

/// How deeply elements may stand in each other. What is deeper is not shown.
const DEEPEST: usize = 64;

/// What stands in an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// Another element.
    Element(Element),
    /// Text, in which spaces in a row count as one.
    Text(String),
}

/// An element of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// The name of its tag.
    pub name: String,
    /// Its `id`, where it has one.
    pub id: Option<String>,
    /// Its `src` or `href`: where there is more.
    pub link: Option<String>,
    /// What stands in it, in order.
    pub children: Vec<Node>,
}

/// A page as it was read: its style sheets, and its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Where its style sheet is.
    pub style: Option<String>,
    /// What is to be seen.
    pub body: Element,
}

/// Reads a page. There is none that cannot be read.
#[must_use]
pub fn parse(text: &str) -> Document {
    let dom = parse_document(RcDom::default(), ParseOpts::default()).one(text);
    let mut root = Element::default();
    root.children.extend(dom.document.children.borrow().iter().filter_map(|it| node(it, 0)));
    let style = root.find("link").and_then(|link| link.link.clone());
    Document { style, body: root.find("body").cloned().unwrap_or_default() }
}

impl Element {
    /// The first element of this name in this one, however deep.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Element> {
        self.elements().find_map(
            |child| {
                if child.name == name { Some(child) } else { child.find(name) }
            },
        )
    }

    /// The elements that stand in it.
    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// All text in it.
    #[must_use]
    pub fn text(&self) -> String {
        let texts = self.children.iter().map(|child| match child {
            Node::Element(element) => element.text(),
            Node::Text(text) => text.clone(),
        });
        texts.collect()
    }
}

fn node(handle: &Handle, depth: usize) -> Option<Node> {
    match &handle.data {
        NodeData::Text { contents } => Some(Node::Text(contents.borrow().to_string())),
        NodeData::Element { name, attrs, .. } if depth < DEEPEST => {
            let attributes = attrs.borrow();
            let attribute = |name: &str| {
                let found = attributes.iter().find(|it| &*it.name.local == name);
                found.map(|it| it.value.to_string())
            };
            let children = handle.children.borrow();
            Some(Node::Element(Element {
                name: name.local.to_string(),
                id: attribute("id"),
                link: attribute("src").or_else(|| attribute("href")),
                children: children.iter().filter_map(|it| node(it, depth + 1)).collect(),
            }))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::PICTURES;

    #[test]
    fn the_page_is_mended_as_every_browser_mends_it() {
        let document = parse(include_str!("../site/index.html"));
        assert_eq!(document.style.as_deref(), Some("/style.css"));
        let list = document.body.find("ul").expect("a list");
        let items: Vec<&Element> = list.elements().filter(|it| it.name == "li").collect();
        assert_eq!(items.len(), PICTURES, "an item ends where the next one begins");
        let sixth = items[5].find("img").and_then(|picture| picture.link.clone());
        assert_eq!(sixth.as_deref(), Some("/6.png"), "the first of two attributes counts");
        let text = document.body.find("p").expect("a paragraph").text();
        assert!(text.contains("This page is not well-formed: nothing"), "{text}");
    }

    #[test]
    fn nothing_is_too_broken_or_too_deep() {
        for text in ["", "<", "</p></p><b", "<ul><ul><li></ul>x", "\0\u{fffd}&#xfffff;&nothing;"] {
            assert_eq!(parse(text).body.name, "body", "{text:?}");
        }
        let deep = format!("{}x", "<div>".repeat(20_000));
        assert_eq!(parse(&deep).body.text(), "", "what is too deep is not shown");
    }
}

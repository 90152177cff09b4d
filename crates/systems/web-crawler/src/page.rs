//! What is computed of each page: its title, its links, and its words, with
//! [html5ever](https://docs.rs/html5ever), as a browser would read them.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use bytes::Bytes;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::{RawKind, Rawtext, Rcdata, ScriptData};
use html5ever::tokenizer::{
    BufferQueue, EndTag, StartTag, Tag, Token, TokenSink, TokenSinkResult, Tokenizer,
};
use lab::task::{Computation, Task};
use tokio::sync::oneshot;
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

/// What was found in a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its title.
    pub title: String,
    /// Where it leads to, each address once, in the order of the page.
    pub links: Vec<Url>,
    /// How many words it has.
    pub words: usize,
    /// How many different words it has.
    pub different: usize,
    /// What its text comes to. Pages that say the same have the same.
    pub hash: u64,
}

/// Which thread reads pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The one that waits for hosts: nobody is asked meanwhile.
    Here,
    /// One that waits for nobody.
    Elsewhere,
}

impl Reading {
    /// Reads a page, as the one part of its task's compute.
    ///
    /// # Panics
    ///
    /// If reading it does.
    pub async fn read(self, task: Task, url: &Url, body: Bytes) -> Page {
        match self {
            Reading::Here => Page::read(task, url, &body),
            Reading::Elsewhere => {
                let (sender, receiver) = oneshot::channel();
                let url = url.clone();
                // Who does not wait for it any more does not miss it.
                rayon::spawn(move || drop(sender.send(Page::read(task, &url, &body))));
                receiver.await.expect("a page")
            }
        }
    }
}

impl Page {
    /// Reads a page, whatever is in it: no page is so wrong that a browser would not show it.
    #[must_use]
    pub fn read(task: Task, url: &Url, body: &[u8]) -> Page {
        let part = task.begin_part(1, 0);
        let input = BufferQueue::default();
        input.push_back(StrTendril::from_slice(&String::from_utf8_lossy(body)));
        let found = Found { part, state: RefCell::default() };
        let tokenizer = Tokenizer::new(found, Default::default());
        while !input.is_empty() {
            // It stops where a script could be run, and goes on.
            let _stopped = tokenizer.feed(&input);
        }
        tokenizer.end();
        let Found { part, state } = tokenizer.sink;
        state.into_inner().page(&part, url)
    }
}

/// What hears the pieces of a page.
struct Found {
    part: Computation,
    state: RefCell<State>,
}

/// What has been found so far.
#[derive(Default)]
struct State {
    title: String,
    links: Vec<String>,
    text: String,
    /// What text is a part of just now.
    within: Within,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Within {
    #[default]
    Body,
    Title,
    /// A style or a script, which nobody reads.
    Code,
}

impl TokenSink for Found {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        self.part.tick();
        let mut state = self.state.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == StartTag => return state.begin(&tag),
            Token::TagToken(tag) if tag.kind == EndTag => state.end(),
            Token::CharacterTokens(text) => state.text(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl State {
    fn begin(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        // Words of two elements are two words.
        self.text.push(' ');
        let (within, raw): (Within, Option<RawKind>) = match &*tag.name {
            "title" => (Within::Title, Some(Rcdata)),
            "style" => (Within::Code, Some(Rawtext)),
            "script" => (Within::Code, Some(ScriptData)),
            _ => (Within::Body, None),
        };
        self.within = within;
        if &*tag.name == "a" {
            let mut attributes = tag.attrs.iter();
            let link = attributes.find(|attribute| &*attribute.name.local == "href");
            self.links.extend(link.map(|link| link.value.to_string()));
        }
        raw.map_or(TokenSinkResult::Continue, TokenSinkResult::RawData)
    }

    fn end(&mut self) {
        self.text.push(' ');
        self.within = Within::Body;
    }

    fn text(&mut self, text: &str) {
        match self.within {
            Within::Body => self.text.push_str(text),
            Within::Title => self.title.push_str(text),
            Within::Code => {}
        }
    }

    /// What comes of it all, for a page at this address.
    fn page(self, part: &Computation, url: &Url) -> Page {
        let mut known = HashSet::new();
        let links = self.links.iter().filter_map(|link| address(url, link));
        let links = links.filter(|link| known.insert(link.clone())).collect();
        let mut words: HashMap<String, usize> = HashMap::new();
        for word in self.text.split(|letter: char| !letter.is_alphanumeric()) {
            if !word.is_empty() {
                part.tick();
                *words.entry(word.to_lowercase()).or_default() += 1;
            }
        }
        Page {
            title: self.title.split_whitespace().collect::<Vec<_>>().join(" "),
            links,
            words: words.values().sum(),
            different: words.len(),
            hash: xxh3_64(self.text.as_bytes()),
        }
    }
}

/// Where a link on a page leads to, spelled as every link to there is; nothing where that is no page.
#[must_use]
pub fn address(page: &Url, link: &str) -> Option<Url> {
    let mut url = page.join(link.trim()).ok()?;
    url.set_fragment(None);
    matches!(url.scheme(), "http" | "https").then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(page: &str) -> Page {
        let task = Task::start("test");
        let url = Url::parse("http://museum.test/room/3").expect("an address");
        let page = Page::read(task, &url, page.as_bytes());
        task.end();
        page
    }

    fn links(page: &str) -> Vec<String> {
        read(page).links.iter().map(Url::to_string).collect()
    }

    #[test]
    fn a_page_has_a_title_words_and_links() {
        let page = read(
            "<title>Two &amp;\n three</title><style>p { a: b }</style><script>x < y</script>\
             <p>One <b>word</b>, one<i>word</i>",
        );
        assert_eq!((page.title.as_str(), page.words, page.different), ("Two & three", 4, 2));
    }

    #[test]
    fn every_address_has_one_spelling() {
        let page = "<a href='4'><a href=/room/./4#top><a href='HTTP://MUSEUM.test:80/x/../room/4'>";
        assert_eq!(links(page), ["http://museum.test/room/4"]);
    }

    #[test]
    fn what_is_no_page_is_no_link() {
        let page = "<a href='mailto:us@museum.test'><a name=x><a href='http://['><a href=' 5 '>";
        assert_eq!(links(page), ["http://museum.test/room/5"]);
    }

    #[test]
    fn whatever_is_sent_is_read() {
        for page in ["", "<", "<a href=", "<title>", "<script>", "\u{0}<p\u{0}>", "&#x110000;"] {
            assert_eq!(links(page), [""; 0], "{page}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_are_too_wrong(bytes: Vec<u8>) {
            read(&String::from_utf8_lossy(&bytes));
        }
    }
}

//! A site: hosts, their addresses, and what each of them answers after how long.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;

/// Several hosts, by their names.
#[derive(Clone, Debug, Default)]
pub struct Site {
    hosts: HashMap<String, Host>,
}

/// A host: what is at its addresses.
#[derive(Clone, Debug)]
pub struct Host {
    /// How long it takes from a request to its answer, where nothing else is said.
    pub latency: Duration,
    /// What its addresses begin with that nobody is to ask for. Its `robots.txt` says so.
    pub forbidden: Vec<String>,
    places: HashMap<String, Place>,
}

/// What is at an address.
#[derive(Clone, Debug)]
struct Place {
    answer: Answer,
    /// How much longer than others it takes to answer.
    slower: Duration,
}

/// What a host answers.
#[derive(Clone, Debug)]
pub enum Answer {
    /// A body of this kind.
    Body(&'static str, Bytes),
    /// What is in this file, as a page.
    File(PathBuf),
    /// It is elsewhere now.
    Moved(String),
    /// It has moved, and nobody says where to.
    MovedAway,
    /// There is nothing at this address.
    Missing,
    /// A body that never ends.
    Endless,
    /// Half a body, and then it hangs up.
    Half,
    /// Nothing at all, for as long as anybody waits.
    Nothing,
}

impl Site {
    /// A site of these hosts.
    #[must_use]
    pub fn of(hosts: impl IntoIterator<Item = (String, Host)>) -> Site {
        Site { hosts: hosts.into_iter().collect() }
    }

    /// The host of this name.
    #[must_use]
    pub fn host(&self, name: &str) -> Option<&Host> {
        self.hosts.get(name)
    }

    /// The names of its hosts.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.hosts.keys().map(String::as_str)
    }
}

impl Host {
    /// A host that answers after so long, and has nothing yet.
    #[must_use]
    pub fn after(latency: Duration) -> Host {
        Host { latency, forbidden: Vec::new(), places: HashMap::new() }
    }

    /// The same host with something at an address.
    #[must_use]
    pub fn with(self, path: &str, answer: Answer) -> Host {
        self.with_slow(path, answer, Duration::ZERO)
    }

    /// The same host with something at an address that takes so much longer than others.
    #[must_use]
    pub fn with_slow(mut self, path: &str, answer: Answer, slower: Duration) -> Host {
        self.places.insert(path.to_owned(), Place { answer, slower });
        self
    }

    /// The same host, whose `robots.txt` forbids addresses that begin with one of these.
    #[must_use]
    pub fn forbidding(mut self, forbidden: Vec<String>) -> Host {
        let rules = forbidden.iter().map(|path| format!("Disallow: {path}\n"));
        let text = format!("User-agent: *\n{}", rules.collect::<String>());
        self.forbidden = forbidden;
        self.with("/robots.txt", Answer::Body("text/plain", text.into()))
    }

    /// What it answers to whoever asks for this address, and after how long.
    #[must_use]
    pub fn answer(&self, path: &str) -> (Answer, Duration) {
        match self.places.get(path) {
            Some(place) => (place.answer.clone(), self.latency + place.slower),
            None => (Answer::Missing, self.latency),
        }
    }

    /// Whether nobody is to ask for this address.
    #[must_use]
    pub fn forbids(&self, path: &str) -> bool {
        self.forbidden.iter().any(|start| path.starts_with(start))
    }
}

/// A page: a title, text of so many paragraphs, and links below it.
#[must_use]
pub fn page(title: &str, text: &str, links: &[String]) -> Answer {
    let links = links.iter().map(|link| format!("<li><a href=\"{link}\">{link}</a></li>\n"));
    let links: String = links.collect();
    let page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head><title>{title}</title>\n\
         <style>p {{ color: #333 }}</style></head>\n\
         <body><h1>{title}</h1>\n{text}<ul>\n{links}</ul></body>\n</html>\n"
    );
    Answer::Body("text/html; charset=utf-8", page.into())
}

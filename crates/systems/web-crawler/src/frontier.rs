//! Which address is asked for next: what has been found and not been asked for, host by host.
//!
//! It knows no time, no thread and no socket: whoever asks hosts tells it what was found, and is told whom
//! to ask. So what is promised of a crawl can be tried without one: nothing is asked for twice, nothing that
//! `robots.txt` forbids, and of no host more than so much at once.

use std::collections::{BTreeSet, HashSet, VecDeque};

use robotxt::Robots;
use url::Url;

/// What is known of the way ahead.
#[derive(Debug)]
pub struct Frontier {
    /// In the order in which they became known.
    hosts: Vec<Host>,
    known: HashSet<Url>,
    forbidden: BTreeSet<Url>,
    at_once: usize,
    in_progress: usize,
}

#[derive(Debug)]
struct Host {
    name: String,
    rules: Rules,
    waiting: VecDeque<Url>,
    in_progress: usize,
}

/// What a host does not want to be asked for.
#[derive(Debug)]
enum Rules {
    /// Nobody has asked for them.
    Unknown(Url),
    /// Somebody has, and nothing else is asked for before they are known.
    Asked,
    Known(Robots),
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Ask for the rules of a host, which are at this address.
    Rules(Url),
    /// Ask for what is at this address.
    Page(Url),
    /// Wait until something has been done.
    Wait,
    /// Nothing: everything has been done.
    Over,
}

impl Frontier {
    /// Nothing found yet, and so many requests to a host at once at most.
    #[must_use]
    pub fn new(at_once: usize) -> Frontier {
        let (hosts, known, forbidden) = Default::default();
        Frontier { hosts, known, forbidden, at_once, in_progress: 0 }
    }

    /// An address that is to be asked for. Who has a host gives it the first of its addresses.
    pub fn begin(&mut self, url: Url) {
        let rules = robotxt::robots_url(&url).expect("an address of a host");
        self.known.insert(rules.clone());
        let name = url.host_str().expect("an address of a host").to_owned();
        let (rules, waiting) = (Rules::Unknown(rules), VecDeque::new());
        self.hosts.push(Host { name, rules, waiting, in_progress: 0 });
        self.found(url);
    }

    /// An address that somebody leads to. It is asked for if its host is one of ours and does not forbid
    /// it, and nobody has found it before.
    pub fn found(&mut self, url: Url) {
        let is_host = |host: &&mut Host| Some(host.name.as_str()) == url.host_str();
        let Some(host) = self.hosts.iter_mut().find(is_host) else { return };
        if url.scheme() != "http" || url.port().is_some() || !self.known.insert(url.clone()) {
            return;
        }
        match &host.rules {
            Rules::Known(rules) if !rules.is_url_allowed(&url) => {
                self.forbidden.insert(url);
            }
            _ => host.waiting.push_back(url),
        }
    }

    /// What to ask for, of the first host that has something and room for one more.
    pub fn take(&mut self) -> Next {
        let at_once = self.at_once;
        for host in self.hosts.iter_mut().filter(|host| host.in_progress < at_once) {
            if let Some(next) = host.next() {
                host.in_progress += 1;
                self.in_progress += 1;
                return next;
            }
        }
        if self.in_progress == 0 { Next::Over } else { Next::Wait }
    }

    /// What a host does not want to be asked for, who has been asked for that.
    pub fn rules(&mut self, url: &Url, rules: Robots) {
        let Some(host) = self.done(url) else { return };
        let waiting = std::mem::take(&mut host.waiting).into_iter();
        let (allowed, forbidden): (VecDeque<Url>, VecDeque<Url>) =
            waiting.partition(|url| rules.is_url_allowed(url));
        host.waiting = allowed;
        host.rules = Rules::Known(rules);
        self.forbidden.extend(forbidden);
    }

    /// Whoever has asked for something has done with it, and told of all that was found there.
    pub fn page(&mut self, url: &Url) {
        let _of_a_host = self.done(url);
    }

    /// Addresses that were found, and that a host forbids.
    pub fn forbidden(&self) -> impl Iterator<Item = &Url> {
        self.forbidden.iter()
    }

    fn done(&mut self, url: &Url) -> Option<&mut Host> {
        let is_host = |host: &&mut Host| Some(host.name.as_str()) == url.host_str();
        let host = self.hosts.iter_mut().find(is_host)?;
        host.in_progress -= 1;
        self.in_progress -= 1;
        Some(host)
    }
}

impl Host {
    /// What to ask it for, if there is anything just now.
    fn next(&mut self) -> Option<Next> {
        match std::mem::replace(&mut self.rules, Rules::Asked) {
            Rules::Unknown(url) => Some(Next::Rules(url)),
            Rules::Asked => None,
            Rules::Known(rules) => {
                self.rules = Rules::Known(rules);
                self.waiting.pop_front().map(Next::Page)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    fn url(host: usize, page: usize) -> Url {
        let url = match page {
            0 => format!("http://h{host}.test/"),
            page => format!("http://h{host}.test/{page}"),
        };
        Url::parse(&url).expect("an address")
    }

    /// Pages of some hosts, by number, and where each leads to.
    type Links = HashMap<(usize, usize), Vec<(usize, usize)>>;

    const HOSTS: usize = 3;
    const PAGES: usize = 12;

    /// What `robots.txt` forbids everywhere.
    const FORBIDDEN: usize = 7;

    fn links() -> impl Strategy<Value = Links> {
        let page = || (0..HOSTS, 0..PAGES);
        proptest::collection::hash_map(page(), proptest::collection::vec(page(), 0..5), 0..30)
    }

    /// All pages that one comes to by links, from the first page of each host.
    fn reachable(links: &Links) -> HashSet<(usize, usize)> {
        let mut found: Vec<_> = (0..HOSTS).map(|host| (host, 0)).collect();
        let mut known = HashSet::new();
        while let Some(page) = found.pop() {
            if page.1 != FORBIDDEN && known.insert(page) {
                found.extend(links.get(&page).into_iter().flatten());
            }
        }
        known
    }

    /// Asks for all that there is, and finishes whatever is in progress in the order that `choices` says.
    fn crawl(links: &Links, at_once: usize, workers: usize, choices: &[usize]) -> Vec<Url> {
        let mut frontier = Frontier::new(at_once);
        (0..HOSTS).for_each(|host| frontier.begin(url(host, 0)));
        let pages: HashMap<Url, (usize, usize)> = (0..HOSTS)
            .flat_map(|host| (0..PAGES).map(move |page| (url(host, page), (host, page))))
            .collect();
        let rules =
            Robots::parse(format!("User-agent: *\nDisallow: /{FORBIDDEN}").as_bytes(), "us");
        let (mut asked, mut open): (Vec<Url>, Vec<Next>) = Default::default();
        let mut choices = choices.iter().cycle();
        loop {
            let next = if open.len() < workers { frontier.take() } else { Next::Wait };
            match next {
                Next::Over => return asked,
                Next::Wait => {}
                next => {
                    open.push(next);
                    continue;
                }
            }
            let choice = choices.next().expect("it goes round") % open.len();
            match open.swap_remove(choice) {
                Next::Rules(url) => frontier.rules(&url, rules.clone()),
                Next::Page(url) => {
                    let found = links.get(&pages[&url]).into_iter().flatten();
                    found.for_each(|&(host, page)| frontier.found(self::url(host, page)));
                    frontier.page(&url);
                    asked.push(url);
                }
                Next::Wait | Next::Over => unreachable!("it is not open"),
            }
            let of = |host: usize| {
                let name = format!("h{host}.test");
                let is_of = |next: &&Next| matches!(next, Next::Rules(url) | Next::Page(url) if url.host_str() == Some(&name));
                open.iter().filter(is_of).count()
            };
            assert!((0..HOSTS).all(|host| of(host) <= at_once));
        }
    }

    proptest! {
        #[test]
        fn all_that_can_be_reached_is_asked_for_once_in_whatever_order_answers_come(
            links in links(),
            at_once in 1_usize..4,
            workers in 1_usize..9,
            choices in proptest::collection::vec(0_usize..100, 1..50),
        ) {
            let asked = crawl(&links, at_once, workers, &choices);
            let distinct: HashSet<Url> = asked.iter().cloned().collect();
            prop_assert_eq!(asked.len(), distinct.len(), "nothing twice");
            let expected = reachable(&links).into_iter().map(|(host, page)| url(host, page));
            prop_assert_eq!(distinct, expected.collect::<HashSet<_>>());
        }
    }

    #[test]
    fn nothing_is_asked_for_before_the_rules_are_known() {
        let mut frontier = Frontier::new(8);
        frontier.begin(url(0, 0));
        let rules = Url::parse("http://h0.test/robots.txt").expect("an address");
        assert_eq!(frontier.take(), Next::Rules(rules.clone()));
        assert_eq!(frontier.take(), Next::Wait);
        frontier.rules(&rules, Robots::allow_all());
        assert_eq!(frontier.take(), Next::Page(url(0, 0)));
        frontier.found(rules);
        frontier.page(&url(0, 0));
        assert_eq!(frontier.take(), Next::Over);
    }

    #[test]
    fn other_hosts_are_not_ours_to_ask() {
        let mut frontier = Frontier::new(8);
        frontier.begin(url(0, 0));
        for elsewhere in ["http://h1.test/", "https://h0.test/1", "http://h0.test:81/1"] {
            frontier.found(Url::parse(elsewhere).expect("an address"));
        }
        assert_eq!(frontier.hosts[0].waiting, [url(0, 0)]);
    }

    #[test]
    fn what_is_forbidden_is_told_and_not_asked_for() {
        let mut frontier = Frontier::new(8);
        frontier.begin(url(0, 0));
        frontier.found(url(0, 1));
        let Next::Rules(rules) = frontier.take() else { panic!("rules come first") };
        frontier.rules(&rules, Robots::parse(b"User-agent: *\nDisallow: /1\nDisallow: /2", "us"));
        frontier.found(url(0, 2));
        assert_eq!(frontier.take(), Next::Page(url(0, 0)));
        assert_eq!(frontier.take(), Next::Wait);
        assert_eq!(frontier.forbidden().cloned().collect::<Vec<_>>(), [url(0, 1), url(0, 2)]);
    }
}

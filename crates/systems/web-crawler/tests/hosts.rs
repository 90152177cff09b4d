//! The crawler and hosts of every kind: who is silent, lies or has no end is no trouble to it.

use std::time::Duration;

use stage::runtime::one_thread;
use web_crawler::crawl::{Crawl, Crawled, Workers};
use web_crawler::page::Reading;
use web_crawler::site::{Answer, Host, Site, page};
use web_crawler::tree;

/// How long the crawler waits for an answer that nobody gives.
const SHORT: Duration = Duration::from_millis(300);

/// How long it waits for one that somebody gives.
const LONG: Duration = Duration::from_secs(60);

fn quick() -> Host {
    Host::after(Duration::from_millis(1))
}

fn leading_to(links: &[&str]) -> Answer {
    page("A page", "", &links.iter().map(|link| (*link).to_owned()).collect::<Vec<_>>())
}

/// Crawls these hosts from their first pages.
fn crawl<const N: usize>(hosts: [(&str, Host); N], patience: Duration) -> Crawled {
    crawl_as(hosts, patience, Reading::Here)
}

fn crawl_as<const N: usize>(
    hosts: [(&str, Host); N],
    patience: Duration,
    reading: Reading,
) -> Crawled {
    let first: Vec<_> = hosts.iter().map(|(name, _)| format!("http://{name}/")).collect();
    let site = Site::of(hosts.map(|(name, host)| (name.to_owned(), host)));
    let crawl = Crawl::of(site, &first, 0, patience).expect("a port");
    let threads = one_thread().expect("a runtime");
    crawl.go(&threads, Workers::Tasks(16), reading).expect("a crawl")
}

fn report(crawled: &Crawled) -> Vec<String> {
    crawled.report.text().lines().map(str::to_owned).collect()
}

#[test]
fn a_host_without_rules_forbids_nothing() {
    let host = quick().with("/", leading_to(&["/a", "/a"])).with("/a", leading_to(&[]));
    let crawled = crawl([("one.test", host)], LONG);
    assert_eq!(
        report(&crawled),
        [
            "one.test/ - A page, 1 link, 4 words, 2 different",
            "one.test/a - A page, 0 links, 2 words, 2 different",
            "one.test/robots.txt - refused with 404",
        ]
    );
    assert_eq!(crawled.witness.twice, 0);
}

#[test]
fn a_host_that_does_not_tell_its_rules_is_left_alone() {
    let host = quick().with("/robots.txt", Answer::Half).with("/", leading_to(&[]));
    let crawled = crawl([("one.test", host)], LONG);
    let expected =
        ["one.test/ - forbidden by robots.txt", "one.test/robots.txt - given up: it hung up"];
    assert_eq!(report(&crawled), expected);
}

#[test]
fn a_host_that_says_nothing_keeps_nobody_for_ever() {
    let silent = quick().with("/", leading_to(&["/a", "/b"])).with("/a", Answer::Nothing);
    let crawled = crawl([("one.test", silent)], SHORT);
    assert!(report(&crawled).contains(&"one.test/a - given up: no answer within 300ms".to_owned()));
    assert!(report(&crawled).contains(&"one.test/b - refused with 404".to_owned()));
}

#[test]
fn what_has_no_end_is_given_up() {
    let host = quick().with("/", leading_to(&["/endless"])).with("/endless", Answer::Endless);
    let crawled = crawl([("one.test", host)], LONG);
    assert!(report(&crawled)[1].ends_with("given up: more than 1048576 bytes"));
}

#[test]
fn hosts_that_lead_to_each_other_are_crawled_once() {
    let one = quick().with("/", leading_to(&["http://two.test/", "http://two.test/a"]));
    let two = quick()
        .with("/", leading_to(&["http://one.test/"]))
        .with("/a", Answer::Moved("http://one.test/#end".to_owned()));
    let crawled = crawl([("one.test", one), ("two.test", two)], LONG);
    assert_eq!((crawled.report.len(), crawled.witness.twice), (5, 0));
}

#[test]
fn nobody_elsewhere_is_asked() {
    let links =
        ["http://example.com/", "https://one.test/a", "http://one.test:81/a", "ftp://one.test"];
    let crawled = crawl([("one.test", quick().with("/", leading_to(&links)))], LONG);
    assert_eq!(crawled.report.len(), 2, "{:?}", report(&crawled));
}

#[test]
fn a_tree_of_files_is_the_same_whoever_reads_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let inner = folder.path().join("alpha");
    std::fs::create_dir(&inner).expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(inner.join(name), text).expect("room");
    write("all.html", "<title>All</title>");
    write("index.html", "<a href='all.html'>all</a> <a href='../src/alpha.rs.html'>source</a>");
    let reports = [Reading::Here, Reading::Elsewhere].map(|reading| {
        let host = tree::host(folder.path(), 10).expect("documentation");
        report(&crawl_as([(tree::HOST, host)], LONG, reading))
    });
    assert_eq!(reports[0], reports[1]);
    let starts = [
        "docs.test/ - Crates, 1 link",
        "docs.test/alpha/all.html - All, 0 links",
        "docs.test/alpha/index.html - , 2 links",
        "docs.test/robots.txt - rules",
        "docs.test/src/alpha.rs.html - forbidden by robots.txt",
    ];
    for (line, start) in reports[0].iter().zip(starts) {
        assert!(line.starts_with(start), "{line}");
    }
    assert_eq!(reports[0].len(), 5);
}

#[test]
fn a_crowd_of_pages_is_asked_for_politely() {
    let links: Vec<String> = (0..100).map(|number| format!("/{number}")).collect();
    let host = Host::after(Duration::from_millis(5)).forbidding(vec!["/7".to_owned()]);
    let host = links.iter().fold(host, |host, path| host.with(path, leading_to(&[])));
    let crawled = crawl([("one.test", host.with("/", page("All", "", &links)))], LONG);
    assert!((2..=8).contains(&crawled.witness.most_at_once), "{:?}", crawled.witness);
    assert_eq!((crawled.witness.twice, crawled.witness.forbidden), (0, 0));
    // Those that begin with 7: it, and ten more.
    assert_eq!(crawled.report.asked(), 102 - 11);
}

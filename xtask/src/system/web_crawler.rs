//! What is promised of `web-crawler`, and the model of how soon it has found everything.

use std::collections::VecDeque;
use std::time::Duration;

use lab::order::{Order, line, par, seq};
use words::Quadrant;

use super::felt::{Inputs, KERNEL, Prediction, certainly, ms};
use super::scale::Scale;
use super::table::{System, Way};

/// The system.
pub(super) const SYSTEM: System = System {
    name: "web-crawler",
    summary: "a web crawler that is polite: how much do more cores bring?",
    leaves: "txt",
    ways: &[
        Way {
            name: "neither",
            summary: "one address after the other, on one core",
            quadrant: Quadrant::Neither,
            contract: || crawl(seq(HOSTS.map(|host| seq(Found::host(host).by_breadth())))),
            predict: |inputs| predict(inputs, 1.0, Crawl::few_at_once(inputs, 1.0)),
        },
        Way {
            name: "a-thread-a-core",
            summary: "as many addresses at once as there are cores",
            quadrant: Quadrant::Both,
            contract: from_page_to_page,
            predict: |inputs| {
                predict(inputs, inputs.cores, Crawl::few_at_once(inputs, inputs.cores))
            },
        },
        Way {
            name: "concurrent-only",
            summary: "as many as the hosts allow, on one core",
            quadrant: Quadrant::ConcurrentOnly,
            contract: from_page_to_page,
            predict: |inputs| predict(inputs, AT_ONCE, Crawl::many_at_once(inputs, 1.0)),
        },
        Way {
            name: "both",
            summary: "as many as the hosts allow, and read on all cores",
            quadrant: Quadrant::Both,
            contract: from_page_to_page,
            predict: |inputs| predict(inputs, AT_ONCE, Crawl::many_at_once(inputs, inputs.cores)),
        },
    ],
    scale: Some(Scale { figure: "all found", one: "concurrent-only", all: "both", predict: found }),
};

/// The hosts that are the same everywhere.
const HOSTS: [&str; 3] = ["museum.test", "library.test", "garden.test"];

/// How many rooms each of them has, and how many addresses that are asked for.
const ROOMS: u32 = 31;
const ASKED: f64 = 44.0;

/// How many addresses they have, with those that are forbidden, and what the report on them comes to.
const ADDRESSES: u32 = 138;
const REPORT: &str = "c0c72f7fe4f36d8f";

/// How many requests a host has in progress at once, at most.
const AT_ONCE: f64 = 8.0;

/// How long a host takes to answer, and how much longer its slow page takes.
const LATENCY: f64 = ms(Duration::from_millis(20));
const SLOWER: f64 = ms(Duration::from_millis(180));

/// How long the host of the documentation takes, and how many pages it has at most.
const DOC_LATENCY: f64 = ms(Duration::from_millis(3));
const DOCS: f64 = 2000.0;

/// How many requests, one after the other, lead to what is farthest away: rules, five rooms, two more.
const FAR: f64 = 8.0;

/// What a request takes besides: timers have ticks, and the way there and back is a system's.
const BESIDES: f64 = ms(Duration::from_millis(2));

/// What is said of an address, and what it is the only one to lead to: that is said later.
struct Found {
    line: String,
    leads_to: Vec<Found>,
}

impl Found {
    /// Addresses of which each is the only one to lead to the next.
    fn chain(mut lines: impl Iterator<Item = String>) -> Option<Found> {
        let line = lines.next()?;
        Some(Found { line, leads_to: Found::chain(lines).into_iter().collect() })
    }

    /// All addresses of a host, from its rules.
    fn host(host: &str) -> Found {
        let (line, room) = (format!("{host}/robots.txt - rules"), Found::room(host, 1));
        Found { line, leads_to: vec![room] }
    }

    /// A room, and all that is behind it.
    fn room(host: &str, room: u32) -> Found {
        let path = if room == 1 { "/".to_owned() } else { format!("/room/{room}") };
        let further = [2 * room, 2 * room + 1].into_iter().filter(|&room| room <= ROOMS);
        let further: Vec<Found> = further.map(|room| Found::room(host, room)).collect();
        let place = host.trim_end_matches(".test");
        let beside = beside(host, room);
        // To the room before it, and to the first room of each host: which is before rooms 2 and 3.
        let back = if room > 3 { 4 } else { 3 };
        let known = u32::from([8, 9, 20, 21].contains(&room));
        let links = further.len() + beside.len() + back + known as usize;
        let line = format!("{host}{path} - Room {room} of the {place}, {links} links");
        let beside = beside.into_iter().filter_map(|lines| Found::chain(lines.into_iter()));
        Found { line, leads_to: further.into_iter().chain(beside).collect() }
    }

    /// What is said of an address is said before what is said of those that it leads to.
    fn order(self) -> Order {
        let Found { line: text, leads_to } = self;
        match leads_to.is_empty() {
            true => line(text),
            false => seq([line(text), par(leads_to.into_iter().map(Found::order))]),
        }
    }

    /// The lines in the order in which addresses are found, if one is asked for after the other.
    fn by_breadth(self) -> Vec<Order> {
        let (mut lines, mut waiting) = (Vec::new(), VecDeque::from([self]));
        while let Some(Found { line: text, leads_to }) = waiting.pop_front() {
            lines.push(line(text));
            waiting.extend(leads_to);
        }
        lines
    }
}

/// What a room leads to besides rooms, as far as it is asked for: each a chain of addresses.
fn beside(host: &str, room: u32) -> Vec<Vec<String>> {
    let place = host.trim_end_matches(".test");
    let chains: &[&[&str]] = match room {
        1 => &[&["/slow - Slow, 1 link"]],
        16 => &[&["/old - moved to HOST/new", "/new - New, 0 links"]],
        17 => &[&["/lost - refused with 404"]],
        18 => &[
            &["/twin/a - A twin in the PLACE, 0 links"],
            &["/twin/b - A twin in the PLACE, 0 links"],
        ],
        19 => &[&["/round/1 - moved to HOST/round/2", "/round/2 - moved to HOST/round/1"]],
        22 => &[&["/picture.png - image/png, 8 bytes"]],
        23 => &[&["/endless - given up: more than 1048576 bytes"]],
        24 => &[&["/half - given up: it hung up"]],
        25 => &[&["/away - given up: moved, it does not say where to"]],
        _ => &[],
    };
    let told = |line: &&str| host.to_owned() + &line.replace("HOST", host).replace("PLACE", place);
    chains.iter().map(|chain| chain.iter().map(told).collect()).collect()
}

/// A crawl of the hosts, and then its report: it is the same, whoever answered first.
fn crawl(hosts: Order) -> Order {
    seq([hosts, line(format!("Report - {ADDRESSES} addresses, {REPORT}"))])
}

/// Each address is asked for once, and after one that leads to it.
fn from_page_to_page() -> Order {
    crawl(par(HOSTS.map(|host| Found::host(host).order())))
}

/// How soon all is found: at the soonest, and where the machine is its own.
struct Crawl {
    soonest: f64,
    latest: f64,
    why: String,
    /// How many answers a second there can be, in words.
    pace: String,
}

impl Crawl {
    /// So many workers, each at one address at a time: their waits are divided among them.
    fn few_at_once(inputs: &Inputs, workers: f64) -> Crawl {
        let waits = HOSTS.len() as f64 * (ASKED * LATENCY + SLOWER) + docs(inputs) * DOC_LATENCY;
        let asked = HOSTS.len() as f64 * ASKED + docs(inputs);
        let why = format!(
            "{asked:.0} answers take {waits:.0} ms to come, of which {workers:.0} are waited for at once"
        );
        let pace = format!(
            "{workers:.0} at once, of which each takes {LATENCY:.0} ms, or {DOC_LATENCY:.0} ms where it \
             is documentation"
        );
        let shared = (waits + reading(inputs)) / workers;
        let busy = (waits + inputs.cpu + asked * BESIDES) / workers;
        Crawl { soonest: shared.max(politely(inputs)), latest: busy + farthest(), why, pace }
    }

    /// As many at once as the hosts allow: waits overlap, and the cores have to compute.
    fn many_at_once(inputs: &Inputs, cores: f64) -> Crawl {
        let (waits, reading) = (politely(inputs), reading(inputs));
        let besides = (inputs.cpu - reading).max(0.0);
        let why = format!(
            "hosts allow {AT_ONCE:.0} at once and are done after {waits:.0} ms, reading takes \
             {reading:.0} ms on one core, and asking and answering {besides:.0} ms"
        );
        let a_second = |latency: f64| AT_ONCE / latency * 1e3;
        let pace = format!(
            "a host that is asked for {AT_ONCE:.0} things at once answers {:.0} a second where it takes \
             {LATENCY:.0} ms, and {:.0} where it takes {DOC_LATENCY:.0} ms",
            a_second(LATENCY),
            a_second(DOC_LATENCY)
        );
        let asked = (ASKED + docs(inputs)) * BESIDES / AT_ONCE;
        let latest = waits + farthest() + asked + reading / cores + besides;
        Crawl { soonest: waits.max(reading / cores), latest, why, pace }
    }
}

/// When all is found that hosts allow at once, on so many cores: hosts are asked politely, and the cores have
/// to compute, of which one thread can ask, and one can answer.
fn found(inputs: &Inputs, cores: usize) -> f64 {
    let besides = (inputs.cpu - reading(inputs)).max(0.0);
    politely(inputs).max(inputs.cpu / cores as f64).max(besides / 2.0)
}

/// How many addresses of the documentation were asked for.
fn docs(inputs: &Inputs) -> f64 {
    inputs.fact("asked of cargo doc").unwrap_or(0.0)
}

/// How long it took to read all pages, on as many threads as did it, one after the other.
fn reading(inputs: &Inputs) -> f64 {
    inputs.executed("page") + inputs.executed("doc")
}

/// When the slowest host is done, if each is always asked for as much as it allows: first for its rules,
/// and then for everything else.
fn politely(inputs: &Inputs) -> f64 {
    let made = LATENCY + (LATENCY * (ASKED - 1.0) + SLOWER) / AT_ONCE;
    let real = DOC_LATENCY * (1.0 + (docs(inputs) - 1.0).max(0.0) / AT_ONCE);
    made.max(real).max(farthest())
}

/// How long it takes to what is farthest away, or slow.
fn farthest() -> f64 {
    (FAR * LATENCY).max(3.0 * LATENCY + SLOWER)
}

/// What no machine can be in the way of, and how soon everything is found.
fn predict(inputs: &Inputs, at_once: f64, crawl: Crawl) -> Vec<Prediction> {
    let Crawl { soonest, latest, why, pace } = crawl;
    let asked = inputs.fact("asked").unwrap_or(0.0);
    let promise = |figure, unit, at_most, reason: &str| {
        Prediction::promised(figure, unit, 0.0, at_most, reason)
    };
    let soonest = certainly(soonest);
    let real = match docs(inputs) {
        0.0 => "there is none: `cargo doc --workspace --no-deps` writes it, and is crawled then",
        _ => "whole crates are crawled, as long as there is room",
    };
    vec![
        Prediction::time("all found", soonest, latest * 1.25 + KERNEL, why),
        promise("asked a second", "", asked / soonest * 1e3, &pace),
        promise("most at once", "", at_once.min(AT_ONCE), "whoever crawls keeps to that"),
        promise("twice", "", 0.0, "an address has one spelling, and is found once"),
        promise("forbidden", "", 0.0, "what robots.txt forbids is not asked for"),
        promise("of cargo doc", "pages", DOCS, real),
    ]
}

#[cfg(test)]
mod tests {
    use words::Outcome;

    use super::*;
    use crate::system::felt::Felt;

    /// A crawl of the made hosts, and of so many pages of documentation that take a millisecond each.
    fn inputs(docs: usize) -> Inputs {
        let inputs = Inputs::default().with_parts("doc", &vec![1.0; docs]).with_cpu(docs as f64);
        let asked = docs as f64 + 3.0 * ASKED;
        inputs.with_fact("asked of cargo doc", docs as f64).with_fact("asked", asked)
    }

    fn soonest(predicted: &[Prediction]) -> f64 {
        predicted[0].at_least.round()
    }

    #[test]
    fn every_address_has_a_line() {
        let lines = HOSTS.map(|host| Found::host(host).by_breadth().len());
        assert_eq!(lines, [ASKED as usize; 3]);
        assert_eq!(3 * (ASKED as u32 + 2), ADDRESSES);
    }

    #[test]
    fn one_core_that_waits_for_many_beats_many_that_wait_for_one() {
        let few =
            |cores| soonest(&predict(&inputs(0), cores, Crawl::few_at_once(&inputs(0), cores)));
        assert_eq!((few(1.0), few(2.0)), (3148.0, 1574.0));
        let many = predict(&inputs(0), 8.0, Crawl::many_at_once(&inputs(0), 1.0));
        assert_eq!(soonest(&many), 238.0);
    }

    #[test]
    fn a_second_core_saves_what_reading_takes_and_no_more() {
        let many = |cores| Crawl::many_at_once(&inputs(1600), cores);
        assert_eq!(many(1.0).soonest, 1600.0);
        assert_eq!(many(2.0).soonest, 800.0);
        // Hosts that are asked politely take longer than that.
        assert_eq!(many(64.0).soonest.round(), 603.0);
    }

    #[test]
    fn the_table_ends_where_hosts_or_the_one_thread_that_asks_have_no_more_to_give() {
        let on = |inputs: &Inputs| [1, 2, 64].map(|cores| found(inputs, cores).round());
        assert_eq!(on(&inputs(1600)), [1600.0, 800.0, 603.0]);
        assert_eq!(on(&inputs(1600).with_cpu(3600.0)), [3600.0, 1800.0, 1000.0]);
    }

    #[test]
    fn however_many_cores_a_host_is_asked_politely() {
        let many = Crawl::few_at_once(&inputs(0), 1e9);
        assert_eq!(many.soonest, farthest());
    }

    #[test]
    fn who_is_impolite_has_failed_on_any_machine() {
        for (place, value) in [(2, 9.0), (3, 1.0), (4, 1.0), (1, 1e6)] {
            let predicted = predict(&inputs(0), AT_ONCE, Crawl::many_at_once(&inputs(0), 1.0));
            let felt = Felt { value: Some(value), prediction: predicted[place].clone() };
            assert_eq!(felt.outcome(), Outcome::Failed, "{}", felt.sentence());
        }
    }
}

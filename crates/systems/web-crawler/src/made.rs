//! The part of the site that is made up: a host has 31 rooms, each of which leads to two more, and
//! whatever else one meets when one follows links.

use std::time::Duration;

use crate::site::{Answer, Host, page};

/// The hosts, in the order in which the crawler knows of them.
pub const HOSTS: [&str; 3] = ["museum.test", "library.test", "garden.test"];

/// How long a host takes to answer.
pub const LATENCY: Duration = Duration::from_millis(20);

/// How much longer its slow page takes.
pub const SLOWER: Duration = Duration::from_millis(180);

/// How many rooms a host has.
pub const ROOMS: u32 = 31;

/// What rooms lead to besides rooms.
const ASIDE: &[(u32, &str)] = &[
    (1, "/slow"),
    // The same as a page that is known, spelled otherwise; and what is no page of ours.
    (8, "/./cellar/../room/2#top"),
    (8, "mailto:us@museum.test"),
    (9, "https://example.com/"),
    (16, "/old"),
    (17, "/lost"),
    (18, "/twin/a"),
    (18, "/twin/b"),
    (19, "/round/1"),
    (20, "/staff/keys"),
    // It has no end: each day has a next one.
    (21, "/calendar/2026-11-26"),
    (22, "/picture.png"),
    (23, "/endless"),
    (24, "/half"),
    (25, "/away"),
];

/// A host of rooms.
#[must_use]
pub fn host(name: &str) -> Host {
    let place = name.trim_end_matches(".test");
    let twin = || page(&format!("A twin in the {place}"), &text(ROOMS + 1), &[]);
    let host = Host::after(LATENCY)
        .forbidding(vec!["/staff/".to_owned(), "/calendar/".to_owned()])
        .with_slow("/slow", page("Slow", &text(ROOMS + 2), &["/".to_owned()]), SLOWER)
        .with("/old", Answer::Moved("/new".to_owned()))
        .with("/new", page("New", &text(ROOMS + 3), &[]))
        .with("/twin/a", twin())
        .with("/twin/b", twin())
        .with("/round/1", Answer::Moved("/round/2".to_owned()))
        .with("/round/2", Answer::Moved(format!("http://{name}/round/1")))
        .with("/staff/keys", page("Keys", &text(1), &[]))
        .with("/calendar/2026-11-26", page("Today", "", &["/calendar/2026-11-27".to_owned()]))
        .with("/picture.png", Answer::Body("image/png", b"\x89PNG\r\n\x1a\n".as_slice().into()))
        .with("/endless", Answer::Endless)
        .with("/half", Answer::Half)
        .with("/away", Answer::MovedAway);
    (1..=ROOMS).fold(host, |host, room| {
        let title = format!("Room {room} of the {place}");
        host.with(&path(room), page(&title, &text(room), &links(room)))
    })
}

/// Where a room is.
#[must_use]
pub fn path(room: u32) -> String {
    if room == 1 { "/".to_owned() } else { format!("/room/{room}") }
}

/// What a room leads to: two more rooms, what is aside, the room before it, and the first room of every
/// host.
fn links(room: u32) -> Vec<String> {
    let further = [2 * room, 2 * room + 1].into_iter().filter(|&further| further <= ROOMS);
    let aside = ASIDE.iter().filter(|(from, _)| *from == room).map(|(_, to)| (*to).to_owned());
    let before = [path((room / 2).max(1))];
    let hosts = HOSTS.iter().map(|host| format!("HTTP://{}:80/", host.to_uppercase()));
    further.map(path).chain(aside).chain(before).chain(hosts).collect()
}

/// What there is to read in a room: some twenty thousand words.
fn text(room: u32) -> String {
    const WORDS: [&str; 24] = [
        "amber", "basalt", "cedar", "delta", "ember", "fern", "granite", "heron", "iris", "jade",
        "kestrel", "lichen", "marble", "nacre", "ochre", "pine", "quartz", "reed", "slate",
        "thyme", "umber", "vetch", "willow", "yarrow",
    ];
    const PARAGRAPHS: u32 = 480;
    const LENGTH: u32 = 40;
    let word = |paragraph: u32, place: u32| {
        let number = room * 7 + paragraph * 5 + place * (place + room) / 2;
        WORDS[number as usize % WORDS.len()]
    };
    let paragraph = |paragraph: u32| {
        let words: Vec<&str> = (0..LENGTH).map(|place| word(paragraph, place)).collect();
        format!("<p>{} <em>{}</em>.</p>\n", words.join(" "), word(paragraph, LENGTH))
    };
    (0..PARAGRAPHS).map(paragraph).collect()
}

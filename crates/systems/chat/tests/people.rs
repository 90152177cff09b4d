//! `chat serve`, `join` and `crowd`, as people call them.

mod common;

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::process::Stdio;
use std::sync::mpsc;
use std::thread;

use chat::room::MEMORY;
use common::Server;
use serde_json::Value;
use stage::trial::Call;

fn chat(arguments: &[&str]) -> Call {
    Call::of(env!("CARGO_BIN_EXE_chat"), arguments)
}

/// A client that says these lines, at this address.
fn join(address: &str, name: &str, lines: &[String]) -> stage::trial::Answer {
    let call = chat(&["join", address, "--name", name]).given(Stdio::piped());
    call.disturbed(|child| {
        let mut input = child.stdin.take().expect("a pipe");
        let text = lines.join("\n");
        // Who is refused does not read, and has said why.
        thread::spawn(move || input.write_all(text.as_bytes()));
    })
}

#[test]
fn a_taken_port_and_ctrl_c_are_told_in_a_sentence() {
    chat(&["serve"]).refused_its_port();
    #[cfg(unix)]
    {
        let answer = chat(&["serve"]).interrupted();
        assert!(answer.lines[0].starts_with("http://127.0.0.1:"), "{:?}", answer.lines);
        assert!(answer.says("Everybody was told."), "{}", answer.errors);
    }
}

#[test]
fn what_comes_from_a_pipe_is_said_and_what_was_said_before_is_heard() {
    let server = Server::start("0");
    join(&server.address, "Ada", &["hi".into(), "\u{1b}[2J you".into()]).succeeded();
    let answer = join(&server.address, "Bob", &["hello".into()]).succeeded();
    assert_eq!(answer.lines, ["Ada: hi", "Ada: \u{fffd}[2J you", "Bob: hello"]);
    let elsewhere = chat(&["join", &server.address, "--name", "Cid", "--room", "coffee"]).answer();
    assert_eq!(elsewhere.succeeded().lines, [""; 0]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_in_a_sentence_and_who_has_heard_enough_is_not() {
    const FULL: &str = "the answer cannot be written: No space left on device";
    let server = Server::start("0");
    join(&server.address, "Ada", &["hi".into()]).succeeded();
    let listener = chat(&["join", &server.address, "--name", "Bob", "--stay"]);
    listener.printing_to("/dev/full").answer().failed(1, FULL);
    let listener = chat(&["join", &server.address, "--name", "Cid", "--stay"]);
    listener.disturbed(|child| drop(child.stdout.take())).succeeded();
    let crowd = ["crowd", "--clients", "2", "--rooms", "1", "--talkers", "1", "--messages", "1"];
    chat(&crowd).with("--as=concurrent-only").printing_to("/dev/full").answer().failed(1, FULL);
    chat(&["serve"]).printing_to("/dev/full").answer().failed(1, FULL);
}

#[test]
fn what_a_room_has_forgotten_is_said() {
    let server = Server::start("0");
    let said: Vec<_> = (1..=MEMORY + 7).map(|number| number.to_string()).collect();
    join(&server.address, "Ada", &said).succeeded();
    let answer = join(&server.address, "Bob", &["hello".into()]).succeeded();
    assert!(answer.says("the room has forgotten 7 messages"), "{}", answer.errors);
    assert_eq!((answer.lines.len(), &answer.lines[0][..]), (MEMORY + 1, "Ada: 8"));
}

#[test]
fn who_makes_no_sense_is_told_so() {
    let server = Server::start("0");
    let address = &server.address[..];
    for (arguments, why) in [
        (&["join"][..], "is missing"),
        (&["join", address], "--name NAME is missing"),
        (&["join", address, "--name", "two words"], "no name"),
        (&["join", "192.0.2.1:80", "--name", "Ada"], "no address of a chat"),
        (&["join", address, "--nam", "Ada"], "--nam"),
        (&["serv"], "the nearest is `serve`"),
        (&["serve", "--as", "bot"], "the nearest is `both`"),
        (&["crowd", "--rooms", "0"], "rooms"),
        (&["crowd", "--talkers", "18446744073709551615"], "talkers"),
        (&["crowd", "--messages", "18446744073709551615"], "messages"),
    ] {
        chat(arguments).answer().failed(2, why);
    }
    join(address, "Ada", &["x".repeat(20_000)]).failed(1, "is not said");
    let nobody = format!("127.0.0.1:{}", server.port());
    drop(server);
    chat(&["join", &nobody, "--name", "Ada"]).answer().failed(1, "Ada cannot connect");
}

/// Passes on what two sides say to each other, and cuts each connection after so many bytes of the server's,
/// in the middle of whatever that is. Returns its address.
fn unreliable_line(server: &Server, bytes: usize) -> String {
    let line = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = line.local_addr().expect("its address").to_string();
    let server: SocketAddr = format!("127.0.0.1:{}", server.port()).parse().expect("an address");
    thread::spawn(move || {
        for client in line.incoming() {
            let (mut client, Ok(server)) = (client.expect("a client"), TcpStream::connect(server))
            else {
                break;
            };
            let mut ours =
                (client.try_clone().expect("one more"), server.try_clone().expect("one more"));
            thread::spawn(move || {
                let _cut = std::io::copy(&mut ours.0, &mut ours.1);
                let _gone = ours.1.shutdown(Shutdown::Both);
            });
            thread::spawn(move || {
                let mut some = server.try_clone().expect("one more").take(bytes as u64);
                let _cut = std::io::copy(&mut some, &mut client);
                let _gone = (client.shutdown(Shutdown::Both), server.shutdown(Shutdown::Both));
            });
        }
    });
    address
}

#[test]
fn whatever_line_one_is_on_nothing_is_lost_and_nothing_comes_twice() {
    let server = Server::start("0");
    let line = unreliable_line(&server, 1500);
    let said: Vec<_> = (1..=200).map(|number| format!("this is number {number}")).collect();
    let (over, is_over) = mpsc::channel::<()>();
    let listener = chat(&["join", &line, "--name", "Bob"]).given(Stdio::piped());
    let listener = thread::spawn(move || {
        listener.disturbed(|child| {
            let _over = is_over.recv();
            // Whoever has heard this has heard all that was said before.
            writeln!(child.stdin.take().expect("a pipe"), "over").expect("it reads");
        })
    });
    let heard = join(&line, "Ada", &said).succeeded().lines;
    let mut expected: Vec<_> = said.iter().map(|text| format!("Ada: {text}")).collect();
    assert_eq!(heard, expected);
    drop(over);
    expected.push("Bob: over".to_owned());
    assert_eq!(listener.join().expect("a listener to the end").succeeded().lines, expected);
}

#[test]
fn who_loses_the_server_says_what_is_left_to_the_next_one() {
    let mut server = Server::start("0");
    let port = server.port();
    let call = chat(&["join", &server.address, "--name", "Ada", "--tries", "600"]);
    let answer = call.given(Stdio::piped()).disturbed(|child| {
        let mut input = child.stdin.take().expect("a pipe");
        let mut output = child.stdout.take().expect("a pipe");
        let mut hears = |text: &str| {
            let mut heard = vec![0; text.len()];
            output.read_exact(&mut heard).expect("it is heard");
            assert_eq!(String::from_utf8_lossy(&heard), text);
        };
        writeln!(input, "before").expect("it reads");
        hears("Ada: before\n");
        server.process.kill().expect("it runs");
        server.process.wait().expect("it ends");
        writeln!(input, "after").expect("it reads");
        server = Server::start(&port);
        hears("Ada: after\n");
    });
    assert!(answer.succeeded().says("Ada is back"));
    // Whoever has heard what it says itself has heard all that was said before.
    let history = join(&server.address, "Bob", &["over".to_owned()]).succeeded();
    assert_eq!(history.lines, ["Ada: after", "Bob: over"], "another room of the same name");
}

#[test]
fn a_small_crowd_is_promised_what_a_large_one_is() {
    let plan = ["--clients", "50", "--rooms", "2", "--talkers", "20", "--rate", "400"];
    let answer = chat(&["crowd", "--format", "json"]);
    let answer = plan.iter().fold(answer, Call::with).answer();
    // Where there is one core, there is one way.
    assert!([Some(0), Some(3)].contains(&answer.code), "{}", answer.errors);
    let told: Value = serde_json::from_str(&answer.lines.join("\n")).expect("JSON");
    let ways = told["ways"].as_array().expect("a list");
    assert_eq!(ways.len(), if answer.code == Some(0) { 2 } else { 1 }, "{told:#}");
    for way in ways {
        for (figure, value) in
            [("lost", 0), ("twice", 0), ("orders", 1), ("too_late", 0), ("came_again", 4)]
        {
            assert_eq!(way[figure], value, "{way:#}");
        }
        // In each room 25 hear 100 messages, and that it is over.
        assert_eq!(way["deliveries"], 2 * 25 * 101);
        assert_eq!(way["outcome"], "passed");
        assert!(way["median_ms"].as_f64() > Some(0.0), "{way:#}");
        assert!(way["median_ms"].as_f64() <= way["p99_ms"].as_f64(), "{way:#}");
        assert!(way["bytes_a_client"]["after"].as_u64() > Some(0), "{way:#}");
    }
}

#[cfg(unix)]
#[test]
fn a_machine_that_allows_few_files_is_said_to() {
    let limited = "ulimit -n 1000; exec \"$0\" crowd";
    let call = Call::of("sh", &["-c", limited]).with(env!("CARGO_BIN_EXE_chat"));
    call.answer().failed(3, "this machine allows a process 1000");
}

#[cfg(unix)]
#[test]
fn a_crowd_may_be_sent_home() {
    chat(&["crowd", "--clients", "200", "--rate", "1"]).interrupted_on_its_way();
}

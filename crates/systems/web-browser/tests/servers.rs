//! Servers as they are: they hang up, stop in the middle, or send something else. And guests of ours who
//! do.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use stage::runtime::one_thread;
use web_browser::browser::{Browser, Pictures};
use web_browser::compute::Compute;
use web_browser::fetch::fetch;
use web_browser::server::{MOST, Server};
use web_browser::site::Site;

/// What a server does with a connection on which it was asked for a path.
type Answer = fn(&str, TcpStream) -> std::io::Result<()>;

/// A server on a thread of its own, which answers so; and its address.
fn server(answer: Answer) -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("its address");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || {
                let mut request = BufReader::new(stream.try_clone()?).lines();
                let first = request.next().transpose()?.unwrap_or_default();
                while request.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
                answer(first.split(' ').nth(1).unwrap_or_default(), stream)
            });
        }
    });
    address
}

fn send(mut stream: TcpStream, length: usize, content: &[u8]) -> std::io::Result<()> {
    write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n")?;
    stream.write_all(content)
}

/// How the browser fares with a server.
fn load(answer: Answer) -> Result<(), String> {
    let browser = Browser::new(server(answer), Compute::Elsewhere, false);
    one_thread().expect("a runtime").block_on(browser.load(Pictures::AllAtOnce))
}

#[test]
fn without_a_page_there_is_a_sentence() {
    let nobody =
        TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let browser = Browser::new(nobody, Compute::Here, false);
    let error = one_thread().expect("a runtime").block_on(browser.load(Pictures::InTurn));
    assert!(error.expect_err("nobody is there").starts_with("there is no page: "));
    let error = load(|_, stream| stream.shutdown(std::net::Shutdown::Both));
    assert!(error.expect_err("they hang up").starts_with("there is no page: "));
    let error = load(|_, mut stream| stream.write_all(b"HTTP/1.1 404 Not Found\r\n\r\n"));
    assert_eq!(error.expect_err("it is gone"), "there is no page: the server says 404 Not Found");
    let error = load(|_, mut stream| stream.write_all(b"* OK IMAP4 ready\r\n\r\n"));
    assert!(error.expect_err("it is no web server").starts_with("there is no page: "));
}

#[test]
fn a_server_that_stops_in_the_middle_is_given_up() {
    let address = server(|_, stream| {
        send(stream.try_clone()?, 100, b"half of it")?;
        // It neither goes on nor hangs up, until the browser does.
        std::io::copy(&mut &stream, &mut std::io::sink()).map(drop)
    });
    let error = one_thread().expect("a runtime").block_on(fetch(address, "/"));
    assert_eq!(error.expect_err("it stops"), "no answer within 5 s");
}

#[test]
fn an_answer_without_end_is_given_up() {
    let address = server(|_, stream| {
        let endless = vec![b'x'; 1 << 20];
        send(stream.try_clone()?, usize::MAX / 4, &endless)?;
        let mut stream = stream;
        while stream.write_all(&endless).is_ok() {}
        Ok(())
    });
    let error = one_thread().expect("a runtime").block_on(fetch(address, "/"));
    assert!(error.expect_err("it does not end").contains("length limit exceeded"));
}

#[test]
fn a_page_is_shown_without_what_does_not_come() {
    let loaded = load(|path, stream| match path {
        "/" => {
            let page = "<link rel=stylesheet href=/gone.css><img src=/1.png><img><img src=x>";
            send(stream, page.len(), page.as_bytes())
        }
        "/1.png" => send(stream, 8, b"\x89PNG\r\n\x1a\n"),
        _ => stream.shutdown(std::net::Shutdown::Both),
    });
    assert_eq!(loaded, Ok(()));
}

#[test]
fn guests_who_say_nothing_keep_nobody_out() {
    /// So long nothing takes; who waits for longer waits in vain.
    const IN_VAIN: Duration = Duration::from_secs(60);
    let server = Server::begin(Site::default(), 0).expect("a port");
    let guest = || TcpStream::connect(server.address).expect("room before the door");
    let _silent: Vec<TcpStream> = (0..MOST).map(|_| guest()).collect();
    // Whoever comes after all of them is let in when they are given up.
    let mut next = guest();
    next.set_read_timeout(Some(IN_VAIN)).expect("some time");
    next.write_all(b"GET /nothing HTTP/1.1\r\n\r\n").expect("they are there");
    let mut answer = String::new();
    next.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 404 "), "{answer}");
}

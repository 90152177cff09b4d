//! The door. Whoever comes speaks HTTP first, and wants either the page or a web socket.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use crate::protocol::LONGEST;

/// The page: all of it, so that it asks for nothing else.
const PAGE: &str = include_str!("page.html");

/// How long what is asked for may be, in bytes.
const HEAD: usize = 8 << 10;

/// How much is read at once, in bytes. Each client has a buffer of this size for as long as it is there.
const READ: usize = 4 << 10;

/// What somebody at the door wants.
#[derive(Debug, PartialEq, Eq)]
enum Wish {
    /// The page.
    Page,
    /// A web socket, which is proven to be understood with this key.
    Socket(String),
    /// Something that is not here: the status, and why.
    Refused(&'static str, &'static str),
}

/// Opens the door: a web socket, for whoever wants one, and nothing for all others, who have got the page
/// or a refusal.
pub(crate) async fn open(mut stream: TcpStream) -> Option<WebSocketStream<TcpStream>> {
    let mut read = Vec::with_capacity(1 << 10);
    let head = loop {
        if let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        if read.len() > HEAD || stream.read_buf(&mut read).await.ok()? == 0 {
            return None;
        }
    };
    match wish(&read[..head]) {
        Wish::Page => answer(&mut stream, "200 OK", "text/html", PAGE).await,
        Wish::Refused(status, why) => answer(&mut stream, status, "text/plain", why).await,
        Wish::Socket(key) => {
            let yes = format!(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                 Sec-WebSocket-Accept: {key}\r\n\r\n"
            );
            stream.write_all(yes.as_bytes()).await.ok()?;
            let rest = read.split_off(head);
            let limits = WebSocketConfig::default();
            let limits = Some(limits.max_message_size(Some(LONGEST)).read_buffer_size(READ));
            Some(WebSocketStream::from_partially_read(stream, rest, Role::Server, limits).await)
        }
    }
}

/// What is wanted in this head of a request.
fn wish(head: &[u8]) -> Wish {
    const NOT_UNDERSTOOD: Wish = Wish::Refused("400 Bad Request", "this is not understood here\n");
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut request = httparse::Request::new(&mut headers);
    if !request.parse(head).is_ok_and(|status| status.is_complete()) {
        return NOT_UNDERSTOOD;
    }
    if request.method != Some("GET") {
        return Wish::Refused("405 Method Not Allowed", "one can only look at what is here\n");
    }
    let header = |name: &str| {
        let found = request.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name));
        found.and_then(|header| std::str::from_utf8(header.value).ok())
    };
    let Some(host) = header("host").filter(|host| is_here(host)) else {
        return Wish::Refused("421 Misdirected Request", "this is a server for its own machine\n");
    };
    let is_upgrade = header("upgrade").is_some_and(|it| it.eq_ignore_ascii_case("websocket"));
    match (is_upgrade, header("sec-websocket-key"), request.path) {
        (true, Some(key), _) => match header("origin") {
            // Pages of others cannot talk here in the name of whoever looks at them.
            Some(page) if page != format!("http://{host}") => {
                Wish::Refused("403 Forbidden", "another page has nothing to say here\n")
            }
            _ => Wish::Socket(derive_accept_key(key.as_bytes())),
        },
        (true, None, _) => NOT_UNDERSTOOD,
        (false, _, Some(path)) if path.split('?').next() == Some("/") => Wish::Page,
        (false, ..) => Wish::Refused("404 Not Found", "there is one page here, which is /\n"),
    }
}

/// Whether this is what one calls the machine that one is on.
fn is_here(host: &str) -> bool {
    let name = host.rsplit_once(':').map_or(host, |(name, _port)| name);
    ["localhost", "127.0.0.1"].contains(&name)
}

/// Answers, and shuts the door.
async fn answer<T>(stream: &mut TcpStream, status: &str, kind: &str, body: &str) -> Option<T> {
    // Whatever somebody says, the page loads nothing and obeys nobody.
    const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
                          connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'";
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {}\r\n\
         Content-Security-Policy: {POLICY}\r\nX-Content-Type-Options: nosniff\r\n\
         Cache-Control: no-store\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.ok()?;
    stream.write_all(body.as_bytes()).await.ok()?;
    stream.shutdown().await.ok()?;
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is wanted by a request with this first line and these further ones.
    fn wished(first: &str, more: &[&str]) -> Wish {
        wish(format!("{first}\r\n{}\r\n\r\n", more.join("\r\n")).as_bytes())
    }

    const KEY: &str = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    const SOCKET: [&str; 3] = ["Host: 127.0.0.1:80", "upgrade: WebSocket", KEY];

    #[test]
    fn a_browser_gets_the_page_and_the_page_a_socket() {
        assert_eq!(wished("GET / HTTP/1.1", &["Host: localhost:8080"]), Wish::Page);
        assert_eq!(wished("GET /?room=tea HTTP/1.1", &["Host: localhost"]), Wish::Page);
        // The key and its answer are those of RFC 6455, section 1.3.
        let key = Wish::Socket("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=".into());
        assert_eq!(wished("GET / HTTP/1.1", &SOCKET), key);
        let own = [&SOCKET[..], &["Origin: http://127.0.0.1:80"]].concat();
        assert_eq!(wished("GET / HTTP/1.1", &own), key);
    }

    #[test]
    fn others_are_told_why_not() {
        let strange = [&SOCKET[..], &["Origin: http://example.org"]].concat();
        for (first, more, status) in [
            ("GET / HTTP/1.1", &strange[..], "403"),
            ("GET / HTTP/1.1", &["Host: example.org:80"], "421"),
            ("GET / HTTP/1.1", &[], "421"),
            ("GET /x HTTP/1.1", &["Host: localhost"], "404"),
            ("POST / HTTP/1.1", &["Host: localhost"], "405"),
            ("GET / HTTP/1.1", &SOCKET[..2], "400"),
            ("EHLO", &["Host: localhost"], "400"),
        ] {
            let Wish::Refused(told, _) = wished(first, more) else { panic!("{first} {more:?}") };
            assert!(told.starts_with(status), "{first} {more:?}: {told}");
        }
    }
}

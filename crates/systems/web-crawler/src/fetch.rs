//! One request, and what comes of it: a body, or a sentence that says why there is none.

use std::error::Error;
use std::future::{Ready, ready};
use std::io;
use std::iter::{Once, once};
use std::net::SocketAddr;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Empty, LengthLimitError, Limited};
use hyper::header::{CONTENT_TYPE, HeaderName, LOCATION};
use hyper::{Response, StatusCode, body::Incoming};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::rt::TokioExecutor;
use tokio::time::timeout;
use url::Url;

use crate::page::address;

/// How many bytes of a body are read. Whoever sends more is given up.
pub const LARGEST: usize = 1 << 20;

/// How long an answer is waited for, on a machine that may be busy.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// What came of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fetched {
    /// A body, and of which kind it is.
    Body(String, Bytes),
    /// It is at another address.
    Moved(Url),
    /// It was refused, with this number.
    Refused(u16),
    /// There was no answer, or none to the end: why.
    GivenUp(String),
}

/// What asks hosts, and keeps connections to them.
#[derive(Clone, Debug)]
pub struct Fetcher {
    client: Client<HttpConnector<Resolver>, Empty<Bytes>>,
    patience: Duration,
}

impl Fetcher {
    /// What asks the hosts that are all at this address, and waits so long for an answer.
    #[must_use]
    pub fn new(address: SocketAddr, patience: Duration) -> Fetcher {
        let mut connector = HttpConnector::new_with_resolver(Resolver(address));
        connector.set_nodelay(true);
        let client = Client::builder(TokioExecutor::new()).build(connector);
        Fetcher { client, patience }
    }

    /// Asks for what is at an address. Whoever is told that it has moved decides whether to follow.
    pub async fn fetch(&self, url: &Url) -> Fetched {
        match timeout(self.patience, self.ask(url)).await {
            Ok(Ok(fetched)) => fetched,
            Ok(Err(why)) => Fetched::GivenUp(why),
            Err(_) => Fetched::GivenUp(format!("no answer within {:?}", self.patience)),
        }
    }

    async fn ask(&self, url: &Url) -> Result<Fetched, String> {
        let uri = url.as_str().parse().map_err(|_| "no address of a host".to_owned())?;
        let answer = self.client.get(uri).await.map_err(|_| "it hung up".to_owned())?;
        let status = answer.status();
        if status.is_redirection() {
            let to = header(&answer, LOCATION).and_then(|to| address(url, to));
            return to.map(Fetched::Moved).ok_or_else(|| "moved, it does not say where to".into());
        }
        if status != StatusCode::OK {
            return Ok(Fetched::Refused(status.as_u16()));
        }
        let kind = header(&answer, CONTENT_TYPE).unwrap_or_default().to_owned();
        let body = Limited::new(answer.into_body(), LARGEST).collect().await;
        body.map(|body| Fetched::Body(kind, body.to_bytes())).map_err(|error| why(&*error))
    }
}

fn header(answer: &Response<Incoming>, name: HeaderName) -> Option<&str> {
    answer.headers().get(name).and_then(|value| value.to_str().ok())
}

/// Why there is no body to its end.
fn why(error: &(dyn Error + Send + Sync + 'static)) -> String {
    match error.is::<LengthLimitError>() {
        true => format!("more than {LARGEST} bytes"),
        false => "it hung up".to_owned(),
    }
}

/// Knows one address for all names, so that nobody elsewhere is ever asked.
#[derive(Clone, Copy, Debug)]
struct Resolver(SocketAddr);

impl tower_service::Service<Name> for Resolver {
    type Response = Once<SocketAddr>;
    type Error = io::Error;
    type Future = Ready<io::Result<Once<SocketAddr>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Name) -> Self::Future {
        ready(Ok(once(self.0)))
    }
}

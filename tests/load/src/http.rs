//! HTTP as the core wants it.

use guest_messenger::protocol::json;
use guest_messenger::protocol::wire::{HttpAnswer, HttpCall};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::header::{DATE, ETAG, HeaderName, RETRY_AFTER};
use hyper::{Request, Response};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::time::{Duration, timeout};

const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const ANSWER_MAX_BYTES: usize = 4 * 1024 * 1024;

/// Clones share their connections.
#[derive(Debug, Clone)]
pub(crate) struct Http {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

impl Http {
    pub(crate) fn new() -> Http {
        let connector = HttpsConnectorBuilder::new().with_webpki_roots().https_or_http().enable_http1().build();
        Http { client: Client::builder(TokioExecutor::new()).build(connector) }
    }

    /// `None` when no answer came in time.
    pub(crate) async fn call(&self, call: &HttpCall) -> Option<HttpAnswer> {
        let mut request = Request::builder().method(call.method).uri(&call.url);
        for (name, value) in &call.headers {
            request = request.header(*name, value.expose());
        }
        let body = call.body.as_ref().map(|body| Bytes::copy_from_slice(body.expose().as_bytes())).unwrap_or_default();
        let request = request.body(Full::new(body)).ok()?;
        timeout(Duration::from_millis(u64::from(call.timeout_ms)), self.answer(request)).await.ok()?
    }

    pub(crate) async fn answer(&self, request: Request<Full<Bytes>>) -> Option<HttpAnswer> {
        let response = self.client.request(request).await.ok()?;
        let (retry_after, date) = (header(&response, RETRY_AFTER), header(&response, DATE));
        let (etag, remaining) = (header(&response, ETAG), header(&response, REMAINING));
        let status = response.status().as_u16();
        let bytes = Limited::new(response.into_body(), ANSWER_MAX_BYTES).collect().await.ok()?.to_bytes();
        let body = std::str::from_utf8(&bytes).ok().and_then(json::parse);
        Some(HttpAnswer { status, retry_after, date, etag, remaining, body })
    }
}

fn header<B>(response: &Response<B>, name: HeaderName) -> Option<String> {
    response.headers().get(name)?.to_str().ok().map(str::to_owned)
}

//! The guard in front of every path: names against DNS rebinding, plain headers for every answer.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use guest_messenger_sandbox::Access;

pub(crate) async fn guard(State(access): State<Arc<Access>>, request: Request, next: Next) -> Response {
    if !access.allows_host(host_of(request.headers())) {
        let sentence = "This server does not answer to that host name; allow it with --allow-host.\n";
        return (StatusCode::FORBIDDEN, sentence).into_response();
    }
    let is_module = request.uri().path().ends_with(".mjs");
    let mut response = next.run(request).await;
    let is_found = response.status().is_success();
    let headers = response.headers_mut();
    if is_module && is_found {
        // The file service still gives these their old name.
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/javascript"));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache"));
    headers.entry(header::X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
    response
}

pub(crate) fn host_of(headers: &HeaderMap) -> &str {
    headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default()
}

/// Whether a request comes from a page of this very server, or from no page at all.
pub(crate) fn is_from_here(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return true;
    };
    let authority = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
    authority.is_some_and(|(_, authority)| authority.eq_ignore_ascii_case(host_of(headers)))
}

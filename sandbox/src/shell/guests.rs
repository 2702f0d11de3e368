//! What guests reach: the socket and HTTP.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State, WebSocketUpgrade, ws::rejection::WebSocketUpgradeRejection},
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use guest_messenger_sandbox::{Handshake, HttpAnswer, HttpRequest};

use super::{
    hub::{Door, Hub},
    socket::{MESSAGE_BYTES, serve},
};

/// Room for the largest file as base64 in a control request.
const BODY_BYTES: usize = 32 * 1024 * 1024;

type Upgrade = Result<WebSocketUpgrade, WebSocketUpgradeRejection>;

pub(crate) async fn guest(hub: State<Arc<Hub>>, uri: Uri, headers: HeaderMap, upgrade: Upgrade) -> Response {
    open(hub, Door::Guest, &uri, &headers, upgrade).await
}

pub(crate) async fn events(hub: State<Arc<Hub>>, uri: Uri, headers: HeaderMap, upgrade: Upgrade) -> Response {
    open(hub, Door::Events, &uri, &headers, upgrade).await
}

async fn open(State(hub): State<Arc<Hub>>, door: Door, uri: &Uri, headers: &HeaderMap, upgrade: Upgrade) -> Response {
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade.max_message_size(MESSAGE_BYTES).max_frame_size(MESSAGE_BYTES),
        Err(rejection) => return rejection.into_response(),
    };
    let query = uri.query().unwrap_or_default();
    let deployment = query.split('&').find_map(|pair| pair.strip_prefix("deploymentId="));
    let handshake = Handshake {
        deployment: deployment.map(str::to_owned),
        origin: text_of(headers, header::ORIGIN.as_str()),
        host: text_of(headers, header::HOST.as_str()).unwrap_or_default(),
    };
    match hub.open(door, handshake).await {
        Ok(guest) => upgrade.on_upgrade(move |socket| serve(socket, guest)),
        Err(status) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::FORBIDDEN);
            (status, "The handshake is refused.\n").into_response()
        }
    }
}

pub(crate) async fn http(State(hub): State<Arc<Hub>>, request: Request) -> Response {
    match read(request).await {
        Ok(http) => match hub.request(http).await {
            Some(answer) => response_of(answer),
            None => no_response(),
        },
        Err(response) => response,
    }
}

/// Reads a request to its end.
pub(crate) async fn read(request: Request) -> Result<HttpRequest, Response> {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_BYTES).await else {
        return Err((StatusCode::PAYLOAD_TOO_LARGE, "The body is too large or broke off.\n").into_response());
    };
    let headers: BTreeMap<String, String> = parts
        .headers
        .keys()
        .filter_map(|name| Some((name.as_str().to_owned(), text_of(&parts.headers, name.as_str())?)))
        .collect();
    Ok(HttpRequest {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers,
        body: body.to_vec(),
    })
}

/// A body that breaks before its first byte: the server ends the connection, and not even the status gets out.
fn no_response() -> Response {
    let broken = futures_util::stream::once(async { Err::<Vec<u8>, _>("A fault cuts the connection.") });
    Response::new(Body::from_stream(broken))
}

/// A header that cannot be written, such as a type that a guest made up, is left out.
pub(crate) fn response_of(answer: HttpAnswer) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) = (header::HeaderName::try_from(name), header::HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// Bytes that are no text become marks that match nothing.
fn text_of(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

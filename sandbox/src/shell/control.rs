//! The control plane behind the secret: the desk page, its events, its API.

use std::{convert::Infallible, sync::Arc};

use axum::{
    extract::{Path, Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::stream::{self, Stream};
use tokio::sync::broadcast::error::RecvError;

use super::{
    access::is_from_here,
    guests::{read, response_of},
    hub::Hub,
};

/// What the control plane needs to answer.
#[derive(Debug, Clone)]
pub(crate) struct Control {
    pub(crate) hub: Arc<Hub>,
    pub(crate) secret: Arc<str>,
}

const DESK_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
     img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub(crate) async fn serve(
    State(control): State<Control>,
    Path((secret, path)): Path<(String, String)>,
    headers: HeaderMap,
    request: Request,
) -> Response {
    if *secret != *control.secret {
        return (StatusCode::NOT_FOUND, "There is nothing here.\n").into_response();
    }
    if !is_from_here(&headers) {
        return (StatusCode::FORBIDDEN, "The control plane answers only pages of its own server.\n").into_response();
    }
    match path.as_str() {
        "desk" => page("text/html; charset=utf-8", include_str!("../../desk/desk.html")),
        "desk.css" => page("text/css; charset=utf-8", include_str!("../../desk/desk.css")),
        "desk.js" => page("text/javascript; charset=utf-8", include_str!("../../desk/desk.js")),
        "facts.js" => page("text/javascript; charset=utf-8", include_str!("../../desk/facts.js")),
        "transcript.js" => page("text/javascript; charset=utf-8", include_str!("../../desk/transcript.js")),
        "events" => Sse::new(events(&control.hub)).keep_alive(KeepAlive::default()).into_response(),
        _ => match read(request).await {
            Ok(mut http) => {
                http.path = format!("/{path}");
                response_of(control.hub.control(http).await)
            }
            Err(response) => response,
        },
    }
}

fn page(content_type: &'static str, text: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CONTENT_SECURITY_POLICY, DESK_POLICY),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    (headers, text).into_response()
}

/// A desk that fell behind is told to load everything again.
fn events(hub: &Hub) -> impl Stream<Item = Result<Event, Infallible>> + use<> {
    stream::unfold(hub.desk_events(), |mut events| async move {
        match events.recv().await {
            Ok(event) => Some((Ok(Event::default().data(event)), events)),
            Err(RecvError::Lagged(_)) => Some((Ok(Event::default().data("{\"kind\":\"reload\"}")), events)),
            Err(RecvError::Closed) => None,
        }
    })
}

//! The demo pages, the built widget, and the stand-in's own pictures.

use axum::{
    Router,
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use tower_http::services::{ServeDir, ServeFile};

use super::arguments::Arguments;

pub(crate) fn routes(arguments: &Arguments) -> Router {
    let router = Router::new()
        .route("/sandbox/images/{name}", get(image))
        // Browsers ask for it by themselves; a 404 would stand in every page's console.
        .route("/favicon.ico", get(async || StatusCode::NO_CONTENT));
    let router = match &arguments.demo {
        Some(folder) => router
            .route_service("/", ServeFile::new(folder.join("index.html")))
            .route("/gallery", get(async || Redirect::temporary("/demo/gallery/")))
            .nest_service("/demo", ServeDir::new(folder).fallback(get(missing_demo))),
        None => router.route("/", get(no_demo)).route("/demo/{*path}", get(no_demo)),
    };
    match &arguments.dist {
        Some(folder) => router.nest_service("/dist", ServeDir::new(folder).fallback(get(missing_dist))),
        None => router.route("/dist/{*path}", get(no_dist)),
    }
}

pub(crate) async fn nothing() -> Response {
    not_found("There is nothing at this path.\n")
}

async fn no_demo() -> Response {
    not_found("No demo pages are served; name their folder with --demo DIR.\n")
}

async fn no_dist() -> Response {
    not_found("No built widget is served; name its folder with --dist DIR.\n")
}

async fn missing_demo() -> Response {
    not_found("There is no such file in the folder of --demo.\n")
}

async fn missing_dist() -> Response {
    not_found("There is no such file in the folder of --dist; is the widget built?\n")
}

fn not_found(sentence: &'static str) -> Response {
    (StatusCode::NOT_FOUND, sentence).into_response()
}

async fn image(Path(name): Path<String>) -> Response {
    let bytes: &'static [u8] = match name.as_str() {
        "bot.png" => include_bytes!("../../assets/bot.png"),
        "calendar.png" => include_bytes!("../../assets/calendar.png"),
        "sandal.png" => include_bytes!("../../assets/sandal.png"),
        "sneaker.png" => include_bytes!("../../assets/sneaker.png"),
        "trail.png" => include_bytes!("../../assets/trail.png"),
        _ => return nothing().await,
    };
    ([(header::CONTENT_TYPE, "image/png"), (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")], bytes).into_response()
}

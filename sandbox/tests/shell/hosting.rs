use serde_json::{Value, json};

use crate::server::{Server, http_over};

#[tokio::test]
async fn static_files_have_the_types_that_browsers_insist_on() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in [
        ("index.html", "<h1>Shop</h1>"),
        ("page.html", "p"),
        ("engine-1.wasm", "w"),
        ("a.mjs", "m"),
        ("a.js", "j"),
        ("a.css", "c"),
    ] {
        std::fs::write(folder.path().join(name), text).expect("written");
    }
    let path = folder.path().to_str().expect("a path");
    let server = Server::start(&["--demo", path, "--dist", path]).await;
    for (path, status, kind) in [
        ("/?deployment=1&x=a%20b", 200, "text/html"),
        ("/demo/", 200, "text/html"),
        ("/demo/page.html", 200, "text/html"),
        ("/dist/engine-1.wasm", 200, "application/wasm"),
        ("/dist/a.mjs", 200, "text/javascript"),
        ("/dist/a.js", 200, "text/javascript"),
        ("/dist/a.css", 200, "text/css"),
        ("/dist/missing.js", 404, "text/plain; charset=utf-8"),
        ("/dist/../../etc/passwd", 404, "text/plain; charset=utf-8"),
        ("/demo/%2e%2e/%2e%2e/etc/passwd", 404, "text/plain; charset=utf-8"),
        ("/nothing", 404, "text/plain; charset=utf-8"),
    ] {
        let answer = server.get(path).await;
        assert_eq!((answer.status, answer.header("content-type")), (status, kind), "{path}");
        assert_eq!(answer.header("cache-control"), "no-cache", "{path}");
    }
    assert_eq!(server.get("/favicon.ico").await.status, 204);
    assert_eq!(server.get("/gallery").await.header("location"), "/demo/gallery/");
    assert_eq!(server.get("/?x=1").await.body, b"<h1>Shop</h1>");
}

#[tokio::test]
async fn without_folders_the_paths_say_which_flag_is_missing() {
    let server = Server::start(&[]).await;
    for (path, flag) in [("/", "--demo"), ("/demo/index.html", "--demo"), ("/dist/guest-messenger.js", "--dist")] {
        let answer = server.get(path).await;
        let body = String::from_utf8(answer.body).expect("text");
        assert!(answer.status == 404 && body.contains(flag), "{path}: {body}");
    }
}

#[tokio::test]
async fn the_control_plane_needs_its_secret_and_a_page_of_its_own() {
    let server = Server::start(&[]).await;
    let wrong = server.get(&format!("/control/{}/settings", "0".repeat(32))).await;
    assert_eq!(wrong.status, 404);
    let path = format!("{}/settings", server.control);
    assert_eq!(server.http("GET", &path, &[("origin", "http://localhost:1")], "").await.status, 403);
    assert_eq!(server.http("GET", &path, &[("origin", "null")], "").await.status, 403);
    assert_eq!(server.http("GET", &path, &[("origin", &server.url)], "").await.status, 200);
    let answer = server.http("OPTIONS", &path, &[("origin", "https://evil.example")], "").await;
    assert_eq!(answer.header("access-control-allow-origin"), "");
    assert_eq!(server.http("GET", &path, &[("host", "evil.example")], "").await.status, 403);
}

#[tokio::test]
async fn secrets_differ_between_runs() {
    let [one, two] = [Server::start(&[]).await, Server::start(&[]).await];
    assert_ne!(one.control, two.control);
    assert_eq!(one.control.len(), "/control/".len() + 32);
}

#[tokio::test]
async fn the_desk_page_has_a_strict_policy_and_no_inline_script() {
    let server = Server::start(&[]).await;
    let page = server.get(&format!("{}/desk", server.control)).await;
    assert_eq!(page.status, 200);
    let policy = page.header("content-security-policy").to_owned();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    let html = String::from_utf8(page.body).expect("text");
    let (_, scripts) = html.split_once("<script").expect("a script");
    for script in scripts.split("<script") {
        assert!(
            script.contains("src=") && script.split_once('>').is_some_and(|(_, rest)| rest.starts_with("</script>"))
        );
    }
    for file in ["desk.js", "desk.css", "facts.js", "transcript.js"] {
        assert_eq!(server.get(&format!("{}/{file}", server.control)).await.status, 200, "{file}");
    }
}

#[tokio::test]
async fn desk_events_stream_as_they_happen() {
    use http_body_util::BodyExt;
    let server = Server::start(&["--no-bot"]).await;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(hyper_util::rt::TokioIo::new(server.connect().await))
            .await
            .expect("HTTP");
    tokio::spawn(connection);
    let request = hyper::Request::get(format!("{}/events", server.control))
        .header("host", format!("127.0.0.1:{}", server.port))
        .body(http_body_util::Empty::<hyper::body::Bytes>::new())
        .expect("a request");
    let mut stream = sender.send_request(request).await.expect("an answer").into_body();
    let mut guest = server.open().await;
    guest.configure("t").await;
    guest.say("t", "Hi").await;
    let mut text = String::new();
    while !text.contains("\"text\":\"Hi\"") {
        let frame = stream.frame().await.expect("more").expect("readable");
        text.push_str(&String::from_utf8_lossy(frame.data_ref().expect("data")));
    }
    let event = text
        .lines()
        .filter_map(|line| line.strip_prefix("data: "))
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .find(|event| event["kind"] == "message")
        .expect("a message event");
    assert_eq!(event["conversation"], "c1");
}

#[tokio::test]
async fn a_foreign_host_is_refused_for_files_too() {
    let server = Server::start(&[]).await;
    let answer = http_over(server.connect().await, "evil.example", "GET", "/", &[], "").await;
    assert_eq!(answer.status, 403);
}

#[tokio::test]
async fn config_is_served_with_this_servers_addresses() {
    let server = Server::start(&["--deployment", "my-own-1"]).await;
    let config = server.get("/webdeployments/v1/deployments/my-own-1/config.json").await.json();
    assert_eq!(config["apiEndpoint"], json!(server.url));
    assert_eq!(
        config["messenger"]["apps"]["conversations"]["messagingEndpoint"],
        json!(server.url.replace("http", "ws"))
    );
}

use guest_messenger_sandbox::Setup;
use serde_json::json;

use crate::{
    support::DEPLOYMENT,
    world::{HOST, World},
};

fn is_accepted(world: &mut World, origin: Option<&str>, host: &str) -> bool {
    let connection = world.open_with(Some(DEPLOYMENT), origin, host);
    assert!(world.accepted.contains(&connection) || world.refused.get(&connection) == Some(&403));
    world.accepted.contains(&connection)
}

fn header(answer: &guest_messenger_sandbox::HttpAnswer, name: &str) -> Option<String> {
    answer.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.clone())
}

#[test]
fn a_wrong_a_missing_and_an_inactive_deployment_are_refused_with_403() {
    let mut world = World::quiet();
    for deployment in [Some("other"), None] {
        let connection = world.open_with(deployment, None, HOST);
        assert_eq!(world.refused.get(&connection), Some(&403));
    }
    world.set(json!({"active": false}));
    let connection = world.open();
    assert_eq!(world.refused.get(&connection), Some(&403));
}

#[test]
fn loopback_origins_bare_names_and_no_origin_are_let_in() {
    let mut world = World::quiet();
    for origin in [
        None,
        Some("http://localhost:3000"),
        Some("http://127.0.0.1:8080"),
        Some("https://[::1]:8443"),
        Some("http://shop.localhost"),
        Some("webmessaging.example.test"),
        Some("127.0.0.1:8080"),
    ] {
        assert!(is_accepted(&mut world, origin, HOST), "{origin:?}");
    }
}

#[test]
fn other_sites_and_sandboxed_frames_are_refused() {
    let mut world = World::quiet();
    for origin in [
        "https://evil.example",
        "null",
        "",
        "http://localhost.evil.example",
        "http://127.0.0.1.evil.example",
        "https://evil.example#localhost",
        "http://128.0.0.1",
    ] {
        assert!(!is_accepted(&mut world, Some(origin), HOST), "{origin:?}");
    }
}

#[test]
fn an_allowed_domain_lets_its_subdomains_in_but_not_its_look_alikes() {
    let mut setup = Setup::new(DEPLOYMENT, 1);
    setup.access.domains = vec!["Shop.example".into()];
    let mut world = World::of(setup);
    for (origin, allowed) in [
        ("https://shop.example", true),
        ("https://WWW.shop.example:8443", true),
        ("https://myshop.example", false),
        ("https://shop.example.evil", false),
    ] {
        assert_eq!(is_accepted(&mut world, Some(origin), HOST), allowed, "{origin}");
    }
}

#[test]
fn host_names_that_are_not_this_servers_are_refused() {
    let mut world = World::quiet();
    for (host, allowed) in [
        ("localhost:8080", true),
        ("webmessaging.test:8443", true),
        ("a.localhost", true),
        ("[::1]:8080", true),
        ("evil.example:8080", false),
        ("", false),
    ] {
        assert_eq!(is_accepted(&mut world, None, host), allowed, "{host}");
    }
    let rebound = world.http("GET", "/api/v2/webmessaging/messages", &[("host", "evil.example")], b"");
    assert_eq!(rebound.status, 403);
}

#[test]
fn a_page_of_this_very_server_is_let_in_under_a_test_name() {
    let mut world = World::quiet();
    assert!(is_accepted(&mut world, Some("http://shop.test:8080"), "shop.test:8080"));
    assert!(!is_accepted(&mut world, Some("http://shop.test:9090"), "shop.test:8080"));
}

#[test]
fn a_preflight_allows_what_guests_send_to_the_pages_origin() {
    let mut world = World::quiet();
    let origin = "http://localhost:3000";
    let answer = world.http("OPTIONS", "/uploads/1", &[("origin", origin)], b"");
    assert_eq!(answer.status, 204);
    assert_eq!(header(&answer, "access-control-allow-origin").as_deref(), Some(origin));
    let headers = header(&answer, "access-control-allow-headers").expect("headers");
    for name in ["authorization", "content-type", "x-amz-tagging"] {
        assert!(headers.contains(name), "{name}");
    }
    let methods = header(&answer, "access-control-allow-methods").expect("methods");
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
        assert!(methods.contains(method), "{method}");
    }
}

#[test]
fn a_foreign_page_gets_no_cross_origin_answer_and_no_history() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    let jwt = world.jwt(guest, "t");
    let headers = [("origin", "https://evil.example"), ("authorization", &format!("bearer {jwt}"))];
    let answer = world.get("/api/v2/webmessaging/messages", &headers);
    assert_eq!((answer.status, header(&answer, "access-control-allow-origin")), (403, None));
}

#[test]
fn config_is_open_to_every_page_even_when_it_is_not_found() {
    let mut world = World::quiet();
    for (id, status) in [(DEPLOYMENT, 200), ("other", 403)] {
        let path = format!("/webdeployments/v1/deployments/{id}/config.json");
        let answer = world.get(&path, &[("origin", "https://anywhere.example")]);
        assert_eq!((answer.status, header(&answer, "access-control-allow-origin").as_deref()), (status, Some("*")));
    }
}

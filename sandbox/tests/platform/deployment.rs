use guest_messenger_sandbox::Setup;
use serde_json::{Value, json};

use crate::{support::DEPLOYMENT, world::World};

fn read(world: &mut World, file: &str, host: &str) -> Value {
    let answer = world.get(&format!("/webdeployments/v1/deployments/{DEPLOYMENT}/{file}"), &[("host", host)]);
    assert_eq!(answer.status, 200);
    serde_json::from_slice(&answer.body).expect("JSON")
}

#[test]
fn the_config_has_every_member_that_the_mobile_client_requires() {
    let config = read(&mut World::quiet(), "config.json", "localhost:8080");
    for pointer in [
        "/id",
        "/version",
        "/languages/0",
        "/defaultLanguage",
        "/apiEndpoint",
        "/messenger/enabled",
        "/messenger/apps/conversations/messagingEndpoint",
        "/messenger/styles/primaryColor",
        "/messenger/launcherButton/visibility",
        "/messenger/fileUpload",
        "/journeyEvents/enabled",
        "/status",
        "/auth/enabled",
    ] {
        assert!(config.pointer(pointer).is_some_and(|value| !value.is_null()), "{pointer}");
    }
}

#[test]
fn its_addresses_point_back_to_where_it_was_asked() {
    let mut world = World::quiet();
    let config = read(&mut world, "config.json", "chat.localhost:1234");
    assert_eq!(config["apiEndpoint"], "http://chat.localhost:1234");
    assert_eq!(config["messenger"]["apps"]["conversations"]["messagingEndpoint"], "ws://chat.localhost:1234");
    let mut setup = Setup::new(DEPLOYMENT, 1);
    setup.secure = true;
    let config = read(&mut World::of(setup), "config.json", "localhost");
    assert_eq!(config["apiEndpoint"], "https://localhost");
    assert_eq!(config["messenger"]["apps"]["conversations"]["messagingEndpoint"], "wss://localhost");
}

#[test]
fn the_config_follows_the_settings() {
    let mut world = World::quiet();
    world.set(json!({"auto_start": true, "user_typing": false, "agent_typing": false, "clear": false, "disconnect": "Off", "read_receipts": false, "active": false}));
    let config = read(&mut world, "config.json", "localhost");
    let conversations = &config["messenger"]["apps"]["conversations"];
    assert_eq!(conversations["autoStart"]["enabled"], true);
    assert_eq!(conversations["showUserTypingIndicator"], false);
    assert_eq!(conversations["showAgentTypingIndicator"], false);
    assert_eq!(conversations["conversationClear"]["enabled"], false);
    assert_eq!(conversations["conversationDisconnect"]["enabled"], false);
    assert_eq!(config["guestMessenger"]["readReceipts"], false);
    assert_eq!(config["status"], "Inactive");
    assert_eq!(config["messenger"]["fileUpload"]["enableAttachments"], true);
}

#[test]
fn the_domains_are_loopback_and_what_was_allowed() {
    let mut setup = Setup::new(DEPLOYMENT, 1);
    setup.access.domains = vec!["shop.example".into()];
    let domains = read(&mut World::of(setup), "domains.json", "localhost");
    assert_eq!(
        domains,
        json!({"allowAllDomains": false, "allowedDomains": ["localhost", "127.0.0.1", "[::1]", "shop.example"]})
    );
}

#[test]
fn push_devices_are_taken_and_forgotten() {
    let mut world = World::quiet();
    let path = format!("/api/v2/webmessaging/deployments/{DEPLOYMENT}/pushdevices/t");
    assert_eq!(world.http("POST", &path, &[], b"{\"deviceToken\":\"d\"}").status, 204);
    assert_eq!(world.http("PATCH", &path, &[], b"{}").status, 204);
    assert_eq!(world.http("DELETE", &path, &[], b"").status, 204);
}

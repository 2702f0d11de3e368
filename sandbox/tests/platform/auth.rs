use serde_json::{Value, json};

use crate::{
    support::DEPLOYMENT,
    world::{World, classes},
};

fn post(world: &mut World, path: &str, body: &Value) -> (u16, Value) {
    let headers = [("content-type", "application/json")];
    let answer =
        world.http("POST", &format!("/api/v2/webdeployments/token/{path}"), &headers, body.to_string().as_bytes());
    (answer.status, serde_json::from_slice(&answer.body).unwrap_or_default())
}

fn exchange(world: &mut World, code: &str) -> Value {
    let body =
        json!({"deploymentId": DEPLOYMENT, "oauth": {"code": code, "redirectUri": "https://shop.example.test/cb"}});
    let (status, answer) = post(world, "oauthcodegrantjwtexchange", &body);
    assert_eq!(status, 200);
    answer
}

fn configure(token: &str, jwt: &Value) -> Value {
    json!({"action": "configureAuthenticatedSession", "deploymentId": DEPLOYMENT, "token": token, "data": {"code": jwt}})
}

#[test]
fn a_code_buys_a_token_that_starts_a_signed_in_session() {
    let mut world = World::quiet();
    let tokens = exchange(&mut world, "ada");
    assert!(tokens["refreshToken"].is_string());
    let guest = world.open();
    let answer = world.ask(guest, configure("t", &tokens["jwt"]));
    assert_eq!((&answer["class"], &answer["body"]["newSession"]), (&json!("SessionResponse"), &json!(true)));
    assert_eq!(world.say(guest, "t", "Hi")["body"]["metadata"]["authenticated"], "true");
}

#[test]
fn the_implicit_flow_gives_no_refresh_token() {
    let mut world = World::quiet();
    let body = json!({"deploymentId": DEPLOYMENT, "oauth": {"idToken": "ada", "nonce": "n"}});
    let (status, answer) = post(&mut world, "oauthcodegrantjwtexchange", &body);
    assert_eq!((status, answer["jwt"].is_string(), answer.get("refreshToken")), (200, true, None));
}

#[test]
fn a_stale_or_unknown_token_is_refused_with_401_and_can_be_refreshed() {
    let mut world = World::quiet();
    world.set(json!({"auth_life_s": 60}));
    let tokens = exchange(&mut world, "ada");
    let guest = world.open();
    assert_eq!(world.ask(guest, configure("t", &json!("made.up.jwt")))["code"], 401);
    world.wait(60_000);
    assert_eq!(world.ask(guest, configure("t", &tokens["jwt"]))["code"], 401);
    for body in [
        json!({"refreshToken": tokens["refreshToken"]}),
        json!({"refreshToken": tokens["refreshToken"], "deploymentId": DEPLOYMENT}),
    ] {
        let (status, fresh) = post(&mut world, "refresh", &body);
        assert_eq!(status, 200);
        assert_eq!(world.ask(guest, configure("t", &fresh["jwt"]))["code"], 200);
    }
    assert_eq!(post(&mut world, "refresh", &json!({"refreshToken": "unknown"})).0, 401);
}

#[test]
fn a_signed_in_sessions_token_cannot_be_used_anonymously() {
    let mut world = World::quiet();
    let tokens = exchange(&mut world, "ada");
    let guest = world.open();
    world.ask(guest, configure("t", &tokens["jwt"]));
    let other = world.open();
    assert_eq!(world.configure(other, "t")["code"], 4017);
}

#[test]
fn a_step_up_keeps_the_conversation_and_announces_the_sign_in_first() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    world.say(guest, "t", "before");
    let tokens = exchange(&mut world, "ada");
    world.take(guest);
    world.send(guest, &configure("t", &tokens["jwt"]));
    let frames = world.take(guest);
    assert_eq!(classes(&frames), ["StructuredMessage", "SessionResponse"]);
    assert_eq!(frames[0]["body"]["events"][0]["presence"]["type"], "SignIn");
    assert_eq!(frames[0]["body"]["channel"]["from"]["firstName"], "ada");
    assert_eq!(
        (&frames[1]["body"]["newSession"], &frames[1]["body"]["clearedExistingSession"]),
        (&json!(false), &json!(false))
    );
    let jwt = world.jwt(guest, "t");
    assert_eq!(world.history(&jwt, "")["total"], 2);
}

#[test]
fn a_step_up_with_a_new_token_stays_with_the_sockets_session() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    world.say(guest, "t", "before");
    let tokens = exchange(&mut world, "ada");
    world.send(guest, &configure("another", &tokens["jwt"]));
    world.take(guest);
    assert_eq!(world.say(guest, "another", "after")["code"], 200);
    let jwt = world.jwt(guest, "another");
    assert_eq!(world.history(&jwt, "")["total"], 3);
}

#[test]
fn a_step_up_ends_the_users_session_elsewhere() {
    let mut world = World::quiet();
    let tokens = exchange(&mut world, "ada");
    let elsewhere = world.open();
    world.ask(elsewhere, configure("old", &tokens["jwt"]));
    let guest = world.guest("t");
    world.take(guest);
    world.send(guest, &configure("t", &tokens["jwt"]));
    let closed = world.take(elsewhere);
    assert_eq!(
        (&closed[0]["class"], &closed[0]["body"]["reason"]),
        (&json!("ConnectionClosedEvent"), &json!("signedIn"))
    );
    assert!(world.closed.contains_key(&elsewhere));
    assert_eq!(world.take(guest)[1]["body"]["clearedExistingSession"], true);
}

#[test]
fn a_step_up_is_refused_in_words_that_clients_match_where_it_is_off() {
    let mut world = World::quiet();
    world.set(json!({"session_upgrade": false}));
    let guest = world.guest("t");
    let tokens = exchange(&mut world, "ada");
    let answer = world.ask(guest, configure("t", &tokens["jwt"]));
    assert_eq!(answer["code"], 403);
    assert!(answer["body"].as_str().expect("a sentence").starts_with("Session authentication failed"));
}

#[test]
fn a_revoked_token_logs_every_connection_out() {
    let mut world = World::quiet();
    let tokens = exchange(&mut world, "ada");
    let guests = [world.open(), world.open()];
    for guest in guests {
        world.ask(guest, configure("t", &tokens["jwt"]));
    }
    let auth = format!("bearer {}", tokens["jwt"].as_str().expect("a jwt"));
    let revoke = |world: &mut World| {
        world.http("DELETE", "/api/v2/webdeployments/token/revoke", &[("authorization", &auth)], b"").status
    };
    assert_eq!(revoke(&mut world), 204);
    for guest in guests {
        assert_eq!(classes(&world.take(guest)), ["LogoutEvent"]);
        assert_eq!(world.say(guest, "t", "Hi")["code"], 4007);
    }
    assert_eq!(revoke(&mut world), 401);
    assert_eq!(post(&mut world, "refresh", &json!({"refreshToken": tokens["refreshToken"]})).0, 401);
}

#[test]
fn a_code_needs_its_redirect_uri_and_an_id_token_its_nonce() {
    let mut world = World::quiet();
    for oauth in [json!({"code": "ada"}), json!({"idToken": "ada"}), json!({"code": "", "redirectUri": "x"}), json!({})]
    {
        let body = json!({"deploymentId": DEPLOYMENT, "oauth": oauth});
        assert_eq!(post(&mut world, "oauthcodegrantjwtexchange", &body).0, 400, "{oauth}");
    }
}

#[test]
fn a_refused_code_and_a_broken_body_are_told_apart() {
    let mut world = World::quiet();
    let body = json!({"deploymentId": DEPLOYMENT, "oauth": {"code": "invalid", "redirectUri": "https://shop.example.test/cb"}});
    assert_eq!(post(&mut world, "oauthcodegrantjwtexchange", &body).0, 401);
    assert_eq!(world.http("POST", "/api/v2/webdeployments/token/refresh", &[], b"{").status, 400);
}

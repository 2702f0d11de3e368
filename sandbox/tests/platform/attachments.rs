use guest_messenger_sandbox::ConnectionId;
use serde_json::{Value, json};

use crate::world::{World, classes};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest";

fn announce(name: &str, mime: &str, size: usize) -> Value {
    json!({"action": "onAttachment", "token": "t", "fileName": name, "fileType": mime, "fileSize": size, "errorsAsJson": true, "tracingId": "f"})
}

/// The path and query of an address at the world's host.
fn path_of(url: &Value) -> String {
    url.as_str().and_then(|url| url.strip_prefix("http://127.0.0.1:8080")).expect("an address at this host").to_owned()
}

fn put(world: &mut World, presigned: &Value, mime: &str, bytes: &[u8]) -> u16 {
    let tagging = presigned["body"]["headers"]["x-amz-tagging"].as_str().expect("a header").to_owned();
    let headers = [("content-type", mime), ("x-amz-tagging", tagging.as_str())];
    world.http("PUT", &path_of(&presigned["body"]["url"]), &headers, bytes).status
}

fn upload(world: &mut World, guest: ConnectionId) -> Value {
    let presigned = world.ask(guest, announce("a.png", "image/png", PNG.len()));
    assert_eq!(put(world, &presigned, "image/png", PNG), 200);
    world.wait(100);
    world.take(guest).pop().expect("an upload event")
}

#[test]
fn an_upload_address_has_headers_and_a_download_address_has_none() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    let presigned = world.ask(guest, announce("a.png", "image/png", PNG.len()));
    assert_eq!(presigned["class"], "PresignedUrlResponse");
    assert_eq!(presigned["tracingId"], "f");
    assert!(!presigned["body"]["headers"].as_object().expect("headers").is_empty());
    assert_eq!(put(&mut world, &presigned, "image/png", PNG), 200);
    world.wait(100);
    let id = presigned["body"]["attachmentId"].clone();
    world.take(guest);
    let fresh = world.ask(guest, json!({"action": "getAttachment", "token": "t", "attachmentId": id}));
    assert_eq!(fresh["class"], "PresignedUrlResponse");
    assert_eq!((&fresh["body"]["headers"], &fresh["body"]["fileSize"]), (&json!({}), &json!(PNG.len())));
    assert_eq!(world.get(&path_of(&fresh["body"]["url"]), &[]).body, PNG);
}

#[test]
fn a_file_is_uploaded_named_in_a_message_and_downloaded() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    let event = upload(&mut world, guest);
    assert_eq!(event["class"], "UploadSuccessEvent");
    let id = &event["body"]["attachmentId"];
    let content = json!([{"contentType": "Attachment", "attachment": {"id": id}}]);
    let echo = world.message(guest, "t", json!({"content": content}));
    assert_eq!(echo["body"]["type"], "Text");
    assert!(echo["body"].get("text").is_none());
    let attachment = &echo["body"]["content"][0]["attachment"];
    assert_eq!(
        (&attachment["filename"], &attachment["mime"], &attachment["mediaType"]),
        (&json!("a.png"), &json!("image/png"), &json!("Image"))
    );
    let answer = world.get(&path_of(&attachment["url"]), &[]);
    assert_eq!((answer.status, answer.body.as_slice()), (200, PNG));
}

#[test]
fn the_legacy_list_of_attachment_ids_is_read() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    let id = upload(&mut world, guest)["body"]["attachmentId"].clone();
    let echo = world.ask(guest, json!({"action": "onMessage", "token": "t", "attachmentIds": [id], "message": {"type": "Text", "text": "file attached"}}));
    assert_eq!(echo["body"]["content"][0]["attachment"]["id"], id);
}

#[test]
fn a_file_that_is_not_there_yet_cannot_be_sent() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    let presigned = world.ask(guest, announce("a.png", "image/png", PNG.len()));
    let content = |id: &Value| json!({"content": [{"contentType": "Attachment", "attachment": {"id": id}}]});
    assert_eq!(world.message(guest, "t", content(&presigned["body"]["attachmentId"]))["code"], 4010);
    assert_eq!(world.message(guest, "t", content(&json!("unknown")))["code"], 4009);
}

#[test]
fn another_guests_file_is_not_found() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    let id = upload(&mut world, guest)["body"]["attachmentId"].clone();
    let other = world.guest("u");
    let answer = world.ask(other, json!({"action": "getAttachment", "token": "u", "attachmentId": id}));
    assert_eq!(answer["code"], 4009);
}

#[test]
fn bytes_that_do_not_fit_their_type_or_size_fail_after_the_upload() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    for (bytes, code) in [(&b"<svg></svg> "[..], 4003), (&b"\x89PNG"[..], 4002)] {
        let presigned = world.ask(guest, announce("a.png", "image/png", PNG.len()));
        assert_eq!(put(&mut world, &presigned, "image/png", bytes), 200, "the upload itself proves nothing");
        world.wait(100);
        let event = world.take(guest).pop().expect("an event");
        assert_eq!((&event["class"], &event["body"]["errorCode"]), (&json!("UploadFailureEvent"), &json!(code)));
    }
}

#[test]
fn an_upload_needs_its_signature_its_header_and_its_type() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    let presigned = world.ask(guest, announce("a.png", "image/png", PNG.len()));
    let path = path_of(&presigned["body"]["url"]);
    let tagging = presigned["body"]["headers"]["x-amz-tagging"].as_str().expect("a header");
    let good = [("content-type", "image/png"), ("x-amz-tagging", tagging)];
    assert_eq!(world.http("PUT", &path, &good[..1], PNG).status, 403);
    assert_eq!(world.http("PUT", &path, &[("content-type", "text/html"), good[1]], PNG).status, 403);
    assert_eq!(world.http("PUT", &path.replace("signature=", "signature=0"), &good, PNG).status, 403);
    world.wait(600_001);
    assert_eq!(world.http("PUT", &path, &good, PNG).status, 403);
}

#[test]
fn a_download_address_runs_out_after_ten_minutes() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    let path = path_of(&upload(&mut world, guest)["body"]["downloadUrl"]);
    world.wait(599_000);
    assert_eq!(world.get(&path, &[]).status, 200);
    world.wait(2000);
    assert_eq!(world.get(&path, &[]).status, 403);
}

#[test]
fn only_plain_pictures_are_shown_in_place() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    world.take(guest);
    let file = |name: &str, mime: &str| json!({"file": {"name": name, "mime": mime, "base64": "PHN2Zz48L3N2Zz4="}});
    for (name, mime, shown) in [
        ("a.png", "image/png", "inline"),
        ("a.svg", "image/svg+xml", "attachment"),
        ("a.html", "text/html", "attachment"),
    ] {
        assert_eq!(world.control("POST", "/conversations/c1/messages", &file(name, mime)).0, 201);
        let frame = world.take(guest).pop().expect("a message");
        let answer = world.get(&path_of(&frame["body"]["content"][0]["attachment"]["url"]), &[]);
        let disposition = answer.headers.iter().find(|(header, _)| header == "content-disposition").expect("a header");
        assert!(disposition.1.starts_with(shown), "{mime}: {}", disposition.1);
    }
}

#[test]
fn files_that_break_a_rule_are_refused_with_their_code() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    let long = format!("{}.png", "a".repeat(1020));
    let cases = [
        (announce("a.exe", "application/x-msdownload", 5), 4001),
        (announce("A.EXE", "image/png", 5), 4001),
        (announce("a.png", "image/png", 10_240 * 1024 + 1), 4002),
        (announce("a.png", "image/png", 0), 4102),
        (announce("noextension", "image/png", 5), 4004),
        (announce("../a.png", "image/png", 5), 4004),
        (announce(&long, "image/png", 5), 4005),
    ];
    for (frame, code) in cases {
        let answer = world.ask(guest, frame);
        assert_eq!(
            (&answer["class"], &answer["type"], &answer["code"]),
            (&json!("GenerateUrlError"), &json!("response"), &json!(400))
        );
        assert_eq!(answer["body"]["errorCode"], code);
    }
}

#[test]
fn errors_come_as_sentences_unless_the_client_asks_for_json() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    let mut frame = announce("a.exe", "image/png", 5);
    frame["errorsAsJson"] = json!(false);
    let answer = world.ask(guest, frame);
    assert_eq!((&answer["class"], &answer["code"]), (&json!("string"), &json!(4001)));
}

#[test]
fn attachments_that_are_off_show_in_the_session_and_answer_4000() {
    let mut world = World::quiet();
    world.set(json!({"attachments": false}));
    let guest = world.open();
    assert_eq!(world.configure(guest, "t")["body"]["allowedMedia"]["inbound"], json!({}));
    assert_eq!(world.ask(guest, announce("a.png", "image/png", 5))["body"]["errorCode"], 4000);
}

#[test]
fn a_file_can_be_deleted_until_it_is_sent() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    let delete = |id: &Value| json!({"action": "deleteAttachment", "token": "t", "attachmentId": id, "tracingId": "d"});
    let unsent = upload(&mut world, guest)["body"]["attachmentId"].clone();
    let answer = world.ask(guest, delete(&unsent));
    assert_eq!(
        (&answer["class"], &answer["body"]["attachmentId"], &answer["tracingId"]),
        (&json!("AttachmentDeletedResponse"), &unsent, &json!("d"))
    );
    assert_eq!(world.ask(guest, delete(&unsent))["code"], 4009);

    let sent = upload(&mut world, guest)["body"]["attachmentId"].clone();
    world.message(guest, "t", json!({"content": [{"contentType": "Attachment", "attachment": {"id": sent}}]}));
    assert_eq!(world.ask(guest, delete(&sent))["code"], 400);
}

#[test]
fn the_other_shapes_of_the_conflicting_classes_are_a_setting() {
    let mut world = World::quiet();
    world.set(json!({"alternate_types": true}));
    let guest = world.guest("t");
    let answer = world.ask(guest, announce("a.exe", "image/png", 5));
    assert_eq!((&answer["type"], &answer["code"]), (&json!("message"), &json!(200)));
    world.fault(json!({"kind": "expire"}));
    let frames = world.take(guest);
    assert_eq!(classes(&frames), ["SessionExpiredEvent"]);
    assert_eq!(frames[0]["type"], "message");
}

#[test]
fn only_the_types_and_sizes_of_the_session_are_taken() {
    let mut world = World::quiet();
    world.set(json!({"file_types": ["image/*", "application/pdf"], "file_max_kb": 1}));
    let guest = world.open();
    let media =
        json!({"inbound": {"fileTypes": [{"type": "image/*"}, {"type": "application/pdf"}], "maxFileSizeKB": 1}});
    assert_eq!(world.configure(guest, "t")["body"]["allowedMedia"], media);
    for (frame, code) in [
        (announce("a.mp3", "audio/mpeg", 5), 4001),
        (announce("a.png", "image", 5), 4001),
        (announce("a.exe. ", "image/png", 5), 4001),
        (announce("a.png", "image/png", 1025), 4002),
    ] {
        assert_eq!(world.ask(guest, frame)["body"]["errorCode"], code);
    }
    for frame in [announce("a.PDF", "Application/PDF", 1024), announce("a.png", "image/png", 5)] {
        assert_eq!(world.ask(guest, frame)["class"], "PresignedUrlResponse");
    }
}

#[test]
fn an_older_deployment_lists_its_types_and_its_sessions_say_nothing() {
    let mut world = World::quiet();
    world.set(json!({"files_by_modes": true, "file_types": ["image/png"]}));
    let config = world.get("/webdeployments/v1/deployments/7d1c2f0e-5b1a-4c39-9a77-2f6b0e9c41d3/config.json", &[]);
    let config: Value = serde_json::from_slice(&config.body).expect("JSON");
    let modes = json!({"modes": [{"fileTypes": ["image/png"], "maxFileSizeKB": 10_240}]});
    assert_eq!(config["messenger"]["fileUpload"], modes);
    let guest = world.open();
    assert_eq!(world.configure(guest, "t")["body"]["allowedMedia"], json!({"inbound": {}}));
    assert_eq!(world.ask(guest, announce("a.png", "image/png", 5))["class"], "PresignedUrlResponse");
}

#[test]
fn addresses_can_be_made_to_expire_and_fresh_ones_are_good() {
    let mut world = World::quiet();
    let guest = world.guest("t");
    let event = upload(&mut world, guest);
    let old = path_of(&event["body"]["downloadUrl"]);
    world.fault(json!({"kind": "expire_files"}));
    let answer = world.get(&old, &[]);
    assert_eq!((answer.status, String::from_utf8_lossy(&answer.body).contains("4008")), (403, true));
    world.wait(1);
    let id = &event["body"]["attachmentId"];
    let fresh = world.ask(guest, json!({"action": "getAttachment", "token": "t", "attachmentId": id}));
    assert_eq!(world.get(&path_of(&fresh["body"]["url"]), &[]).status, 200);
}

#[test]
fn a_file_in_no_message_is_gone_after_fifteen_days() {
    let mut world = World::quiet();
    world.set(json!({"session_duration_s": 100 * 86_400}));
    let guest = world.guest("t");
    let (kept, lost) = (upload(&mut world, guest), upload(&mut world, guest));
    let (kept, lost) = (&kept["body"]["attachmentId"], &lost["body"]["attachmentId"]);
    world.message(guest, "t", json!({"content": [{"contentType": "Attachment", "attachment": {"id": kept}}]}));
    let ask = |id: &Value| json!({"action": "getAttachment", "token": "t", "attachmentId": id});
    world.wait(15 * 86_400_000 - 1_000);
    assert_eq!(world.ask(guest, ask(lost))["class"], "PresignedUrlResponse");
    world.wait(1_000);
    assert_eq!(world.ask(guest, ask(lost))["code"], 4009);
    assert_eq!(world.ask(guest, ask(kept))["class"], "PresignedUrlResponse");
}

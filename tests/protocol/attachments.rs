//! Files on the wire, against sections 4.6, 5.3, 10, 15 and 17 of the reference.

use guest_messenger::engine::EngineOutput;
use guest_messenger::protocol::json::Json;
use guest_messenger::session::attachments::UploadState;
use guest_messenger::session::content::{FileKind, Item};
use guest_messenger::session::files::{File, FileFlaw, FileRules};
use guest_messenger::session::ids::FileId;
use guest_messenger::session::input::{Command, Input, UploadNews};

use crate::corpus::rows;
use crate::harness::{CONFIG, TestEngine};

const FILE: &str = "a7a7a7a7-0000-4000-8000-0000000000a1";
const CONFIGURED: &str = r#"{"type":"response","class":"SessionResponse","code":200,"body":{"connected":true,"newSession":true,
    "allowedMedia":{"inbound":{"fileTypes":[{"type":"image/*"},{"type":"application/pdf"}],"maxFileSizeKB":10240.0}},
    "blockedExtensions":[".exe"]}}"#;

/// Connected, with a configuration whose `fileUpload` is this.
fn with(file_upload: &str, session: &str) -> TestEngine {
    let mut test = TestEngine::fresh();
    test.command(Command::OpenPanel);
    let call = test.take_call();
    let config = CONFIG.replacen(r#""apps""#, &format!(r#""fileUpload":{file_upload},"apps""#), 1);
    test.answer(&call, 200, &config);
    test.wire(guest_messenger::protocol::wire::WireInput::SocketOpened);
    test.receive(session);
    test.actions.clear();
    test.events.clear();
    test
}

fn live() -> TestEngine {
    with(r#"{"enableAttachments":true,"modes":[]}"#, CONFIGURED)
}

fn file(name: &str, mime: &str, size_bytes: u64) -> File {
    File { id: FileId(1), name: name.to_owned(), mime: mime.to_owned(), size_bytes }
}

/// Offers a file and answers the frame that did it.
fn offer(test: &mut TestEngine) -> Json {
    test.command(Command::Attach { file: file("receipt.png", "image/png", 48_213), flaw: None });
    test.take_frame()
}

fn state(test: &TestEngine) -> Option<UploadState> {
    test.engine.view().uploads.first().map(|upload| upload.state)
}

fn frame_of_corpus(name: &str) -> Json {
    let rows = rows("GUEST_FRAMES", "guest-frames.jsonl");
    let row = rows.iter().find(|row| row.text("name") == Some(name)).unwrap_or_else(|| panic!("no frame {name}"));
    row.get("frame").cloned().unwrap()
}

/// The frame of the reference's corpus that has this name, about this file.
fn sample(name: &str, id: &str) -> String {
    frame_of_corpus(name)
        .write()
        .replace(FILE, id)
        .replace("5f0d0027-1111-4a2b-8c3d-000000000027", id)
        .replace("5f0d0029-1111-4a2b-8c3d-000000000029", id)
}

#[test]
fn a_file_is_offered_with_name_type_size_and_an_id_of_ours_that_is_the_tracing_id_too() {
    let mut test = live();
    let frame = offer(&mut test);
    assert_eq!(frame.text("action"), Some("onAttachment"));
    assert_eq!((frame.text("fileName"), frame.text("fileType")), (Some("receipt.png"), Some("image/png")));
    assert_eq!((frame.integer("fileSize"), frame.bool("errorsAsJson")), (Some(48_213), Some(true)));
    assert_eq!(frame.text("attachmentId").map(str::len), Some(36));
    assert_eq!(frame.text("tracingId"), frame.text("attachmentId"));
    assert_eq!(frame.text("token"), Some("guest-token"));
}

#[test]
fn an_answer_with_headers_is_where_to_bring_the_file() {
    let mut test = live();
    let id = offer(&mut test).owned("attachmentId").unwrap();
    test.receive(&sample("PresignedUrlResponse.upload.minimal", &id));
    let [EngineOutput::Upload { file: FileId(1), url, headers }] = test.files.as_slice() else {
        panic!("{:?}", test.files)
    };
    assert_eq!(url.expose(), "https://uploads.example.test/bucket/a7a7?X-Sig=abc");
    assert_eq!(headers.expose(), "x-amz-tagging: abc\n");
    assert_eq!(state(&test), Some(UploadState::Uploading { sent_bytes: 0 }));
}

#[test]
fn an_uploaded_file_is_named_in_the_message_as_the_reference_has_it() {
    let mut test = live();
    let id = offer(&mut test).owned("attachmentId").unwrap();
    test.receive(&sample("PresignedUrlResponse.upload.minimal", &id));
    test.session(Input::Upload { file: FileId(1), news: UploadNews::Done });
    test.receive(&sample("UploadSuccessEvent.unknown-attachment", &id));
    assert_eq!(state(&test), Some(UploadState::Checking), "another file's success is not this one's");
    test.receive(&sample("UploadSuccessEvent", &id));
    assert_eq!(state(&test), Some(UploadState::Uploaded));
    test.command(Command::SendWithFiles("Here is the photo".to_owned()));
    let frame = test.take_frame();
    let message = frame.get("message").unwrap();
    let expected = frame_of_corpus("onMessage.attachment-with-text");
    let expected = expected.get("message").unwrap();
    assert_eq!((message.text("type"), message.text("text")), (expected.text("type"), expected.text("text")));
    assert_eq!(
        Json::List(message.list("content").to_vec()).write().replace(&id, FILE),
        Json::List(expected.list("content").to_vec()).write()
    );
}

#[test]
fn each_refusal_of_a_file_is_told_by_its_code_in_every_form() {
    let codes = [
        (4000, FileFlaw::Unavailable),
        (4001, FileFlaw::Type),
        (4002, FileFlaw::TooLarge),
        (4003, FileFlaw::Content),
        (4004, FileFlaw::Name),
        (4005, FileFlaw::NameTooLong),
        (4102, FileFlaw::Empty),
        (400, FileFlaw::Refused),
        (403, FileFlaw::Refused),
        (5000, FileFlaw::Refused),
    ];
    for (code, flaw) in codes {
        let forms = [
            r#"{"type":"response","class":"GenerateUrlError","code":400,"body":{"errorCode":CODE,"errorMessage":"no","attachmentId":"ID"}}"#,
            r#"{"type":"message","class":"GenerateUrlError","code":200,"body":{"errorCode":CODE,"errorMessage":"no"},"tracingId":"ID"}"#,
            r#"{"type":"message","class":"UploadFailureEvent","code":200,"body":{"errorCode":CODE,"errorMessage":"no","attachmentId":"ID"}}"#,
            r#"{"type":"response","class":"string","code":CODE,"body":"no","tracingId":"ID"}"#,
        ];
        for form in forms {
            let mut test = live();
            let id = offer(&mut test).owned("attachmentId").unwrap();
            test.receive(&form.replace("CODE", &code.to_string()).replace("ID", &id));
            assert_eq!(state(&test), Some(UploadState::Failed(flaw)), "{form} {code}");
            assert_eq!(test.events, [], "it is told at the file");
        }
    }
}

#[test]
fn too_many_requests_for_a_file_make_it_wait_as_long_as_the_platform_says() {
    let mut test = live();
    let id = offer(&mut test).owned("attachmentId").unwrap();
    test.receive(&format!(
        r#"{{"type":"response","class":"TooManyRequestsErrorMessage","code":429,"tracingId":"{id}","body":{{"retryAfter":3,"errorCode":4029,"errorMessage":"slow"}}}}"#
    ));
    assert_eq!(state(&test), Some(UploadState::Waiting));
    test.advance(2_999);
    assert_eq!(test.take_frames().len(), 0);
    test.advance(1);
    assert_eq!(test.take_frame().text("action"), Some("onAttachment"));
}

#[test]
fn a_session_that_is_gone_is_gone_whatever_was_asked() {
    let mut test = live();
    let id = offer(&mut test).owned("attachmentId").unwrap();
    test.receive(&format!(
        r#"{{"type":"response","class":"string","code":4007,"body":"no session","tracingId":"{id}"}}"#
    ));
    assert_eq!(state(&test), None);
    assert!(!test.engine.view().phase.can_write());
}

#[test]
fn a_file_that_is_not_wanted_after_all_is_deleted() {
    let mut test = live();
    let id = offer(&mut test).owned("attachmentId").unwrap();
    test.receive(&sample("PresignedUrlResponse.upload.minimal", &id));
    test.receive(&sample("UploadSuccessEvent", &id));
    test.command(Command::RemoveFile(FileId(1)));
    let frame = test.take_frame();
    assert_eq!((frame.text("action"), frame.text("attachmentId")), (Some("deleteAttachment"), Some(id.as_str())));
    test.receive(&sample("AttachmentDeletedResponse.type-response", &id));
    assert_eq!((state(&test), test.events.len()), (None, 0));
}

#[test]
fn an_answer_without_headers_is_a_fresh_address_of_a_file_that_is_there() {
    let mut test = live();
    test.receive(&sample("StructuredMessage.attachment.echo-only", FILE));
    test.command(Command::FetchFile { id: FILE.to_owned(), opens: false });
    let frame = test.take_frame();
    assert_eq!((frame.text("action"), frame.text("attachmentId")), (Some("getAttachment"), Some(FILE)));
    test.receive(&sample("PresignedUrlResponse.download-refresh", FILE));
    let url = test.engine.view().transcript.file_address(FILE).map(|url| url.expose().to_owned());
    assert_eq!(url.as_deref(), Some("https://api.example.test/api/v2/downloads/99?sig=new"));
}

#[test]
fn an_expired_file_that_is_not_given_out_has_no_address_any_more() {
    let mut test = live();
    test.receive(&sample("StructuredMessage.attachment.echo-only", FILE));
    assert!(test.engine.view().transcript.file_address(FILE).is_some());
    test.command(Command::FetchFile { id: FILE.to_owned(), opens: true });
    test.receive(&sample("error.4008.attachment-expired", FILE));
    assert_eq!(test.engine.view().transcript.file_address(FILE), None);
    assert_eq!(test.files.len(), 0);
}

#[test]
fn what_a_session_takes_is_read_with_numbers_of_any_kind_and_nothing_is_none() {
    let test = live();
    assert_eq!(test.engine.session().check_file(&file("a.PNG", "image/png", 10_240_000)), Ok(()));
    assert_eq!(test.engine.session().check_file(&file("a.png", "image/png", 10_240_001)), Err(FileFlaw::TooLarge));
    assert_eq!(test.engine.session().check_file(&file("a.exe", "image/png", 1)), Err(FileFlaw::Type));
    for body in [
        r#"{"connected":true,"newSession":true}"#,
        r#"{"connected":true,"allowedMedia":{"inbound":{}}}"#,
        r#"{"connected":true,"allowedMedia":7}"#,
    ] {
        let session = format!(r#"{{"type":"response","class":"SessionResponse","code":200,"body":{body}}}"#);
        let test = with(r#"{"enableAttachments":true}"#, &session);
        assert!(!test.engine.view().takes_files, "{body}");
    }
}

#[test]
fn a_deployment_without_the_switch_has_rules_of_its_own_and_one_that_is_off_has_none() {
    let old =
        r#"{"modes":[{"fileTypes":["image/png"],"maxFileSizeKB":10},{"fileTypes":["text/plain"],"maxFileSizeKB":20}]}"#;
    let test = with(old, &CONFIGURED.replace("image/*", "nothing/else"));
    let rules = FileRules {
        types: vec!["image/png".to_owned(), "text/plain".to_owned()],
        size_max_kb: 20,
        blocked_extensions: Vec::new(),
    };
    assert_eq!(test.engine.view().deployment.unwrap().file_rules, rules);
    assert_eq!(test.engine.session().check_file(&file("a.txt", "text/plain", 20_000)), Ok(()));
    assert_eq!(test.engine.session().check_file(&file("a.pdf", "application/pdf", 1)), Err(FileFlaw::Type));
    let off = r#"{"enableAttachments":false,"modes":[{"fileTypes":["image/png"],"maxFileSizeKB":10}]}"#;
    assert!(!with(off, CONFIGURED).engine.view().takes_files);
    assert!(!with("{}", CONFIGURED).engine.view().takes_files);
}

#[test]
fn files_are_pictures_recordings_films_or_just_files_and_what_can_hold_script_is_just_a_file() {
    let kind = |fields: &str| {
        let mut test = live();
        test.receive(&format!(
            r#"{{"type":"message","class":"StructuredMessage","code":200,"body":{{"id":"1","type":"Text","direction":"Outbound","content":[{{"contentType":"Attachment","attachment":{{{fields}}}}}]}}}}"#
        ));
        let items = test.engine.view().transcript.entries()[0].body.items.clone();
        let [Item::Attachment(file)] = items.as_slice() else { panic!("{items:?}") };
        file.kind
    };
    assert_eq!(kind(r#""mediaType":"Image""#), FileKind::Image);
    assert_eq!(kind(r#""mediaType":"Image","mime":"image/png","filename":"a.png""#), FileKind::Image);
    assert_eq!(kind(r#""mediaType":"Audio","mime":"audio/ogg""#), FileKind::Audio);
    assert_eq!(kind(r#""mediaType":"Video","mime":"video/mp4""#), FileKind::Video);
    for fields in [
        r#""mediaType":"Image","mime":"image/svg+xml""#,
        r#""mediaType":"Image","mime":"IMAGE/SVG+XML""#,
        r#""mediaType":"Image","filename":"x.SVG""#,
        r#""mediaType":"Image","mime":"text/html""#,
        r#""mediaType":"Audio","mime":"video/mp4""#,
        r#""mediaType":"File","mime":"image/png""#,
        r#""mediaType":"Link","mime":"image/png""#,
        r#""mime":"image/png""#,
    ] {
        assert_eq!(kind(fields), FileKind::File, "{fields}");
    }
}

/// A text of the corpus, which may be written as how to make it.
fn made(value: &Json) -> String {
    match value.as_text() {
        Some(text) => text.to_owned(),
        None => {
            let count = usize::try_from(value.integer("count").unwrap_or_default()).unwrap();
            let part = |key| value.text(key).unwrap_or_default();
            [part("prefix"), &part("unit").repeat(count), part("suffix")].concat()
        }
    }
}

#[test]
fn corpus_every_hostile_file_is_refused_by_its_name_type_or_size_or_left_to_the_look_at_its_bytes() {
    let any = CONFIGURED.replace("image/*", "*/*").replace(r#"[".exe"]"#, r#"[".exe",".bat"]"#);
    let test = with(r#"{"enableAttachments":true}"#, &any);
    let rows = rows("HOSTILE_INPUTS", "hostile-inputs.jsonl");
    let mut refused = 0;
    for row in rows.iter().filter(|row| row.text("cat") == Some("upload")) {
        let (Some(input), Some(expected)) = (row.get("input"), row.text("expect")) else { continue };
        let (Some(name), Some(bytes)) = (input.get("name"), input.get("bytes")) else { continue };
        let size_bytes = match bytes.text("gen") {
            Some("bytes") => bytes.integer("count").unwrap().cast_unsigned(),
            _ => made(bytes).len() as u64,
        };
        let file = File { id: FileId(1), name: made(name), mime: input.owned("type").unwrap_or_default(), size_bytes };
        let checked = test.engine.session().check_file(&file);
        // What the bytes are is looked at where they are, and by the platform.
        if expected.starts_with("reject:") && !expected.contains("content") {
            assert!(checked.is_err(), "{:?} {expected}", row.text("id"));
            refused += 1;
        }
        // A kilobyte is a thousand bytes here: the largest file that it may mean is too large.
        if expected.starts_with("accept") && size_bytes < 10_240_000 && !file.name.contains('/') && size_bytes > 0 {
            assert_eq!(checked, Ok(()), "{:?} {expected}", row.text("id"));
        }
    }
    assert!(refused >= 8, "{refused} rows");
}

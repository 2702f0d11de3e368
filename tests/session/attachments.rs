//! Files of the visitor's: chosen, looked at, brought to the platform, sent.

use guest_messenger::session::attachments::UploadState;
use guest_messenger::session::content::{Attachment, Body, FileKind, Item};
use guest_messenger::session::deployment::Deployment;
use guest_messenger::session::error::ChatError;
use guest_messenger::session::files::{File, FileFlaw, FileRules};
use guest_messenger::session::ids::FileId;
use guest_messenger::session::input::{
    Command, Configured, FileRefusal, Input, Message, PlatformEvent, RejectionReason, UploadNews,
};
use guest_messenger::session::output::{Diff, Effect, Event, Request};
use guest_messenger::session::redact::Redacted;

use crate::harness::{TestSession, agent_message, configured, deployment};

fn rules() -> FileRules {
    FileRules {
        types: vec!["image/*".to_owned(), "application/pdf".to_owned()],
        size_max_kb: 10_240,
        blocked_extensions: vec![".exe".to_owned(), ".JS".to_owned()],
    }
}

fn with_files(is_new: bool) -> Configured {
    Configured { files: Some(rules()), ..configured(is_new) }
}

fn deployment_with_files() -> Deployment {
    Deployment { session_rules_files: true, ..deployment() }
}

/// A live conversation that takes pictures and documents.
fn live() -> TestSession {
    let mut test = TestSession::fresh();
    test.command(Command::OpenPanel);
    test.platform(PlatformEvent::DeploymentLoaded(deployment_with_files()));
    test.platform(PlatformEvent::LineOpened);
    test.platform(PlatformEvent::Configured(with_files(true)));
    test.forget_log();
    test
}

fn file(number: u32, name: &str, mime: &str, size_bytes: u64) -> File {
    File { id: FileId(number), name: name.to_owned(), mime: mime.to_owned(), size_bytes }
}

fn picture(number: u32) -> File {
    file(number, "photo.png", "image/png", 1_000)
}

fn attach(test: &mut TestSession, file: File) {
    let flaw = test.session.check_file(&file).err();
    test.command(Command::Attach { file, flaw });
}

/// The ids under which files were offered since the last look.
fn offered(test: &mut TestSession) -> Vec<String> {
    let as_offer = |request| match request {
        Request::OfferFile { id, .. } => Some(id),
        _ => None,
    };
    test.take_requests().into_iter().filter_map(as_offer).collect()
}

fn give_address(test: &mut TestSession, id: &str) {
    let (url, headers) = (Redacted::new("https://uploads.test/a"), Redacted::new("x-amz-tagging: a=b\n"));
    test.platform(PlatformEvent::UploadAddress { id: id.to_owned(), url, headers });
}

fn news(test: &mut TestSession, number: u32, news: UploadNews) {
    test.input(Input::Upload { file: FileId(number), news });
}

fn states(test: &TestSession) -> Vec<UploadState> {
    test.view().uploads.iter().map(|upload| upload.state).collect()
}

/// Chosen, brought there and found good. Answers its id.
fn upload(test: &mut TestSession, number: u32) -> String {
    attach(test, picture(number));
    let id = offered(test).pop().expect("an offer");
    give_address(test, &id);
    news(test, number, UploadNews::Done);
    test.platform(PlatformEvent::Uploaded { id: id.clone() });
    assert_eq!(states(test).last(), Some(&UploadState::Uploaded));
    test.forget_log();
    id
}

fn refuse(test: &mut TestSession, id: &str, flaw: FileFlaw) {
    test.platform(PlatformEvent::FileRefused { id: id.to_owned(), refusal: FileRefusal::Flawed(flaw) });
}

/// Lets time pass on a line that is alive.
fn pass(test: &mut TestSession, span_ms: u64) {
    let mut left_ms = span_ms;
    while left_ms > 0 {
        let step_ms = left_ms.min(10_000);
        test.advance(step_ms);
        test.platform(PlatformEvent::SignOfLife);
        left_ms -= step_ms;
    }
}

#[test]
fn a_file_is_offered_brought_there_looked_at_and_sent_in_this_order() {
    let mut test = live();
    attach(&mut test, picture(7));
    assert_eq!(states(&test), [UploadState::Asking]);
    let requests = test.take_requests();
    let [Request::OfferFile { id, name, mime, size_bytes: 1_000 }] = requests.as_slice() else {
        panic!("{requests:?}")
    };
    assert_eq!((name.as_str(), mime.as_str(), id.len()), ("photo.png", "image/png", 36));
    give_address(&mut test, id);
    let (url, headers) = (Redacted::new("https://uploads.test/a"), Redacted::new("x-amz-tagging: a=b\n"));
    assert_eq!(test.effects, [Effect::Upload { file: FileId(7), url, headers }]);
    news(&mut test, 7, UploadNews::Progress { sent_bytes: 400 });
    assert_eq!(states(&test), [UploadState::Uploading { sent_bytes: 400 }]);
    news(&mut test, 7, UploadNews::Done);
    assert_eq!(states(&test), [UploadState::Checking]);
    test.platform(PlatformEvent::Uploaded { id: id.clone() });
    assert_eq!(states(&test), [UploadState::Uploaded]);
    assert!(test.take_requests().is_empty(), "nothing names the file before it is sent");
    test.command(Command::SendWithFiles(" see this ".to_owned()));
    assert!(test.view().uploads.is_empty());
    let requests = test.take_requests();
    let [Request::Send { body, .. }] = requests.as_slice() else { panic!("{requests:?}") };
    assert_eq!(body.text.expose(), "see this");
    assert!(matches!(body.items.as_slice(), [Item::Attachment(file)] if file.id == *id && file.name == "photo.png"));
}

#[test]
fn a_message_waits_for_the_files_under_way_and_may_be_files_alone() {
    let mut test = live();
    assert_eq!(test.session.check_with_files(""), Err(ChatError::EMPTY_MESSAGE));
    attach(&mut test, picture(1));
    let id = offered(&mut test).remove(0);
    for step in 0..3 {
        assert_eq!(test.session.check_with_files("text"), Err(ChatError::FILES_UNDER_WAY), "step {step}");
        test.command(Command::SendWithFiles("text".to_owned()));
        assert_eq!(test.events.pop(), Some(Event::Error(ChatError::FILES_UNDER_WAY)));
        if step == 0 {
            give_address(&mut test, &id);
        } else if step == 1 {
            news(&mut test, 1, UploadNews::Done);
        }
    }
    assert!(test.view().transcript.is_empty());
    test.platform(PlatformEvent::Uploaded { id });
    assert_eq!(test.session.check_with_files(" "), Ok(()));
    test.command(Command::SendWithFiles(String::new()));
    assert_eq!(test.lines(), ["guest:  (sending)"]);
}

#[test]
fn text_alone_goes_out_while_files_are_under_way_and_leaves_them() {
    let mut test = live();
    attach(&mut test, picture(1));
    test.take_requests();
    test.send("meanwhile");
    assert_eq!(states(&test), [UploadState::Asking]);
}

#[test]
fn what_is_wrong_with_a_file_is_found_before_the_platform_is_asked() {
    let mut test = live();
    let long = format!("{}.png", "a".repeat(1_020));
    let cases = [
        (file(1, "empty.png", "image/png", 0), FileFlaw::Empty),
        (file(2, "big.png", "image/png", 10_240_001), FileFlaw::TooLarge),
        (file(3, "song.mp3", "audio/mpeg", 1), FileFlaw::Type),
        (file(4, "x.jpg.exe", "image/jpeg", 1), FileFlaw::Type),
        (file(5, "x.exe. ", "image/jpeg", 1), FileFlaw::Type),
        (file(6, "X.Js", "image/png", 1), FileFlaw::Type),
        (file(7, "noextension", "image/png", 1), FileFlaw::NoExtension),
        (file(8, "dot.", "image/png", 1), FileFlaw::NoExtension),
        (file(9, "", "image/png", 1), FileFlaw::NoExtension),
        (file(10, &long, "image/png", 1), FileFlaw::NameTooLong),
        (file(11, "x.php%00.png", "image/png", 1), FileFlaw::Name),
        (file(12, "\u{202e}gnp.exe", "image/png", 1), FileFlaw::Name),
        (file(13, "..\\..\\x.png", "image/png", 1), FileFlaw::Name),
        (file(14, "x.exe::$DATA", "image/png", 1), FileFlaw::Name),
        (file(15, "a\nb.png", "image/png", 1), FileFlaw::Name),
        (file(16, "\0.png", "image/png", 1), FileFlaw::Name),
        (file(17, "up/here.png", "image/png", 1), FileFlaw::Name),
        (file(18, "x.png", "imag", 1), FileFlaw::Type),
        (file(19, "x.png", "", 1), FileFlaw::Type),
    ];
    for (file, flaw) in cases {
        let name = file.name.clone();
        attach(&mut test, file);
        assert_eq!(test.view().uploads.last().unwrap().state, UploadState::Failed(flaw), "{name:?}");
    }
    assert_eq!(test.take_requests(), []);
}

#[test]
fn a_file_at_the_limits_is_offered() {
    let test = live();
    let long = format!("{}.png", "ä".repeat(1_019));
    for file in [
        file(1, "exact.png", "image/png", 10_240_000),
        file(2, &long, "image/png", 1),
        file(3, "50% off.PNG", "IMAGE/PNG", 1),
        file(4, "report.pdf", "application/pdf", 1),
        file(5, "файл отчёт.svg", "image/svg+xml", 1),
        file(6, "\u{2028}.png", "image/png", 1),
    ] {
        assert_eq!(test.session.check_file(&file), Ok(()), "{:?}", file.name);
    }
}

#[test]
fn any_type_is_taken_where_the_session_says_so() {
    let mut test = live();
    let types = vec!["*/*".to_owned()];
    let files = Some(FileRules { types, ..rules() });
    test.platform(PlatformEvent::Configured(Configured { files, ..configured(false) }));
    assert_eq!(test.session.check_file(&file(1, "a.bin", "application/octet-stream", 1)), Ok(()));
    assert_eq!(test.session.check_file(&file(1, "a.exe", "application/octet-stream", 1)), Err(FileFlaw::Type));
}

#[test]
fn files_are_taken_where_deployment_and_session_say_so() {
    let taken = |deployment: Deployment, files| {
        let mut test = TestSession::fresh();
        test.command(Command::OpenPanel);
        test.platform(PlatformEvent::DeploymentLoaded(deployment));
        assert!(!test.view().takes_files || !test.session.view().deployment.unwrap().session_rules_files);
        test.platform(PlatformEvent::LineOpened);
        test.platform(PlatformEvent::Configured(Configured { files, ..configured(true) }));
        let flaw = test.session.check_file(&picture(1)).err();
        assert_eq!(test.view().takes_files, flaw != Some(FileFlaw::Unavailable));
        test.view().takes_files
    };
    assert!(taken(deployment_with_files(), Some(rules())));
    assert!(!taken(deployment_with_files(), Some(FileRules::default())));
    assert!(!taken(deployment_with_files(), Some(FileRules { size_max_kb: 0, ..rules() })));
    assert!(!taken(deployment_with_files(), None));
    assert!(!taken(deployment(), Some(rules())), "the deployment has it switched off");
    assert!(taken(Deployment { file_rules: rules(), ..deployment() }, Some(FileRules::default())), "an older one");
}

#[test]
fn whether_files_are_taken_is_painted_when_it_changes() {
    let mut test = live();
    assert!(test.view().takes_files);
    test.platform(PlatformEvent::Configured(Configured { files: Some(FileRules::default()), ..configured(false) }));
    assert!(!test.view().takes_files);
    assert!(test.diffs.contains(&Diff::Status));
}

#[test]
fn three_files_are_under_way_at_a_time_and_the_next_follows() {
    let mut test = live();
    for number in 1..=5 {
        attach(&mut test, picture(number));
    }
    let ids = offered(&mut test);
    assert_eq!(ids.len(), 3);
    refuse(&mut test, &ids[1], FileFlaw::Content);
    assert_eq!(offered(&mut test).len(), 1);
    assert_eq!(states(&test)[1], UploadState::Failed(FileFlaw::Content));
    assert_eq!(states(&test)[4], UploadState::Waiting);
}

#[test]
fn several_files_go_out_in_one_message_and_one_that_failed_stays() {
    let mut test = live();
    let first = upload(&mut test, 1);
    attach(&mut test, picture(2));
    let refused = offered(&mut test).remove(0);
    refuse(&mut test, &refused, FileFlaw::Type);
    let third = upload(&mut test, 3);
    test.command(Command::SendWithFiles("two".to_owned()));
    let requests = test.take_requests();
    let [Request::Send { body, .. }] = requests.as_slice() else { panic!("{requests:?}") };
    let id_of = |item: &Item| if let Item::Attachment(file) = item { file.id.clone() } else { String::new() };
    assert_eq!(body.items.iter().map(id_of).collect::<Vec<_>>(), [first, third]);
    assert_eq!(states(&test), [UploadState::Failed(FileFlaw::Type)]);
}

#[test]
fn a_file_that_is_there_and_not_wanted_is_deleted_and_an_earlier_one_only_forgotten() {
    let mut test = live();
    let id = upload(&mut test, 1);
    test.command(Command::RemoveFile(FileId(1)));
    assert_eq!(test.take_requests(), [Request::DropFile { id }]);
    attach(&mut test, picture(2));
    let id = offered(&mut test).remove(0);
    give_address(&mut test, &id);
    test.command(Command::RemoveFile(FileId(2)));
    assert!(test.view().uploads.is_empty());
    test.platform(PlatformEvent::Uploaded { id });
    news(&mut test, 2, UploadNews::Done);
    assert_eq!(test.take_requests(), []);
    assert!(test.view().uploads.is_empty());
}

#[test]
fn an_upload_that_fails_is_tried_again_under_another_id_when_the_visitor_says_so() {
    let mut test = live();
    attach(&mut test, picture(1));
    let first = offered(&mut test).remove(0);
    give_address(&mut test, &first);
    news(&mut test, 1, UploadNews::Failed);
    assert_eq!(states(&test), [UploadState::Failed(FileFlaw::Interrupted)]);
    pass(&mut test, 60_000);
    assert_eq!(offered(&mut test), [""; 0]);
    test.command(Command::RetryFile(FileId(1)));
    let second = offered(&mut test).remove(0);
    assert_ne!(first, second);
    give_address(&mut test, &first);
    assert_eq!(states(&test), [UploadState::Asking], "the address of the first attempt is nobody's");
}

#[test]
fn a_file_with_a_flaw_of_its_own_is_not_tried_again() {
    let mut test = live();
    attach(&mut test, file(1, "empty.png", "image/png", 0));
    test.command(Command::RetryFile(FileId(1)));
    assert_eq!(test.take_requests(), []);
    assert_eq!(states(&test), [UploadState::Failed(FileFlaw::Empty)]);
}

#[test]
fn a_lost_line_lets_the_files_under_way_begin_anew_when_it_is_back() {
    let mut test = live();
    let ready = upload(&mut test, 1);
    attach(&mut test, picture(2));
    attach(&mut test, picture(3));
    let ids = offered(&mut test);
    give_address(&mut test, &ids[0]);
    news(&mut test, 2, UploadNews::Progress { sent_bytes: 500 });
    test.lose_line();
    assert_eq!(states(&test), [UploadState::Uploaded, UploadState::Waiting, UploadState::Waiting]);
    news(&mut test, 2, UploadNews::Done);
    assert_eq!(states(&test)[1], UploadState::Waiting, "what is heard of the bytes now means nothing");
    test.advance_until_asked(10_000);
    test.forget_log();
    test.platform(PlatformEvent::LineOpened);
    test.platform(PlatformEvent::Configured(with_files(false)));
    let again = offered(&mut test);
    assert_eq!(again.len(), 2);
    assert!(!again.contains(&ids[0]) && !again.contains(&ready));
}

#[test]
fn a_file_that_was_interrupted_three_times_waits_for_the_visitor() {
    let mut test = live();
    attach(&mut test, picture(1));
    for _ in 0..2 {
        test.lose_line();
        assert_eq!(states(&test), [UploadState::Waiting]);
        test.forget_log();
        test.advance_until_asked(60_000);
        test.platform(PlatformEvent::LineOpened);
        test.platform(PlatformEvent::Configured(with_files(false)));
        assert_eq!(states(&test), [UploadState::Asking]);
    }
    test.lose_line();
    assert_eq!(states(&test), [UploadState::Failed(FileFlaw::Interrupted)]);
}

#[test]
fn another_session_gets_the_files_anew_that_the_one_before_had() {
    let mut test = live();
    let id = upload(&mut test, 1);
    test.platform(PlatformEvent::Configured(with_files(true)));
    let again = offered(&mut test);
    assert_eq!(again.len(), 1);
    assert_ne!(again[0], id);
}

#[test]
fn an_answer_that_does_not_come_and_bytes_that_do_not_move_are_given_up() {
    let mut test = live();
    attach(&mut test, picture(1));
    pass(&mut test, 29_999);
    assert_eq!(states(&test), [UploadState::Asking]);
    pass(&mut test, 1);
    assert_eq!(states(&test), [UploadState::Failed(FileFlaw::Interrupted)]);
    test.command(Command::RetryFile(FileId(1)));
    let id = offered(&mut test).pop().unwrap();
    give_address(&mut test, &id);
    for sent_bytes in 1..4 {
        pass(&mut test, 29_000);
        news(&mut test, 1, UploadNews::Progress { sent_bytes });
    }
    assert_eq!(states(&test), [UploadState::Uploading { sent_bytes: 3 }]);
    pass(&mut test, 30_000);
    assert_eq!(states(&test), [UploadState::Failed(FileFlaw::Interrupted)]);
}

#[test]
fn the_platform_may_find_the_bytes_good_before_the_browser_has_heard_that_they_are_there() {
    let mut test = live();
    attach(&mut test, picture(1));
    let id = offered(&mut test).remove(0);
    give_address(&mut test, &id);
    test.platform(PlatformEvent::Uploaded { id });
    news(&mut test, 1, UploadNews::Failed);
    assert_eq!(states(&test), [UploadState::Uploaded]);
}

#[test]
fn a_platform_that_asks_to_slow_down_gets_the_file_later() {
    let mut test = live();
    attach(&mut test, picture(1));
    let id = offered(&mut test).remove(0);
    let refusal = FileRefusal::Busy { retry_after_ms: Some(7_000) };
    test.platform(PlatformEvent::FileRefused { id, refusal });
    assert_eq!(states(&test), [UploadState::Waiting]);
    test.advance(6_999);
    assert_eq!(offered(&mut test).len(), 0);
    test.advance(1);
    assert_eq!(offered(&mut test).len(), 1);
}

#[test]
fn a_conversation_that_is_over_has_no_place_for_files() {
    let mut test = live();
    upload(&mut test, 1);
    test.platform(PlatformEvent::Ended { read_only: true, id: None, time: None });
    assert!(test.view().uploads.is_empty());
    let mut test = live();
    upload(&mut test, 1);
    test.platform(PlatformEvent::Cleared);
    assert!(test.view().uploads.is_empty());
    assert!(test.diffs.contains(&Diff::Uploads));
}

#[test]
fn a_message_that_is_refused_for_its_file_fails_and_can_be_tried_again() {
    let mut test = live();
    upload(&mut test, 1);
    test.command(Command::SendWithFiles("file".to_owned()));
    let id = test.sent();
    test.reject(Some(&id), RejectionReason::Other);
    assert_eq!(test.lines(), ["guest: file (failed)"]);
    test.command(Command::Retry(test.entry("file")));
    test.advance(1_000);
    let requests = test.take_requests();
    assert!(matches!(requests.as_slice(), [Request::Send { body, .. }] if body.items.len() == 1));
}

#[test]
fn the_echo_brings_the_address_of_the_file() {
    let mut test = live();
    let id = upload(&mut test, 1);
    test.command(Command::SendWithFiles("mine".to_owned()));
    let client_id = test.sent();
    let copy = test.own_copy(&client_id);
    let body = Body { items: vec![stored(&id, "https://h/1")], ..copy.body };
    test.platform(PlatformEvent::Message(Message { body, ..copy }));
    assert_eq!(test.session.view().transcript.file_address(&id), Some(Redacted::new("https://h/1")));
    assert_eq!(test.lines(), ["guest: mine (sent)"]);
}

fn stored(id: &str, url: &str) -> Item {
    let url = Some(Redacted::new(url));
    Item::Attachment(Attachment { id: id.to_owned(), url, kind: FileKind::Image, ..Attachment::default() })
}

/// A live conversation with a file of the agent's.
fn with_their_file() -> TestSession {
    let mut test = live();
    let body = Body { items: vec![stored("theirs", "https://h/old")], ..Body::default() };
    test.platform(PlatformEvent::Message(Message { body, ..agent_message("m", "", 0) }));
    test.forget_log();
    test
}

fn fresh_address(test: &mut TestSession) {
    let url = Redacted::new("https://h/new");
    test.platform(PlatformEvent::FileAddress { id: "theirs".to_owned(), url: Some(url) });
}

fn fetch(opens: bool) -> Command {
    Command::FetchFile { id: "theirs".to_owned(), opens }
}

fn asked() -> Request {
    Request::RefreshFile { id: "theirs".to_owned() }
}

#[test]
fn a_file_that_the_visitor_wants_to_have_opens_where_it_is_now() {
    let mut test = with_their_file();
    for _ in 0..2 {
        test.forget_log();
        test.command(fetch(true));
        assert_eq!((test.effects.len(), test.take_requests()), (0, vec![asked()]));
        fresh_address(&mut test);
        assert_eq!(test.effects, [Effect::OpenFile { url: Redacted::new("https://h/new") }]);
        fresh_address(&mut test);
        assert_eq!(test.effects.len(), 1, "once");
    }
}

#[test]
fn a_file_whose_address_never_expires_opens_where_it_is() {
    let mut test = with_their_file();
    test.command(fetch(true));
    test.platform(PlatformEvent::FileAddress { id: "theirs".to_owned(), url: None });
    assert_eq!(test.effects, [Effect::OpenFile { url: Redacted::new("https://h/old") }]);
}

#[test]
fn a_picture_that_cannot_be_shown_gets_a_fresh_address_once() {
    let mut test = with_their_file();
    test.command(fetch(false));
    assert_eq!(test.take_requests(), [asked()]);
    fresh_address(&mut test);
    assert!(matches!(test.diffs.as_slice(), [Diff::Changed { .. }]));
    assert_eq!(test.effects, [], "nobody asked to have it");
    test.command(fetch(false));
    assert_eq!(test.take_requests(), [], "it is broken, not expired");
    pass(&mut test, 30_000);
    test.forget_log();
    test.command(fetch(false));
    assert_eq!(test.take_requests(), [asked()]);
}

#[test]
fn a_file_that_the_platform_does_not_give_out_any_more_has_no_address() {
    let mut test = with_their_file();
    test.command(fetch(true));
    test.forget_log();
    refuse(&mut test, "theirs", FileFlaw::Refused);
    assert!(matches!(test.diffs.as_slice(), [Diff::Changed { .. }]));
    assert_eq!(test.session.view().transcript.file_address("theirs"), None);
    fresh_address(&mut test);
    assert_eq!(test.effects, []);
}

#[test]
fn without_a_line_a_file_opens_where_it_was() {
    let mut test = with_their_file();
    test.lose_line();
    test.forget_log();
    test.command(fetch(false));
    assert_eq!(test.effects, []);
    test.command(fetch(true));
    assert_eq!(test.effects, [Effect::OpenFile { url: Redacted::new("https://h/old") }]);
    test.command(Command::FetchFile { id: "unknown".to_owned(), opens: true });
    assert_eq!(test.effects.len(), 1);
}

#[test]
fn what_is_said_of_a_file_that_nobody_knows_is_counted_and_changes_nothing() {
    let mut test = with_their_file();
    let before = test.session.ignored_frames();
    let url = || Redacted::new("https://h/");
    let id = || "unknown".to_owned();
    test.platform(PlatformEvent::FileAddress { id: id(), url: Some(url()) });
    test.platform(PlatformEvent::Uploaded { id: id() });
    test.platform(PlatformEvent::UploadAddress { id: id(), url: url(), headers: url() });
    refuse(&mut test, "unknown", FileFlaw::Type);
    assert_eq!((test.session.ignored_frames(), test.diffs.len(), test.effects.len()), (before + 4, 0, 0));
}

#[test]
fn a_file_is_taken_once_twenty_at_a_time_and_only_where_one_may_write() {
    let mut test = live();
    attach(&mut test, picture(1));
    attach(&mut test, picture(1));
    assert_eq!(states(&test).len(), 1);
    for number in 2..30 {
        attach(&mut test, picture(number));
    }
    assert_eq!(states(&test).len(), 20);
    test.platform(PlatformEvent::Ended { read_only: true, id: None, time: None });
    assert_eq!(states(&test), []);
    test.forget_log();
    attach(&mut test, picture(40));
    assert!(!test.diffs.contains(&Diff::Uploads));
}

#[test]
fn the_page_is_told_in_a_word_how_far_a_file_is() {
    let mut test = live();
    for number in 1..7 {
        attach(&mut test, picture(number));
    }
    let ids = offered(&mut test);
    give_address(&mut test, &ids[0]);
    give_address(&mut test, &ids[1]);
    news(&mut test, 2, UploadNews::Done);
    attach(&mut test, file(7, "malware.exe", "application/pdf", 1_000));
    let words: Vec<&str> = test.view().uploads.iter().map(|upload| upload.state.name()).collect();
    assert_eq!(words, ["uploading", "checking", "asking", "waiting", "waiting", "waiting", "failed"]);
    test.platform(PlatformEvent::Uploaded { id: ids[1].clone() });
    assert_eq!(test.view().uploads[1].state.name(), "uploaded");
}

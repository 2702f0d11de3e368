//! Frames and answers at the edges: found by the fuzzer, or by code that was broken and no test noticed.

use guest_messenger::session::input::Command;

use crate::harness::TestEngine;
use crate::http::wanting_history;

#[test]
fn a_token_that_expired_before_all_time_is_good_for_one_call() {
    let mut test = wanting_history();
    test.actions.clear();
    test.receive(r#"{"class":"JwtResponse","code":200,"body":{"jwt":"j","exp":-9223372036854775808}}"#);
    let call = test.take_call();
    test.answer(
        &call,
        200,
        r#"{"entities":[{"id":"a","text":"a","direction":"Outbound"}],"pageNumber":1,"pageCount":9}"#,
    );
    test.command(Command::LoadOlder);
    assert_eq!(test.take_frame().text("action"), Some("getJwt"));
}

#[test]
fn a_message_with_a_zone_beyond_all_time_is_shown_where_it_arrived() {
    let mut test = TestEngine::live();
    for (id, time) in [("a", "2026-10-14T09:00:01Z"), ("b", "2026-10-14T09:00:01+999999999999999:00")] {
        test.receive(&format!(
            r#"{{"class":"StructuredMessage","body":{{"id":"{id}","text":"{id}","direction":"Outbound","channel":{{"time":"{time}"}}}}}}"#
        ));
    }
    assert_eq!(test.texts(), ["a", "b"]);
}

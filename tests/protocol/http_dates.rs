//! The reader of HTTP dates, hand-made for its size, against a well-kept library.

use std::time::{Duration, UNIX_EPOCH};

use guest_messenger::protocol::time::parse_http_date;

#[test]
fn http_dates_are_those_that_a_well_kept_library_reads() {
    // Every day at another time, over all months and leap years of a century.
    for day in 0..36_525_u64 {
        let seconds = day * 86_400 + day * 7_919 % 86_400;
        let written = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds));
        assert_eq!(parse_http_date(&written), i64::try_from(seconds * 1_000).ok(), "{written}");
    }
    let old = ["Sunday, 06-Nov-94 08:49:37 GMT", "Saturday, 01-Jan-00 00:00:00 GMT", "Sun Nov  6 08:49:37 1994"];
    for written in old.into_iter().chain(["Wed Nov 16 08:49:37 1994", "Tuesday, 31-Dec-69 23:59:59 GMT"]) {
        let read = httpdate::parse_http_date(written).ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        assert_eq!(parse_http_date(written), read.and_then(|span| i64::try_from(span.as_millis()).ok()), "{written}");
    }
}

//! The `Retry-After` header: whole seconds, or a date in any of the three forms of HTTP (RFC 9110, section 10.2.3).

use super::time::parse_http_date;
use super::wire::HttpAnswer;
use crate::session::time::WallTime;
use crate::text::digits;

const SPAN_MAX_MS: i64 = 15 * 60 * 1_000;

/// The span in milliseconds, at most fifteen minutes. `None` when the answer names no time ahead.
///
/// A date is measured from the answer's own `Date`, where the browser lets it be read: the visitor's clock may be wrong.
pub(super) fn decode(answer: &HttpAnswer, now: WallTime) -> Option<u64> {
    let text = answer.retry_after.as_deref()?.trim();
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let span_ms = if is_number {
        digits(text.as_bytes()).unwrap_or(SPAN_MAX_MS).saturating_mul(1_000)
    } else {
        let base_ms = answer.date.as_deref().and_then(parse_http_date).unwrap_or(now.0);
        parse_http_date(text)?.saturating_sub(base_ms)
    };
    u64::try_from(span_ms.min(SPAN_MAX_MS)).ok().filter(|span_ms| *span_ms > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: WallTime = WallTime(784_111_777_000);

    fn span_ms(retry_after: &str, date: Option<&str>) -> Option<u64> {
        let retry_after = Some(retry_after.to_owned());
        decode(&HttpAnswer { status: 503, retry_after, date: date.map(str::to_owned), ..HttpAnswer::default() }, NOW)
    }

    #[test]
    fn seconds_count_up_to_fifteen_minutes() {
        assert_eq!(span_ms("120", None), Some(120_000));
        assert_eq!(span_ms(" 5 ", None), Some(5_000));
        assert_eq!(span_ms("99999999999999999999999", None), Some(900_000));
    }

    #[test]
    fn a_date_counts_from_the_date_of_the_answer() {
        let answered = Some("Sun, 06 Nov 1994 08:00:00 GMT");
        for date in ["Sun, 06 Nov 1994 08:02:00 GMT", "Sunday, 06-Nov-94 08:02:00 GMT", "Sun Nov  6 08:02:00 1994"] {
            assert_eq!(span_ms(date, answered), Some(120_000), "{date}");
        }
        assert_eq!(span_ms("Sun, 06 Nov 2044 08:02:00 GMT", answered), Some(900_000));
    }

    #[test]
    fn a_date_counts_from_the_visitors_clock_where_the_answers_date_cannot_be_read() {
        for date in [None, Some("long ago")] {
            assert_eq!(span_ms("Sun, 06 Nov 1994 08:49:57 GMT", date), Some(20_000));
        }
    }

    #[test]
    fn the_past_nothing_and_garbage_name_no_time() {
        let junk = ["", "0", "-5", "1e3", "soon", "Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1904 08:49:37 GMT"];
        for junk in junk {
            assert_eq!(span_ms(junk, None), None, "{junk:?}");
        }
        assert_eq!(decode(&HttpAnswer { status: 503, ..HttpAnswer::default() }, NOW), None);
    }
}

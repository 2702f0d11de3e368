//! The `Retry-After` header in its seconds form. Anything else counts as absent.

const SPAN_MAX_S: u64 = 15 * 60;

/// The span in milliseconds, at most fifteen minutes.
pub(super) fn decode(header: Option<&str>) -> Option<u64> {
    let text = header?.trim();
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(SPAN_MAX_S).min(SPAN_MAX_S) * 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_seconds_count_and_no_more_than_fifteen_minutes() {
        assert_eq!(decode(Some("120")), Some(120_000));
        assert_eq!(decode(Some(" 5 ")), Some(5_000));
        assert_eq!(decode(Some("99999999999999999999999")), Some(900_000));
        for junk in [None, Some(""), Some("-5"), Some("1e3"), Some("soon")] {
            assert_eq!(decode(junk), None, "{junk:?}");
        }
    }
}

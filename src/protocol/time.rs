//! Dates on the wire: ISO 8601 in UTC, with or without a fraction, and those of HTTP headers.

use crate::text::{digits, is_among};

/// What is left to read, byte by byte.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    /// The digits that come next. `None` when there are none, or too many.
    fn number(&mut self) -> Option<i64> {
        let length = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (number, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        digits(number)
    }

    /// Whether this sign comes next. Then it is passed over.
    fn has(&mut self, sign: u8) -> bool {
        let rest = self.0.strip_prefix(&[sign]);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    /// The number behind this sign.
    fn number_after(&mut self, sign: u8) -> Option<i64> {
        if self.has(sign) { self.number() } else { None }
    }

    fn milliseconds(&mut self) -> Option<i64> {
        let fraction = self.0;
        self.number()?;
        let digit = |at: usize| fraction.get(at).filter(|byte| byte.is_ascii_digit()).map_or(0, |byte| byte - b'0');
        Some((i64::from(digit(0)) * 10 + i64::from(digit(1))) * 10 + i64::from(digit(2)))
    }

    /// `08:49:37` in seconds.
    fn time(&mut self) -> Option<i64> {
        let (hour, minute, second) = (self.number()?, self.number_after(b':')?, self.number_after(b':')?);
        (hour <= 23 && minute <= 59 && second <= 60 && self.0.is_empty()).then_some((hour * 60 + minute) * 60 + second)
    }
}

/// Milliseconds since the Unix epoch, or `None` for anything that is not such a date.
pub fn parse_time(text: &str) -> Option<i64> {
    let mut rest = Rest(text.as_bytes());
    let (year, month, day) = (rest.number()?, rest.number_after(b'-')?, rest.number_after(b'-')?);
    let (hour, minute) = (rest.number_after(b'T')?, rest.number_after(b':')?);
    let second = if rest.has(b':') { rest.number()? } else { 0 };
    let ms = if rest.has(b'.') { rest.milliseconds()? } else { 0 };
    // The zone: `Z`, none, or hours and minutes from UTC.
    let sign = i64::from(rest.has(b'+')) - i64::from(rest.has(b'-'));
    let offset_min = if sign == 0 {
        let _ = rest.has(b'Z') || rest.has(b'z');
        0
    } else {
        let (hours, minutes) = (rest.number()?, rest.number_after(b':')?);
        if hours > 23 || minutes > 59 {
            return None;
        }
        sign * (hours * 60 + minutes)
    };
    let is_sane = (1970..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    if !is_sane || hour > 24 || minute > 59 || second > 60 || !rest.0.is_empty() {
        return None;
    }
    let seconds = ((days(year, month, day) * 24 + hour) * 60 + minute - offset_min) * 60 + second;
    Some(seconds * 1_000 + ms)
}

/// The three forms of RFC 9110, section 5.6.7: `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` and
/// `Sun Nov  6 08:49:37 1994`. Milliseconds since the Unix epoch.
pub fn parse_http_date(text: &str) -> Option<i64> {
    let (mut day, mut month, mut year, mut time) = (None, None, None, None);
    // Which word is which can be seen by itself; only day and year need their order.
    let words = text.as_bytes().split(|byte| matches!(byte, b' ' | b',' | b'-'));
    for (index, word) in words.enumerate() {
        if let Some(number) = digits(word) {
            let unknown = if day.is_none() { &mut day } else { &mut year };
            *unknown = Some(number);
        } else if is_among(b':', word) {
            time = Some(Rest(word).time()?);
        } else if let Some(number) = month_number(word) {
            month = Some(number);
        } else if index > 0 && !matches!(word, b"" | b"GMT") {
            return None;
        }
    }
    let (day, year) = (day?, year?);
    // Two digits: half a century either way.
    let year = if year < 70 {
        year + 2_000
    } else if year < 100 {
        year + 1_900
    } else {
        year
    };
    let is_sane = (1970..=9999).contains(&year) && (1..=31).contains(&day);
    is_sane.then_some((days(year, month?, day) * 86_400 + time?) * 1_000)
}

fn month_number(name: &[u8]) -> Option<i64> {
    const NAMES: &[u8; 36] = b"JanFebMarAprMayJunJulAugSepOctNovDec";
    let at = NAMES.chunks(3).position(|month| month == name)?;
    i64::try_from(at + 1).ok()
}

/// Days since 1970-01-01 in the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    // The year begins in March, so that the leap day is its last.
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - 719_468
}

/// As RFC 3339 has it, in UTC and to the millisecond.
pub fn format_time(epoch_ms: i64) -> String {
    let (days, ms) = (epoch_ms.div_euclid(86_400_000), epoch_ms.rem_euclid(86_400_000));
    // The way back of `days`: the year begins in March.
    let since = days + 719_468;
    let era = since.div_euclid(146_097);
    let day_of_era = since.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let mut out = String::with_capacity(24);
    let seconds = ms / 1_000;
    let parts = [
        (year, 4, '-'),
        (month, 2, '-'),
        (day, 2, 'T'),
        (seconds / 3_600, 2, ':'),
        (seconds / 60 % 60, 2, ':'),
        (seconds % 60, 2, '.'),
        (ms % 1_000, 3, 'Z'),
    ];
    for (value, width, sign) in parts {
        for place in (0..width).rev() {
            let digit = value.div_euclid(10_i64.pow(place)).rem_euclid(10);
            out.push(char::from(b'0'.saturating_add(digit as u8)));
        }
        out.push(sign);
    }
    out
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back_to_the_millisecond() {
        assert_eq!(format_time(1_791_968_401_037), "2026-10-14T09:00:01.037Z");
        assert_eq!(format_time(0), "1970-01-01T00:00:00.000Z");
        for epoch_ms in [951_782_399_999, 951_782_400_000, 4_107_542_399_000, 1_709_164_800_001, 1_735_689_599_999] {
            assert_eq!(parse_time(&format_time(epoch_ms)), Some(epoch_ms));
        }
    }

    #[test]
    fn dates_are_read_to_the_millisecond() {
        assert_eq!(parse_time("1970-01-01T00:00:00.000Z"), Some(0));
        assert_eq!(parse_time("2026-10-14T09:00:01.037Z"), Some(1_791_968_401_037));
        assert_eq!(parse_time("2026-10-14T09:00:01Z"), Some(1_791_968_401_000));
        assert_eq!(parse_time("2026-10-14T11:00:01.037+02:00"), Some(1_791_968_401_037));
        assert_eq!(parse_time("2024-02-29T12:00:00.5Z"), Some(1_709_208_000_500));
        assert_eq!(parse_time("2026-10-14T09:00:01.037999999Z"), Some(1_791_968_401_037));
    }

    #[test]
    fn what_is_no_http_date_is_not_taken_for_one() {
        for junk in [
            "",
            "soon",
            "Sun, 06 Nov 1994",
            "Sun, 06 Nov 1994 08:49:37 +0100",
            "Sun, 06 Nov 1994 08:49:37 GMT or so",
            "Sun, 06 Foo 1994 08:49:37 GMT",
            "Sun, 36 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1904 08:49:37 GMT",
            "Sun, 06 Nov 1994 25:49:37 GMT",
            "2026-10-14T09:00:01Z",
            "Sun, 06 1994 08:49:37 GMT",
            "Sun, 06 Nov 08:49:37 GMT",
        ] {
            assert_eq!(parse_http_date(junk), None, "{junk}");
        }
    }

    #[test]
    fn anything_else_is_no_date() {
        for junk in [
            "",
            "yesterday",
            "2026-10-14",
            "T",
            "2026-13-14T09:00:01Z",
            "2026-10-14T09:00:01.Z",
            "x-y-zTa:b:c",
            "2026-10-14T99:00:01Z",
            "2026-10-14Té",
            "2026-10-14T09:00:01+24:00",
            "2026-10-14T09:00:01+02:60",
            "2026-10-14T09:00:01+999999999999999:00",
        ] {
            assert_eq!(parse_time(junk), None, "{junk}");
        }
    }
}

//! The times of a launch, in all the forms that platforms send (studyreel.md §4.3).

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousTimestamp, Offset, TimeZone};
use jiff::{Error, Timestamp};

use crate::json::{Decoded, decode};
use serde_json::value::RawValue;

/// The last second of the year 9999; later times are nonsense.
const LATEST: i64 = 253_402_300_799;

/// A time as sent, not yet interpreted: a bare date and time needs a time zone to mean anything.
#[derive(Clone, Debug)]
pub(crate) enum SentTime {
    Text(String),
    Number(f64),
}

impl SentTime {
    pub(crate) fn read(raw: &RawValue) -> Option<Self> {
        match decode(raw) {
            Decoded::Text(text) => Some(Self::Text(text)),
            Decoded::Number(text) => text.parse().ok().map(Self::Number),
            _ => None,
        }
    }

    /// Seconds since 1970, fractions dropped; `zone` applies to texts without one. If clocks are
    /// set back and the time occurs twice, this is the first occurrence.
    pub(crate) fn seconds(&self, zone: &TimeZone) -> Option<i64> {
        self.read_in(zone, AmbiguousTimestamp::compatible)
    }

    /// The same, but the second occurrence: otherwise an end could seem to come before its
    /// beginning.
    pub(crate) fn seconds_at_latest(&self, zone: &TimeZone) -> Option<i64> {
        self.read_in(zone, AmbiguousTimestamp::later)
    }

    fn read_in(
        &self,
        zone: &TimeZone,
        which: fn(AmbiguousTimestamp) -> Result<Timestamp, Error>,
    ) -> Option<i64> {
        match self {
            Self::Number(number) => from_number(*number),
            Self::Text(text) => {
                let text = text.trim();
                if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
                    from_number(text.parse().ok()?)
                } else {
                    from_text(text, |civil| which(zone.to_ambiguous_timestamp(civil)))
                }
            }
        }
        .filter(|seconds| (0..=LATEST).contains(seconds))
    }
}

/// Seconds, or milliseconds when above 1e11 (the year 5138 in seconds).
fn from_number(number: f64) -> Option<i64> {
    let seconds = if number > 1e11 {
        number / 1000.0
    } else {
        number
    };
    (0.0..=LATEST as f64)
        .contains(&seconds)
        .then_some(seconds as i64)
}

/// `2024-09-19 03:14:07`, with `T` or a space in between, an optional fraction, and an optional
/// zone at the end (`Z`, `UTC`, `GMT` or an offset), with or without a space before it. Nothing
/// shorter: a date alone is not a time.
fn from_text(
    text: &str,
    in_zone: impl FnOnce(DateTime) -> Result<Timestamp, Error>,
) -> Option<i64> {
    let (stamp, rest) = text.split_at_checked(19)?;
    let shape = stamp
        .bytes()
        .zip(*b"dddd-dd-ddTdd:dd:dd")
        .all(|(byte, want)| match want {
            b'd' => byte.is_ascii_digit(),
            b'T' => matches!(byte, b'T' | b't' | b' '),
            _ => byte == want,
        });
    if !shape {
        return None;
    }
    let part = |from: usize, to: usize| stamp[from..to].parse::<i16>().ok();
    let small = |from: usize| part(from, from + 2).and_then(|n| i8::try_from(n).ok());
    let civil = DateTime::new(
        part(0, 4)?,
        small(5)?,
        small(8)?,
        small(11)?,
        small(14)?,
        small(17)?,
        0,
    )
    .ok()?;
    let zone = without_fraction(rest)?;
    // As printed by Ruby, Rails and Go.
    let zone = zone.strip_prefix(' ').unwrap_or(zone);
    let timestamp = match zone {
        "" => in_zone(civil),
        "Z" | "z" | "UTC" | "GMT" => Offset::UTC.to_timestamp(civil),
        offset => read_offset(offset)?.to_timestamp(civil),
    };
    timestamp.ok().map(Timestamp::as_second)
}

fn without_fraction(rest: &str) -> Option<&str> {
    let Some(fraction) = rest.strip_prefix('.') else {
        return Some(rest);
    };
    let end = fraction
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(fraction.len());
    (end > 0).then(|| &fraction[end..])
}

/// `+02:00`, `+0200` or `+02`.
fn read_offset(text: &str) -> Option<Offset> {
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", digits) => (1, digits.replacen(':', "", 1)),
        ("-", digits) => (-1, digits.replacen(':', "", 1)),
        _ => return None,
    };
    if !matches!(digits.len(), 2 | 4) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let hours: i32 = digits[..2].parse().ok()?;
    let minutes: i32 = digits
        .get(2..)
        .filter(|m| !m.is_empty())
        .map_or(Ok(0), str::parse)
        .ok()?;
    if minutes > 59 {
        return None;
    }
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]
mod tests {
    use test_case::cases;

    use super::*;

    /// 2024-09-19 03:14:07 UTC.
    const STAMP: i64 = 1_726_715_647;

    fn in_zone(json: &str, zone: &TimeZone) -> Option<i64> {
        let raw: Box<RawValue> = serde_json::from_str(json).unwrap();
        SentTime::read(&raw)?.seconds(zone)
    }

    fn utc(json: &str) -> Option<i64> {
        in_zone(json, &TimeZone::UTC)
    }

    #[cases("STUDYREEL-51")]
    #[test]
    fn every_form_of_one_moment_is_read() {
        for form in [
            r#""2024-09-19 03:14:07""#,
            r#"" 2024-09-19 03:14:07 ""#,
            r#""2024-09-19T03:14:07""#,
            r#""2024-09-19T03:14:07Z""#,
            r#""2024-09-19t03:14:07z""#,
            r#""2024-09-19 03:14:07.999""#,
            r#""2024-09-19T03:14:07.123456789Z""#,
            r#""2024-09-19T05:14:07+02:00""#,
            r#""2024-09-18T22:14:07-0500""#,
            r#""2024-09-19T03:14:07+00""#,
            r#""2024-09-19 03:14:07 UTC""#,
            r#""2024-09-19 03:14:07.5 GMT""#,
            r#""2024-09-19 03:14:07 Z""#,
            r#""2024-09-19 03:14:07 +0000""#,
            r#""2024-09-18 22:14:07 -05:00""#,
            r#""2024-09-19T08:44:07.5+05:30""#,
            "1726715647",
            "1726715647.9",
            "1.726715647e9",
            r#""1726715647""#,
            "1726715647123",
            r#""1726715647123""#,
        ] {
            assert_eq!(utc(form), Some(STAMP), "{form}");
        }
    }

    #[cases("STUDYREEL-50")]
    #[test]
    fn garbage_is_not_a_time() {
        for form in [
            r#""2024-09-19""#,
            r#""2024-09-19T03:14""#,
            r#""19/09/2024 03:14:07""#,
            r#""2024-13-19 03:14:07""#,
            r#""2024-02-30 03:14:07""#,
            r#""2024-09-19 24:14:07""#,
            r#""2024-09-19_03:14:07""#,
            r#""2024-09-19 03:14:07.""#,
            r#""2024-09-19 03:14:07  UTC""#,
            r#""2024-09-19 03:14:07 +0000 UTC""#,
            r#""2024-09-19 03:14:07 CEST""#,
            r#""2024-09-19 03:14:07 -""#,
            r#""2024-09-19T03:14:07+2""#,
            r#""2024-09-19T03:14:07+02:75""#,
            r#""2024-09-19T03:14:07+99:00""#,
            r#""2024-09-19T03:14:07[America/Chicago]""#,
            r#""2024-09-1é 03:14:07""#,
            r#""null""#,
            r#""""#,
            r#""-5""#,
            r#""99999999999999999999999999""#,
            "-5",
            "1e999",
            "1e17",
            "true",
            "null",
            "{}",
            "[]",
        ] {
            assert_eq!(utc(form), None, "{form}");
        }
    }

    #[test]
    fn the_zone_applies_only_where_the_text_names_none() {
        let zone = TimeZone::fixed(Offset::from_hours(-5).unwrap());
        assert_eq!(in_zone(r#""2024-09-18 22:14:07""#, &zone), Some(STAMP));
        assert_eq!(in_zone(r#""2024-09-19T03:14:07Z""#, &zone), Some(STAMP));
        assert_eq!(in_zone("1726715647", &zone), Some(STAMP));
    }

    #[test]
    fn an_hour_that_comes_twice_has_a_first_and_a_last_reading() {
        // On 1 November 2026, clocks in Chicago go back from 02:00 to 01:00, at 07:00 UTC.
        let zone = TimeZone::get("America/Chicago").unwrap();
        let raw: Box<RawValue> = serde_json::from_str(r#""2026-11-01 01:30:00""#).unwrap();
        let time = SentTime::read(&raw).unwrap();
        let utc = |text: &str| Some(text.parse::<Timestamp>().unwrap().as_second());
        assert_eq!(time.seconds(&zone), utc("2026-11-01T06:30:00Z"));
        assert_eq!(time.seconds_at_latest(&zone), utc("2026-11-01T07:30:00Z"));
        let plain: Box<RawValue> = serde_json::from_str(r#""2026-11-01 03:30:00""#).unwrap();
        let plain = SentTime::read(&plain).unwrap();
        assert_eq!(plain.seconds(&zone), plain.seconds_at_latest(&zone));
    }
}

//! Hours, days and months in UTC: stored as numbers, 2026112414, 20261124 and 202611, and formatted
//! for people.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

/// Every day's number is at least this, and every month's is smaller.
pub(super) const FIRST_DAY: i64 = 10_000_000;
/// Every hour's number is at least this, and every day's is smaller.
pub(super) const FIRST_HOUR: i64 = 1_000_000_000;
const HOUR_MS: i64 = 60 * 60 * 1000;

/// The day of a time in milliseconds since 1970.
pub(crate) fn date_at(ms: i64) -> Date {
    let time = Timestamp::from_millisecond(ms).unwrap_or_default();
    time.to_zoned(TimeZone::UTC).date()
}

/// The number of a day.
pub(crate) fn day(date: Date) -> i64 {
    (i64::from(date.year()) * 100 + i64::from(date.month())) * 100 + i64::from(date.day())
}

/// The number of the hour of a time in milliseconds since 1970.
pub(crate) fn hour(ms: i64) -> i64 {
    day(date_at(ms)) * 100 + ms.div_euclid(HOUR_MS).rem_euclid(24)
}

/// The number of a day's month.
pub(crate) fn month(date: Date) -> i64 {
    month_of(day(date))
}

/// The month of a day, both as numbers.
pub(super) const fn month_of(day: i64) -> i64 {
    day / 100
}

/// The date this many days before another.
pub(crate) fn days_before(date: Date, days: i32) -> Date {
    date.checked_sub(Span::new().days(days)).unwrap_or(date)
}

/// The first day of the month that is this many months before the date's.
pub(crate) fn months_before(date: Date, months: i32) -> Date {
    let first = date.first_of_month();
    first
        .checked_sub(Span::new().months(months))
        .unwrap_or(first)
}

/// A period as text: `2026-11-24` or `2026-11`.
pub(crate) fn written(period: i64) -> String {
    if period < FIRST_DAY {
        return format!("{:04}-{:02}", period / 100, period % 100);
    }
    let month = written(month_of(period));
    format!("{month}-{:02}", period % 100)
}

/// Reads a day, such as `2026-11-24`.
pub(crate) fn read_day(text: &str) -> Option<Date> {
    let has_form = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    text.parse().ok().filter(|_| has_form)
}

/// Reads a month, such as `2026-11`, as its first day.
pub(crate) fn read_month(text: &str) -> Option<Date> {
    read_day(&format!("{text}-01"))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_written_as_it_is_read() {
        let date = date_at(1_795_517_760_000);
        assert_eq!((day(date), month(date)), (20_261_124, 202_611));
        assert_eq!(hour(1_795_517_760_000), 2_026_112_410);
        assert_eq!(hour(1_795_564_799_999), 2_026_112_423);
        assert_eq!(hour(1_795_564_800_000), 2_026_112_500);
        assert_eq!(written(20_261_124), "2026-11-24");
        assert_eq!(written(202_611), "2026-11");
        assert_eq!(read_day("2026-11-24"), Some(date));
        assert_eq!(read_month("2026-11").map(day), Some(20_261_101));
        for wrong in [
            "",
            "2026-11",
            "2026-02-30",
            "2026-11-24T09:00",
            "26-11-2400",
        ] {
            assert_eq!(read_day(wrong), None, "{wrong}");
        }
        for wrong in ["", "2026", "2026-13", "2026-11-24"] {
            assert_eq!(read_month(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn periods_before_end_years_and_short_months() {
        let date = read_day("2026-03-31").unwrap();
        assert_eq!(day(days_before(date, 31)), 20_260_228);
        assert_eq!(day(months_before(date, 1)), 20_260_201);
        assert_eq!(month(months_before(date, 11)), 202_504);
        assert_eq!(
            day(days_before(read_day("2026-01-01").unwrap(), 1)),
            20_251_231
        );
    }
}

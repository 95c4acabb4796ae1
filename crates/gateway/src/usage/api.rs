//! `GET /admin/usage`: launches and people by day, month or platform.

use axum::Json;
use axum::extract::{RawQuery, State};
use jiff::civil::Date;
use serde::Serialize;
use store::usage::{self, UsageOfPeriod, UsageOfPlatform};
use utoipa::ToSchema;

use super::period::{
    date_at, day, days_before, month, months_before, read_day, read_month, written,
};
use super::room::Usage;
use crate::directory::api_keys::scope::ForManagement;
use crate::directory::auth::WithApiKey;
use crate::web::paging::{parameters, wrong};
use crate::web::problem::Problem;

/// How many days are shown by default.
const DAYS: i32 = 30;
/// How many months are shown by default.
const MONTHS: i32 = 12;
/// How many platforms are shown by default.
const PLATFORMS: i64 = 100;
/// How many platforms can be shown.
const MOST_PLATFORMS: i64 = 10_000;

/// What a line of the report covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum UsageUnit {
    /// A day (UTC).
    Day,
    /// A month (UTC).
    Month,
    /// A platform in one month.
    Platform,
}

/// How much a tool was used.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UsageReport {
    /// What a line covers.
    pub(crate) by: UsageUnit,
    /// The first day or month covered.
    pub(crate) from: String,
    /// The last day or month covered.
    pub(crate) to: String,
    /// Days and months in order, without those that had no launches; platforms by number of
    /// launches, most first.
    pub(crate) usage: Vec<UsageLine>,
}

/// Launches and people of one day, month or platform.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UsageLine {
    /// The day or the month, such as `2026-11-24` or `2026-11`.
    pub(crate) period: String,
    /// The platform's id, or `studyreel` for launches from StudyReel; absent unless each line is a
    /// platform.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) platform: Option<String>,
    /// The platform's name; absent if it was removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    /// Number of launches.
    pub(crate) launches: i64,
    /// Number of different people. From 256 people of one platform, this is an estimate that is
    /// usually within 3 %.
    pub(crate) people: i64,
}

impl UsageLine {
    fn of_period(of: UsageOfPeriod) -> Self {
        Self {
            period: written(of.period),
            platform: None,
            name: None,
            launches: of.launches,
            people: of.people,
        }
    }

    fn of_platform(period: &str, of: UsageOfPlatform) -> Self {
        Self {
            period: period.to_owned(),
            platform: Some(of.platform_id),
            name: of.name,
            launches: of.launches,
            people: of.people,
        }
    }
}

/// The query of the request.
struct UsageAsked {
    by: UsageUnit,
    from: Option<String>,
    to: Option<String>,
    platform: Option<String>,
    limit: i64,
}

impl UsageAsked {
    fn parse(query: &str) -> Result<Self, Problem> {
        let mut asked = Self {
            by: UsageUnit::Day,
            from: None,
            to: None,
            platform: None,
            limit: PLATFORMS,
        };
        for (name, value) in parameters(query) {
            match &*name {
                "by" => {
                    asked.by = match &*value {
                        "day" => UsageUnit::Day,
                        "month" => UsageUnit::Month,
                        "platform" => UsageUnit::Platform,
                        _ => return Err(wrong("by", "must be day, month or platform")),
                    };
                }
                "from" => asked.from = Some(value.into_owned()),
                "to" => asked.to = Some(value.into_owned()),
                "platform" => asked.platform = Some(value.into_owned()),
                "limit" => {
                    let limit = value.parse().ok();
                    let limit = limit.filter(|limit| (1..=MOST_PLATFORMS).contains(limit));
                    asked.limit = limit.ok_or_else(|| wrong("limit", "must be 1 to 10000"))?;
                }
                other => return Err(wrong(other, "is not known here")),
            }
        }
        Ok(asked)
    }

    /// The first and the last day or month.
    fn range(&self, today: Date) -> Result<(i64, i64), Problem> {
        if self.by == UsageUnit::Day {
            let read = |name, text: &Option<String>| read(name, text.as_deref(), read_day, DAY);
            let to = read("to", &self.to)?.unwrap_or(today);
            let from = read("from", &self.from)?.unwrap_or(days_before(to, DAYS - 1));
            return ordered(day(from), day(to));
        }
        let read = |name, text: &Option<String>| read(name, text.as_deref(), read_month, MONTH);
        let to = read("to", &self.to)?.unwrap_or(today);
        let from = read("from", &self.from)?;
        match self.by {
            UsageUnit::Platform if from.is_some_and(|from| month(from) != month(to)) => Err(wrong(
                "from",
                "must be the month of 'to', or be left out: people can be told apart within a month alone",
            )),
            UsageUnit::Platform => Ok((month(to), month(to))),
            _ => {
                let from = from.unwrap_or(months_before(to, MONTHS - 1));
                ordered(month(from), month(to))
            }
        }
    }
}

const DAY: &str = "must be a day such as 2026-11-24";
const MONTH: &str = "must be a month such as 2026-11";

/// A parameter that is a day or a month, if it was given.
fn read(
    name: &str,
    text: Option<&str>,
    reads: fn(&str) -> Option<Date>,
    what: &str,
) -> Result<Option<Date>, Problem> {
    let Some(text) = text else {
        return Ok(None);
    };
    reads(text).map(Some).ok_or_else(|| wrong(name, what))
}

fn ordered(from: i64, to: i64) -> Result<(i64, i64), Problem> {
    if from > to {
        return Err(wrong("from", "must not be behind 'to'"));
    }
    Ok((from, to))
}

/// Reads how much the tool was used.
///
/// Launches and people by day, by month, or by platform in one month. Days and months are in UTC.
/// Numbers are up to five minutes old. Daily numbers of a platform are kept for 100 days,
/// everything else for three years.
#[utoipa::path(
    get, path = "/admin/usage", tag = "Operator: tool", operation_id = "readUsage",
    security(("apiKey" = ["manage", "read"])),
    params(
        ("by" = Option<String>, Query, description = "`day`, which is the default, `month` or `platform`."),
        ("from" = Option<String>, Query, description = "The first day, such as `2026-11-24`, or month, such as `2026-11`; by default 30 days or 12 months are shown. Not for `by=platform`."),
        ("to" = Option<String>, Query, description = "The last day or month; by default today. For `by=platform` the month."),
        ("platform" = Option<String>, Query, description = "Id of a platform, or `studyreel`: its launches alone. Not for `by=platform`."),
        ("limit" = Option<u16>, Query, minimum = 1, maximum = 10000, description = "Platforms that are listed at most; 100 by default."),
    ),
    responses(
        (status = 200, description = "Launches and people.", body = UsageReport),
        (status = 400, description = "`INVALID_PARAMETER`: a parameter is unknown or has a wrong value; the description names it."),
    ),
)]
pub(crate) async fn read_usage(
    State(room): State<Usage>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    RawQuery(query): RawQuery,
) -> Result<Json<UsageReport>, Problem> {
    let asked = UsageAsked::parse(&query.unwrap_or_default())?;
    let (from, to) = asked.range(date_at(room.now_ms()))?;
    let mut reader = room.db().read().await?;
    let tx = &mut reader.tx();
    let lines = if asked.by == UsageUnit::Platform {
        let found = usage::of_platforms(tx, &tool.id, to, asked.limit).await?;
        let period = written(to);
        let lines = found.into_iter();
        lines
            .map(|of| UsageLine::of_platform(&period, of))
            .collect()
    } else {
        let platform = asked.platform.as_deref().unwrap_or_default();
        let found = usage::between(tx, &tool.id, platform, from, to).await?;
        found.into_iter().map(UsageLine::of_period).collect()
    };
    Ok(Json(UsageReport {
        by: asked.by,
        from: written(from),
        to: written(to),
        usage: lines,
    }))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    fn range(query: &str) -> Result<(i64, i64), String> {
        let today = read_day("2026-11-24").unwrap();
        let asked = UsageAsked::parse(query);
        let range = asked.and_then(|asked| asked.range(today));
        range.map_err(|problem| problem.description.into_owned())
    }

    #[test]
    fn thirty_days_and_twelve_months_are_shown_unless_asked() {
        assert_eq!(range(""), Ok((20_261_026, 20_261_124)));
        assert_eq!(range("to=2026-03-01"), Ok((20_260_131, 20_260_301)));
        assert_eq!(range("by=month"), Ok((202_512, 202_611)));
        assert_eq!(range("by=month&from=2026-10"), Ok((202_610, 202_611)));
        assert_eq!(range("by=platform"), Ok((202_611, 202_611)));
        assert_eq!(range("by=platform&to=2026-05"), Ok((202_605, 202_605)));
    }

    #[test]
    fn what_is_no_parameter_is_refused_by_its_name() {
        for (query, named) in [
            ("by=hour", "'by'"),
            ("from=2026-11", "'from'"),
            ("by=month&to=2026-11-24", "'to'"),
            ("from=2026-11-25", "'from'"),
            ("by=platform&from=2026-10", "'from'"),
            ("limit=0", "'limit'"),
            ("limit=10001", "'limit'"),
            ("format=csv", "'format'"),
        ] {
            let refused = range(query).unwrap_err();
            assert!(refused.contains(named), "{query}: {refused}");
        }
    }
}

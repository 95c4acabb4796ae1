//! `/portal/usage`: launches and people by day, month and platform; `/portal/usage.csv`: the same
//! as a file.

use std::collections::HashMap;

use askama::Template;
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use jiff::civil::Date;

use super::chart::bars;
use super::csv::cell;
use super::frame::{Nav, PortalFrame};
use super::page::PortalAnswer;
use super::people::person::Person;
use super::people::rights::OfUsage;
use super::platforms::address_of;
use super::query::PageQuery;
use super::room::Portal;
use super::short::short_id;
use super::signed_in::SignedIn;
use crate::directory::auth::WithApiKey;
use crate::usage::api::{UsageLine, read_usage};
use crate::usage::period::{date_at, day, days_before, month, months_before, read_month, written};
use crate::web::problem::Problem;
use crate::web::texts::{
    portal as words, portal_health as health_texts, portal_home as home_texts,
    portal_pages as pages, portal_usage as texts,
};

/// Days shown on the page.
const DAYS: i32 = 30;
/// Months shown on the page; their platforms can be listed.
const MONTHS: i32 = 12;
/// Platforms shown on the page.
const PLATFORMS: usize = 20;
/// How many days back files go: as far as anything is kept.
const KEPT_DAYS: i32 = 1_100;
const KEPT_MONTHS: i32 = 37;
/// Stands for launches without a platform.
pub(super) const STUDYREEL: &str = "studyreel";

/// A day or a month in the tables.
struct UsageRow {
    period: String,
    launches: i64,
    people: i64,
}

/// A platform in the table.
struct PlatformUsage {
    name: String,
    /// Its page, if it still exists.
    address: Option<String>,
    /// Its id, if it was removed.
    gone: Option<String>,
    launches: i64,
    people: i64,
}

/// A month to list platforms for.
struct MonthChoice {
    month: String,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "portal/usage.html")]
struct UsagePage<'a> {
    frame: &'a PortalFrame,
    today: UsageRow,
    this_month: UsageRow,
    launch_bars: String,
    people_bars: String,
    days: Vec<UsageRow>,
    months: Vec<UsageRow>,
    platforms: Vec<PlatformUsage>,
    /// Whether launches may be missing from the platforms: files and this table have only what is
    /// written.
    is_late: bool,
    has_more: bool,
    choices: Vec<MonthChoice>,
    month: String,
}

/// `GET /portal/usage`
pub(crate) async fn show(
    State(portal): State<Portal>,
    who: SignedIn<OfUsage>,
    RawQuery(query): RawQuery,
) -> PortalAnswer {
    let person = &who.person;
    let today = date_at(portal.clock.now_ms());
    let chosen = PageQuery::new(query).text("month");
    let chosen = chosen.as_deref().and_then(read_month).unwrap_or(today);
    let of = format!(
        "by=platform&to={}&limit={}",
        written(month(chosen)),
        PLATFORMS + 1
    );
    let mut platforms = ask(&portal, person, of).await?;
    let has_more = platforms.len() > PLATFORMS;
    platforms.truncate(PLATFORMS);
    let (days, months) = by_day_and_month(&portal, person, today).await?;
    let frame = portal.frame(person, Nav::Usage, words::USAGE).await?;
    let choice = |ago| {
        let this = month(months_before(today, ago));
        MonthChoice {
            month: written(this),
            is_chosen: this == month(chosen),
        }
    };
    let (launch_bars, people_bars) = charts(&frame, &days);
    let page = UsagePage {
        today: of_period(&days, day(today)),
        this_month: of_period(&months, month(today)),
        launch_bars,
        people_bars,
        days,
        months,
        platforms: platforms
            .into_iter()
            .map(|line| platform(&frame, line))
            .collect(),
        is_late: month(chosen) == month(today),
        has_more,
        choices: (0..MONTHS).map(choice).collect(),
        month: written(month(chosen)),
        frame: &frame,
    };
    portal.send(StatusCode::OK, &frame, page)
}

/// `GET /portal/usage.csv`: `by` is `day`, `month` or `platform`, with the month in `month`.
pub(crate) async fn csv(
    State(portal): State<Portal>,
    who: SignedIn<OfUsage>,
    RawQuery(query): RawQuery,
) -> PortalAnswer {
    let person = &who.person;
    let query = PageQuery::new(query);
    let today = date_at(portal.clock.now_ms());
    let by = query.one_of("by", &["day", "month", "platform"]);
    let (asked, name) = match by.unwrap_or("day") {
        "month" => {
            let from = written(month(months_before(today, KEPT_MONTHS)));
            (format!("by=month&from={from}"), "usage-by-month".to_owned())
        }
        "platform" => {
            let of = query.text("month").as_deref().and_then(read_month);
            let of = written(month(of.unwrap_or(today)));
            let asked = format!("by=platform&to={of}&limit=10000");
            (asked, format!("usage-by-platform-{of}"))
        }
        _ => {
            let from = written(day(days_before(today, KEPT_DAYS)));
            (format!("by=day&from={from}"), "usage-by-day".to_owned())
        }
    };
    let lines = ask(&portal, person, asked).await?;
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}.csv\""),
        ),
    ];
    let file = file(&lines, by == Some("platform"));
    Ok((headers, file).into_response())
}

/// The API's answer.
async fn ask(portal: &Portal, person: &Person, query: String) -> Result<Vec<UsageLine>, Problem> {
    let (room, key) = (portal.usage.clone(), WithApiKey::granted(&person.tool));
    let Json(report) = read_usage(State(room), key, RawQuery(Some(query))).await?;
    Ok(report.usage)
}

/// The days and months on the page. Like Home, they count what this server hasn't written yet.
async fn by_day_and_month(
    portal: &Portal,
    person: &Person,
    today: Date,
) -> Result<(Vec<UsageRow>, Vec<UsageRow>), Problem> {
    let by_day = ask(portal, person, "by=day".to_owned()).await?;
    let by_month = ask(portal, person, "by=month".to_owned()).await?;
    let mut days = filled(
        &by_day,
        (0..DAYS).rev().map(|ago| day(days_before(today, ago))),
    );
    let mut months = filled(
        &by_month,
        (0..MONTHS).map(|ago| month(months_before(today, ago))),
    );
    let mut reader = portal.db.read().await?;
    let tool_id = &person.tool.id;
    let known = portal.usage.today(&mut reader.tx(), tool_id, "").await?;
    count_today(&mut days, &mut months, known.launches, known.people);
    Ok((days, months))
}

/// Raises today, the last of the days, and this month, the first of the months, to what is known of
/// today. People may be among those that were written already.
fn count_today(days: &mut [UsageRow], months: &mut [UsageRow], launches: i64, people: i64) {
    let (Some(day), Some(month)) = (days.last_mut(), months.first_mut()) else {
        return;
    };
    let unwritten = (launches - day.launches).max(0);
    for row in [day, month] {
        row.launches += unwritten;
        row.people = row.people.max(people);
    }
}

/// A line for each of these periods, including those without launches.
fn filled(lines: &[UsageLine], periods: impl Iterator<Item = i64>) -> Vec<UsageRow> {
    let known: HashMap<&str, &UsageLine> = lines.iter().map(|line| (&*line.period, line)).collect();
    let row = |period: i64| {
        let period = written(period);
        let line = known.get(period.as_str());
        UsageRow {
            launches: line.map_or(0, |line| line.launches),
            people: line.map_or(0, |line| line.people),
            period,
        }
    };
    periods.map(row).collect()
}

fn of_period(rows: &[UsageRow], period: i64) -> UsageRow {
    let period = written(period);
    let row = rows.iter().find(|row| row.period == period);
    UsageRow {
        launches: row.map_or(0, |row| row.launches),
        people: row.map_or(0, |row| row.people),
        period,
    }
}

/// Bar charts of launches and people on these days.
fn charts(frame: &PortalFrame, days: &[UsageRow]) -> (String, String) {
    let numbers = |of: fn(&UsageRow) -> i64| -> Vec<u64> {
        days.iter()
            .map(|day| of(day).max(0).unsigned_abs())
            .collect()
    };
    let most = |numbers: &[u64]| numbers.iter().copied().max().unwrap_or(0);
    let (launches, people) = (numbers(|day| day.launches), numbers(|day| day.people));
    let (most_launches, most_people) = (most(&launches), most(&people));
    let by_day = frame.phrase(texts::BY_DAY.with("most", most_launches.to_string()));
    let people_by_day = frame.phrase(texts::PEOPLE_BY_DAY.with("most", most_people.to_string()));
    let most = most_launches.max(most_people);
    (
        bars(&launches, most, "accent", &by_day),
        bars(&people, most, "ok", &people_by_day),
    )
}

fn platform(frame: &PortalFrame, line: UsageLine) -> PlatformUsage {
    let id = line.platform.unwrap_or_default();
    let (name, address, gone) = match line.name {
        Some(name) => (short_id(&name), Some(address_of(&id)), None),
        None if id == STUDYREEL => (title_of(&id).to_owned(), None, None),
        None => (frame.say(texts::REMOVED).to_owned(), None, Some(id)),
    };
    PlatformUsage {
        name,
        address,
        gone,
        launches: line.launches,
        people: line.people,
    }
}

/// The name for a platform that has none.
fn title_of(id: &str) -> &str {
    if id == STUDYREEL { "StudyReel" } else { id }
}

/// The lines as CSV (RFC 4180).
fn file(lines: &[UsageLine], by_platform: bool) -> String {
    let mut file = String::from(if by_platform {
        "period,platform,name,launches,people\r\n"
    } else {
        "period,launches,people\r\n"
    });
    for line in lines {
        let mut cells = vec![line.period.clone()];
        if by_platform {
            let id = line.platform.as_deref().unwrap_or_default();
            cells.push(cell(id));
            cells.push(cell(line.name.as_deref().unwrap_or(title_of(id))));
        }
        cells.push(line.launches.to_string());
        cells.push(line.people.to_string());
        file.push_str(&cells.join(","));
        file.push_str("\r\n");
    }
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(name: &str) -> UsageLine {
        UsageLine {
            period: "2026-11".into(),
            platform: Some("p1".into()),
            name: Some(name.into()),
            launches: 7,
            people: 3,
        }
    }

    #[test]
    fn names_can_be_no_formula_and_end_no_cell() {
        let lines = [line("=HYPERLINK(\"x\")"), line("A, \"B\"\r\nC")];
        let expected = "period,platform,name,launches,people\r\n\
                        2026-11,\"p1\",\"'=HYPERLINK(\"\"x\"\")\",7,3\r\n\
                        2026-11,\"p1\",\"A, \"\"B\"\"\r\nC\",7,3\r\n";
        assert_eq!(file(&lines, true), expected);
        let expected = "period,launches,people\r\n2026-11,7,3\r\n";
        assert_eq!(file(&lines[..1], false), expected);
    }

    #[test]
    fn days_without_launches_are_there() {
        let mut known = line("A");
        known.period = "2026-11-24".into();
        let days = filled(&[known], [20_261_123, 20_261_124].into_iter());
        let told: Vec<_> = days
            .iter()
            .map(|day| (&*day.period, day.launches))
            .collect();
        assert_eq!(told, [("2026-11-23", 0), ("2026-11-24", 7)]);
    }

    #[test]
    fn what_is_not_written_yet_is_in_day_and_month() {
        let row = |launches, people| UsageRow {
            period: String::new(),
            launches,
            people,
        };
        let counted = |launches, people| {
            let (mut days, mut months) = ([row(9, 9), row(4, 3)], [row(20, 8), row(7, 7)]);
            count_today(&mut days, &mut months, launches, people);
            let told = days.iter().chain(&months);
            told.map(|row| (row.launches, row.people))
                .collect::<Vec<_>>()
        };
        assert_eq!(counted(6, 5), [(9, 9), (6, 5), (22, 8), (7, 7)]);
        assert_eq!(counted(30, 10), [(9, 9), (30, 10), (46, 10), (7, 7)]);
        // While they are being written, they are in neither.
        assert_eq!(counted(3, 2), [(9, 9), (4, 3), (20, 8), (7, 7)]);
    }
}

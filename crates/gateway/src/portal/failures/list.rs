//! `GET /portal/failures`: what failed, grouped by cause or one by one.

use askama::Template;
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use store::trace_causes::{self, Cause, CauseFilter};

use super::order::{OpenFirst, rank};
use super::since::mended_since;
use crate::directory::auth::WithApiKey;
use crate::directory::platforms::Platform;
use crate::kit::clock::iso;
use crate::kit::id::{first_of, time_of};
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::person::Person;
use crate::portal::people::rights::{OfFailures, OfPlatforms};
use crate::portal::query::{PageQuery, address, asking};
use crate::portal::room::Portal;
use crate::portal::signed_in::SignedIn;
use crate::portal::trace_lines::TraceLine;
use crate::traces::api as traces;
use crate::web::meaning::{Meaning, Remedy};
use crate::web::problem::Problem;
use crate::web::texts::{Text, portal_failures as texts, portal_pages as pages};

/// How many causes the page shows.
const CAUSES: usize = 20;
/// How many are checked for having been mended, which may read the store for each.
const CHECKED: usize = 40;
/// How many of the most frequent ones are looked at for them.
const LOOKED_AT: i64 = 200;
/// Attempts per page.
const PAGE_SIZE: &str = "20";
const HOUR_MS: i64 = 60 * 60 * 1000;
/// The periods to choose from, in hours.
const TIMES: [&str; 3] = ["1", "24", "168"];
const KINDS: [&str; 4] = ["launch", "login", "registration", "studyreel"];
/// What can be shown instead of the causes.
const SHOWN: [&str; 2] = ["each", "all"];

/// The filter of the page.
struct FailuresAsked {
    hours: &'static str,
    kind: Option<&'static str>,
    show: Option<&'static str>,
    platform: Option<String>,
    reason: Option<String>,
    after: Option<String>,
}

impl FailuresAsked {
    fn new(query: &PageQuery) -> Self {
        Self {
            hours: query.one_of("since", &TIMES).unwrap_or("24"),
            kind: query.one_of("kind", &KINDS),
            show: query.one_of("show", &SHOWN),
            platform: query.text("platform"),
            reason: query.text("reason"),
            after: query.text("after"),
        }
    }

    fn begins_ms(&self, now: i64) -> i64 {
        let hours: i64 = self.hours.parse().unwrap_or(24);
        now - hours * HOUR_MS
    }

    fn address(&self, after: Option<&str>) -> String {
        let parameters = [
            ("since", Some(self.hours)),
            ("kind", self.kind),
            ("show", self.show),
            ("platform", self.platform.as_deref()),
            ("reason", self.reason.as_deref()),
            ("after", after),
        ];
        address("/portal/failures", &parameters)
    }
}

/// A cause and what to do about it.
struct CauseLine {
    number: i64,
    name: String,
    code: String,
    platform: String,
    times: String,
    /// The page of the newest.
    newest: Option<String>,
    all: String,
    /// The platform to activate, if that is the remedy.
    activates: Option<String>,
    /// Whether there is something to mend here.
    is_ours: bool,
    /// What has been mended since the newest.
    mended: Option<Text>,
}

#[derive(Template)]
#[template(path = "portal/failures.html")]
struct FailuresPage<'a> {
    frame: &'a PortalFrame,
    asked: FailuresAsked,
    may_change: bool,
    by_cause: bool,
    causes: Vec<CauseLine>,
    launches: Vec<TraceLine>,
    first: Option<String>,
    next: Option<String>,
}

pub(crate) async fn show(
    State(portal): State<Portal>,
    who: SignedIn<OfFailures>,
    RawQuery(query): RawQuery,
) -> PortalAnswer {
    let person = &who.person;
    let asked = FailuresAsked::new(&PageQuery::new(query));
    let by_cause = asked.show.is_none() && asked.reason.is_none();
    let (mut causes, mut launches, mut next) = (Vec::new(), Vec::new(), None);
    portal.traces.settled().await;
    let frame = portal.frame(person, Nav::Failures, texts::TITLE).await?;
    if by_cause {
        causes = causes_of(&portal, person, &frame, &asked).await?;
    } else {
        (launches, next) = attempts(&portal, person, &asked).await?;
    }
    let page = FailuresPage {
        may_change: person.may_change::<OfPlatforms>(),
        first: asked.after.is_some().then(|| asked.address(None)),
        next: next.map(|next| asked.address(Some(&next))),
        frame: &frame,
        asked,
        by_cause,
        causes,
        launches,
    };
    portal.send(StatusCode::OK, &frame, page)
}

async fn causes_of(
    portal: &Portal,
    person: &Person,
    frame: &PortalFrame,
    asked: &FailuresAsked,
) -> Result<Vec<CauseLine>, Problem> {
    let filter = CauseFilter {
        from_id: first_of(asked.begins_ms(portal.clock.now_ms())),
        platform_id: asked.platform.clone(),
        kind: asked.kind.map(str::to_owned),
        limit: LOOKED_AT,
    };
    let mut reader = portal.db.read().await?;
    let mut found = trace_causes::causes(&mut reader.tx(), &person.tool.id, &filter).await?;
    drop(reader);
    found.sort_by_key(|cause| {
        let last_at = time_of(&cause.last_id).unwrap_or(0);
        rank(last_at, cause.number, frame.now)
    });
    let mut shown = OpenFirst::new(CAUSES);
    for cause in found.into_iter().take(CHECKED) {
        let code = cause.reason.as_deref().unwrap_or_default();
        let meaning = portal.traces.meaning(code);
        let newest = cause.reference.as_deref();
        let mended = mended_since(portal, person, meaning.remedy, newest).await?;
        if shown.add((cause, meaning, mended), mended.is_some()) {
            break;
        }
    }
    let mut lines = Vec::new();
    for (cause, meaning, mended) in shown.into_list() {
        let platform = match &cause.platform_id {
            Some(id) => portal.directory.platforms.by_id(id).await?,
            None => None,
        };
        let platform = platform.filter(|platform| platform.tool_id == person.tool.id);
        let platform = platform.as_deref();
        let first = first_id(portal, person, &filter, &cause).await?;
        let line = line_of(person, frame, asked, (first, cause), meaning, platform);
        lines.push(CauseLine { mended, ..line });
    }
    Ok(lines)
}

/// The id of a cause's first failure.
async fn first_id(
    portal: &Portal,
    person: &Person,
    filter: &CauseFilter,
    cause: &Cause,
) -> Result<String, Problem> {
    let mut reader = portal.db.read().await?;
    let first = trace_causes::first(&mut reader.tx(), &person.tool.id, filter, cause).await?;
    // It may have been cleaned up since.
    Ok(first.unwrap_or_else(|| cause.last_id.clone()))
}

fn line_of(
    person: &Person,
    frame: &PortalFrame,
    asked: &FailuresAsked,
    (first_id, cause): (String, Cause),
    meaning: Meaning,
    platform: Option<&Platform>,
) -> CauseLine {
    let language = person.language;
    let code = cause.reason.unwrap_or_default();
    let times = texts::SINCE_LAST
        .with("first", frame.when(time_of(&first_id).unwrap_or(0)))
        .with("last", frame.when(time_of(&cause.last_id).unwrap_or(0)));
    let parameters = [
        ("since", Some(asked.hours)),
        ("show", Some("each")),
        ("platform", cause.platform_id.as_deref()),
        ("reason", Some(code.as_str())),
    ];
    let to_activate = platform.filter(|_| meaning.remedy == Remedy::Activate);
    let name = platform.map(|platform| platform.name.clone());
    let no_platform = || texts::NO_PLATFORM.to(language).to_owned();
    CauseLine {
        number: cause.number,
        name: meaning.name.to(language).to_owned(),
        all: address("/portal/failures", &parameters),
        platform: name.or(cause.platform_id).unwrap_or_else(no_platform),
        times: times.to(language).into_owned(),
        newest: cause
            .reference
            .map(|reference| format!("/portal/failures/{reference}")),
        activates: to_activate
            .filter(|platform| !platform.active)
            .map(|platform| platform.id.clone()),
        is_ours: meaning.remedy.is_here(),
        mended: None,
        code,
    }
}

async fn attempts(
    portal: &Portal,
    person: &Person,
    asked: &FailuresAsked,
) -> Result<(Vec<TraceLine>, Option<String>), Problem> {
    let since = iso(asked.begins_ms(portal.clock.now_ms()));
    let outcome = (asked.show != Some("all")).then_some("failed");
    let parameters = [
        ("limit", Some(PAGE_SIZE)),
        ("since", Some(since.as_str())),
        ("outcome", outcome),
        ("kind", asked.kind),
        ("platform", asked.platform.as_deref()),
        ("reason", asked.reason.as_deref()),
        ("cursor", asked.after.as_deref()),
    ];
    let key = WithApiKey::granted(&person.tool);
    let list = traces::list(State(portal.traces.clone()), key, asking(&parameters));
    let Json(list) = list.await?;
    let lines = list.traces.into_iter();
    let lines = lines.map(|trace| TraceLine::new(trace, person.language));
    Ok((lines.collect(), list.next_cursor))
}

//! `GET /portal/platforms`: the platforms of a tool; those that need attention come first.

use std::collections::{HashMap, HashSet};

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use store::platform_list::{self, FoundPlatform, PlatformSearch};
use store::{StoreError, Tx, trace_causes, waiting};

use super::head::{PlatformState, address_of};
use crate::directory::families::{families_like, lms_name, place_of};
use crate::kit::id::first_of;
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::rights::OfPlatforms;
use crate::portal::query::{PageQuery, address, position_of, read_position};
use crate::portal::room::Portal;
use crate::portal::short::{cut_for_page, short_id};
use crate::portal::signed_in::SignedIn;
use crate::web::language::Language;
use crate::web::paging::cut;
use crate::web::texts::{
    portal_health as health, portal_pages as pages, portal_platforms as texts,
};

/// Rows per page.
const PAGE_SIZE: usize = 15;
/// How many platforms a page lists at least in their order, beside those above and below them.
const LEAST_IN_ORDER: usize = 5;
/// How many inactive platforms are listed beside the others.
const INACTIVE_SHOWN: i64 = 4;
/// How many active platforms are listed above the others because of today's refusals.
const TROUBLED_FIRST: usize = 5;
/// For how many platforms failures are counted.
const TROUBLED: i64 = 200;
/// How many platforms are listed above the others at most.
const MOST_ABOVE: usize = 6;
/// How many bytes of the page a product's name and version may take.
const LMS_BYTES: usize = 60;
/// How many platforms are looked up because their keys can't be read, and as many because their
/// services fail.
const UNREADABLE: usize = 10;
/// A day, in milliseconds.
pub(super) const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// States to filter by.
const STATES: [&str; 2] = ["active", "inactive"];
/// Product families to filter by.
const FAMILIES: [&str; 7] = [
    "moodle",
    "canvas",
    "desire2learn",
    "BlackboardLearn",
    "sakai",
    "schoology",
    "openedx",
];

/// A platform in the list.
struct PlatformLine {
    id: String,
    address: String,
    name: String,
    host: String,
    lms: String,
    state: PlatformState,
    active: bool,
    waiting: i64,
    last_launch_at: Option<i64>,
    refused: i64,
    /// Since when our key for it has been signing.
    key_since: Option<i64>,
}

/// The filter and position of the list.
struct ListAsked {
    text: Option<String>,
    state: Option<&'static str>,
    family: Option<&'static str>,
    after: Option<(i64, String)>,
}

impl ListAsked {
    fn new(query: &PageQuery) -> Self {
        Self {
            text: query.text("q"),
            state: query.one_of("state", &STATES),
            family: query.one_of("lms", &FAMILIES),
            after: query.text("after").as_deref().and_then(read_position),
        }
    }

    fn is_filtered(&self) -> bool {
        self.text.is_some() || self.state.is_some() || self.family.is_some()
    }

    /// Whether this is the list's first page.
    fn is_first(&self) -> bool {
        !self.is_filtered() && self.after.is_none()
    }

    fn search(&self, active: bool, limit: i64, now: i64) -> PlatformSearch {
        PlatformSearch {
            active,
            now,
            text: self.text.clone(),
            families: self.family.map(families_like).unwrap_or_default(),
            after: self.after.clone(),
            limit: limit + 1,
        }
    }

    /// The address of the list with the same filter, in this state and from this position on.
    fn address(&self, state: Option<&str>, after: Option<&str>) -> String {
        let parameters = [
            ("q", self.text.as_deref()),
            ("state", state),
            ("lms", self.family),
            ("after", after),
        ];
        address("/portal/platforms", &parameters)
    }
}

/// A product family to filter by.
struct FamilyChoice {
    code: &'static str,
    name: String,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "portal/platforms.html")]
struct PlatformsPage<'a> {
    frame: &'a PortalFrame,
    intro: String,
    may_change: bool,
    rows: Vec<PlatformLine>,
    total: i64,
    total_words: String,
    is_filtered: bool,
    text: String,
    state: &'static str,
    families: Vec<FamilyChoice>,
    /// The list of all inactive ones, if the page doesn't show all.
    all_inactive: Option<String>,
    first: Option<String>,
    next: Option<String>,
}

/// The rows of a page.
struct FoundPage {
    rows: Vec<FoundPlatform>,
    next: Option<String>,
    has_more_inactive: bool,
    total: i64,
    refused: HashMap<String, i64>,
    /// Platforms whose keys can't be read.
    unreadable: HashSet<String>,
    /// Platforms with services that fail.
    failing: HashSet<String>,
}

pub(crate) async fn list(
    State(portal): State<Portal>,
    who: SignedIn<OfPlatforms>,
    RawQuery(query): RawQuery,
) -> PortalAnswer {
    let asked = ListAsked::new(&PageQuery::new(query));
    let person = &who.person;
    let mut found = find(&portal, &person.tool.id, &asked).await?;
    let frame = portal.frame(person, Nav::Platforms, texts::TITLE).await?;
    let language = person.language;
    let intro = texts::INTRO.with("tool", person.tool.name_in(language));
    let total_words = texts::TOTAL.with("number", found.total.to_string());
    let chosen = asked.family;
    let family = |code: &'static str| FamilyChoice {
        code,
        name: lms_name(Some(code), ""),
        is_chosen: chosen == Some(code),
    };
    let rows = std::mem::take(&mut found.rows).into_iter();
    let rows = rows.map(|row| line_of(row, &found, language)).collect();
    portal.send(
        StatusCode::OK,
        &frame,
        PlatformsPage {
            intro: intro.to(language).into_owned(),
            may_change: person.may_change::<OfPlatforms>(),
            total: found.total,
            total_words: total_words.to(language).into_owned(),
            is_filtered: asked.is_filtered(),
            text: asked.text.clone().unwrap_or_default(),
            state: asked.state.unwrap_or_default(),
            families: FAMILIES.into_iter().map(family).collect(),
            all_inactive: found
                .has_more_inactive
                .then(|| asked.address(Some("inactive"), None)),
            first: asked
                .after
                .is_some()
                .then(|| asked.address(asked.state, None)),
            next: found
                .next
                .as_deref()
                .map(|next| asked.address(asked.state, Some(next))),
            rows,
            frame: &frame,
        },
    )
}

/// Inactive platforms on a list's first page.
#[derive(Default)]
struct InactiveRows {
    /// Those that wait for a decision.
    waiting: Vec<FoundPlatform>,
    /// Those that were switched off or refused.
    stopped: Vec<FoundPlatform>,
    has_more: bool,
}

/// Finds some inactive platforms for the first page if no state is chosen: those that wait, if
/// there are any, and then others.
async fn inactive(
    tx: &mut Tx<'_>,
    tool_id: &str,
    asked: &ListAsked,
    now: i64,
) -> Result<InactiveRows, StoreError> {
    if asked.state.is_some() || asked.after.is_some() {
        return Ok(InactiveRows::default());
    }
    let search = asked.search(false, INACTIVE_SHOWN, now);
    let mut found = platform_list::page(tx, tool_id, &search).await?;
    let mut has_more = cut(&mut found, INACTIVE_SHOWN, |_| String::new()).is_some();
    let (mut stopped, mut waiting): (Vec<FoundPlatform>, Vec<FoundPlatform>) = found
        .into_iter()
        .partition(|platform| platform.stopped_at.is_some());
    if !asked.is_filtered() {
        for row in waiting::platforms(tx, tool_id.to_owned(), INACTIVE_SHOWN).await? {
            if waiting.iter().all(|other| other.id != row.id) {
                waiting.extend(platform_list::one(tx, tool_id, &row.id, now).await?);
            }
        }
    }
    let left = usize::try_from(INACTIVE_SHOWN).unwrap_or(0);
    let left = left.saturating_sub(waiting.len());
    has_more |= stopped.len() > left;
    stopped.truncate(left);
    Ok(InactiveRows {
        waiting,
        stopped,
        has_more,
    })
}

/// Some of the tool's active platforms among those of all tools whose keys can't be read.
async fn keyless(
    portal: &Portal,
    tool_id: &str,
    unreadable: &HashSet<String>,
) -> Result<Vec<String>, StoreError> {
    let mut found = Vec::new();
    for id in unreadable {
        // In memory, because a launch or a person has just asked for its keys.
        let platform = portal.directory.platforms.by_id(id).await?;
        if platform.is_some_and(|platform| platform.active && platform.tool_id == tool_id) {
            found.push(id.clone());
        }
        if found.len() == UNREADABLE {
            break;
        }
    }
    Ok(found)
}

/// If no state is chosen, the first page starts with platforms that need attention: some that wait
/// for a decision, those whose keys can't be read, and those that refused most today. It ends with
/// some that are switched off. The further pages list the active ones.
async fn find(portal: &Portal, tool_id: &str, asked: &ListAsked) -> Result<FoundPage, StoreError> {
    portal.traces.settled().await;
    let now = portal.clock.now_ms();
    let since = first_of(now - DAY_MS);
    let unreadable = portal.directory.platform_keys.unreadable();
    let failing = portal.deliveries.client.failing.platforms(tool_id);
    let keyless = match asked.is_first() {
        true => keyless(portal, tool_id, &unreadable).await?,
        false => Vec::new(),
    };
    let mut reader = portal.db.read().await?;
    let tx = &mut reader.tx();
    let total = platform_list::total(tx, tool_id).await?;
    let refused = trace_causes::by_platform(tx, tool_id, &since, TROUBLED).await?;
    let inactive = inactive(tx, tool_id, asked, now).await?;
    let mut above = inactive.waiting;
    if asked.is_first() {
        let refusing = refused.iter().map(|(id, _)| id).take(TROUBLED_FIRST);
        let unwell = keyless.iter().chain(failing.iter().take(UNREADABLE));
        for id in unwell.chain(refusing) {
            if above.len() >= MOST_ABOVE {
                break;
            }
            let troubled = platform_list::one(tx, tool_id, id, now).await?;
            let is_new = above.iter().all(|other| other.id != *id);
            above.extend(troubled.filter(|platform| platform.active && is_new));
        }
    }
    let beside = above.len() + inactive.stopped.len();
    let number = PAGE_SIZE.saturating_sub(beside).max(LEAST_IN_ORDER);
    let number = i64::try_from(number).unwrap_or_default();
    let search = asked.search(asked.state != Some("inactive"), number, now);
    let mut rows = platform_list::page(tx, tool_id, &search).await?;
    let next = cut(&mut rows, number, |last| {
        position_of(last.created_at, &last.id)
    });
    rows.retain(|row| above.iter().all(|other| other.id != row.id));
    above.extend(rows);
    above.extend(inactive.stopped);
    for row in &mut above {
        let unwritten = portal.lti13.visits.unwritten(&row.id);
        row.last_launch_at = row.last_launch_at.max(unwritten);
    }
    Ok(FoundPage {
        unreadable,
        failing,
        rows: above,
        next,
        has_more_inactive: inactive.has_more,
        total,
        refused: refused.into_iter().collect(),
    })
}

fn line_of(row: FoundPlatform, found: &FoundPage, language: Language) -> PlatformLine {
    let is_stopped = row.stopped_at.is_some();
    let lms = lms_name(row.family.as_deref(), &row.issuer);
    PlatformLine {
        address: address_of(&row.id),
        host: short_id(&place_of(&row.issuer)),
        lms: match row.version {
            Some(version) if !lms.is_empty() => cut_for_page(format!("{lms} {version}"), LMS_BYTES),
            _ => cut_for_page(lms, LMS_BYTES),
        },
        state: PlatformState::new(row.active, is_stopped, row.waiting, language)
            .with_failing_services(found.failing.contains(&row.id), language)
            .without_keys(row.active, found.unreadable.contains(&row.id), language),
        active: row.active,
        waiting: row.waiting,
        last_launch_at: row.last_launch_at,
        refused: found.refused.get(&row.id).copied().unwrap_or_default(),
        key_since: row.key_since,
        name: short_id(&row.name),
        id: row.id,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_page_has_as_many_rows_as_any_other() {
        let below = usize::try_from(INACTIVE_SHOWN).unwrap_or_default();
        assert_eq!(MOST_ABOVE + LEAST_IN_ORDER + below, PAGE_SIZE);
    }
}

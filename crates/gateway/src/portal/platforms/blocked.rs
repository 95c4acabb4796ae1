//! `/portal/platforms/{id}/blocked`: people whose launches are refused. Their ids are sent in
//! forms, never in addresses.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use serde_json::json;

use super::head::{self, PlatformHead, PlatformTab, address_of};
use crate::audit::AuditAction;
use crate::directory::auth::WithApiKey;
use crate::directory::blocked;
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::rights::OfPlatforms;
use crate::portal::query::ListPart;
use crate::portal::room::Portal;
use crate::portal::short::{bytes_on_page, rows_that_fit, short_id};
use crate::portal::signed_in::{PortalForm, SignedIn};
use crate::web::problem::Problem;
use crate::web::texts::{portal_pages as pages, portal_platforms as texts};

/// Rows per page.
const PAGE_SIZE: usize = 20;
/// How many bytes of the page they may take; long ids take many.
const ROWS_BYTES: usize = 17_000;
/// How many bytes of the page a row takes besides ids.
const ROW_BYTES: usize = 450;

/// A blocked person.
struct BlockedLine {
    user: String,
    /// Their id as it is shown.
    short: String,
    since: i64,
}

impl BlockedLine {
    /// How many bytes of the page it takes: its form has the whole id.
    fn bytes(&self) -> usize {
        ROW_BYTES + 2 * bytes_on_page(&self.short) + bytes_on_page(&self.user)
    }
}

#[derive(Template)]
#[template(path = "portal/platform_blocked.html")]
struct BlockedPeoplePage<'a> {
    frame: &'a PortalFrame,
    head: PlatformHead,
    may_change: bool,
    number: usize,
    number_words: String,
    rows: Vec<BlockedLine>,
    first: Option<String>,
    next: Option<String>,
}

/// Only users who may unblock people see who is blocked.
pub(crate) async fn show(
    State(portal): State<Portal>,
    who: SignedIn<OfPlatforms>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> PortalAnswer {
    let person = &who.person;
    let (platform, head) = head::open(&portal, person, &id, PlatformTab::Blocked).await?;
    let may_change = person.may_change::<OfPlatforms>();
    let people = portal
        .directory
        .platforms
        .blocked_people(&platform.id)
        .await?;
    let (number, part) = (people.len(), ListPart::new(query, PAGE_SIZE));
    let shown = part.of(people.into_iter()).filter(|_| may_change);
    let rows = shown.map(|(row, user)| BlockedLine {
        short: short_id(&user),
        user,
        since: row.created_at,
    });
    let mut rows: Vec<BlockedLine> = rows.collect();
    let [shown] = rows_that_fit(&[rows.iter().map(BlockedLine::bytes).collect()], ROWS_BYTES);
    rows.truncate(shown);
    let part = part.at_most(shown);
    let path = PlatformTab::Blocked.address(&head.id);
    let number_words = texts::BLOCKED_NUMBER.with("number", number.to_string());
    let frame = portal.frame(person, Nav::Platforms, texts::TITLE).await?;
    portal.send(
        StatusCode::OK,
        &frame,
        BlockedPeoplePage {
            number,
            number_words: number_words.to(person.language).into_owned(),
            rows,
            first: part.first(&path),
            next: part.next(&path, number).filter(|_| may_change),
            may_change,
            frame: &frame,
            head,
        },
    )
}

/// `POST`: blocks or unblocks a person.
pub(crate) async fn change(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    form: PortalForm<OfPlatforms>,
) -> PortalAnswer {
    let person = &form.person;
    let user = form.field("user").unwrap_or_default().trim().to_owned();
    let there = PlatformTab::Blocked.address(&id);
    let asked = form.field("do").unwrap_or_default();
    if asked == "unblock" {
        form.confirmed(&portal, &there)?;
    }
    let (room, key) = (portal.directory.clone(), WithApiKey::granted(&person.tool));
    let path = Path((id.clone(), user.clone()));
    let (done, action, mut told) = match asked.as_str() {
        "block" => {
            let done = blocked::block(State(room), key, path).await;
            (done, AuditAction::PersonBlocked, texts::PERSON_BLOCKED)
        }
        "unblock" => {
            let done = blocked::unblock(State(room), key, path).await;
            (done, AuditAction::PersonUnblocked, texts::PERSON_UNBLOCKED)
        }
        _ => return Err(Problem::wrong_body("Which action?").into()),
    };
    let _ = portal.unless_refused(person, &there, done).await?;
    // The person stays out of the audit, which is kept for longer than the block.
    let entry = person.entry(action, &id).after(json!({"platform": id}));
    portal.audit.write(&portal.db, entry).await?;
    if told == texts::PERSON_BLOCKED {
        let mut reader = portal.db.read().await?;
        let (tx, tool_id) = (&mut reader.tx(), &person.tool.id);
        let seen = portal.usage.may_have_launched(tx, tool_id, &id, &user);
        if !seen.await? {
            told = texts::NOBODY_SEEN_BLOCKED;
        }
    }
    portal.done(person, &there, told)
}

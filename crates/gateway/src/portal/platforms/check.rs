//! `POST /portal/platforms/{id}/check`: checks a platform now, with findings to read and copy; and
//! fetches its keys again.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use super::head::{self, PlatformHead, PlatformTab, address_of};
use crate::audit::AuditAction;
use crate::doctor::Verdict;
use crate::doctor::api::look_at;
use crate::doctor::found::PlatformFinding;
use crate::kit::clock::iso;
use crate::portal::fact::exact;
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::rights::OfPlatforms;
use crate::portal::query::back_to;
use crate::portal::room::Portal;
use crate::portal::signed_in::PortalForm;
use crate::web::language::Language;
use crate::web::texts::{Text, platform_check, portal_pages as pages, portal_platforms as texts};

/// A finding on the page.
struct FindingLine {
    kind: &'static str,
    word: Text,
    what: String,
    /// The cause, in English.
    why: Option<String>,
    advice: Option<Text>,
}

impl FindingLine {
    fn new(found: &PlatformFinding, language: Language) -> Self {
        let (kind, word) = match found.verdict() {
            Verdict::Right => ("ok", texts::FOUND_RIGHT),
            Verdict::Odd => ("warn", texts::FOUND_ODD),
            Verdict::Wrong => ("bad", texts::FOUND_WRONG),
        };
        Self {
            kind,
            word,
            what: found.what(language),
            why: found.why().map(str::to_owned),
            advice: found.advice(),
        }
    }
}

#[derive(Template)]
#[template(path = "portal/platform_check.html")]
struct CheckPage<'a> {
    frame: &'a PortalFrame,
    head: PlatformHead,
    issuer: String,
    client_id: String,
    at: String,
    findings: Vec<FindingLine>,
}

/// `POST`: checks the platform and shows the findings. Each check has this server send requests, so
/// there is a limit, and an entry.
pub(crate) async fn check(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    form: PortalForm<OfPlatforms>,
) -> PortalAnswer {
    let person = &form.person;
    let (platform, head) = head::open(&portal, person, &id, PlatformTab::Overview).await?;
    let (there, wait) = (address_of(&platform.id), platform_check::WAIT_FOR_A_CHECK);
    portal.count_check(person, &platform.id, &there, wait)?;
    let entry = person.entry(AuditAction::PlatformChecked, &*platform.id);
    let entry = entry.named(&*platform.name);
    portal.audit.write(&portal.db, entry).await?;
    let found = look_at(&portal.directory, &person.tool, &platform).await?;
    let line = |found: &PlatformFinding| FindingLine::new(found, person.language);
    let frame = portal.frame(person, Nav::Platforms, texts::TITLE).await?;
    let page = CheckPage {
        at: exact(&iso(portal.clock.now_ms())),
        findings: found.iter().map(line).collect(),
        issuer: platform.row.issuer,
        client_id: platform.row.client_id,
        frame: &frame,
        head,
    };
    portal.send(StatusCode::OK, &frame, page)
}

/// `POST /portal/platforms/{id}/fetch-keys`: fetches its keys again, even if they are cached. It
/// counts as a check.
pub(crate) async fn fetch_keys(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    form: PortalForm<OfPlatforms>,
) -> PortalAnswer {
    let person = &form.person;
    let room = &portal.directory;
    let platform = head::platform_of(&portal, person, &id).await?;
    let there = format!("{}/keys", address_of(&platform.id));
    let there = back_to(form.field("next"), there);
    let wait = platform_check::WAIT_FOR_A_CHECK;
    portal.count_check(person, &platform.id, &there, wait)?;
    let keys = &room.platform_keys;
    let renewed = keys.renew(&platform).await;
    let kid = form.field("kid");
    let has = kid.and_then(|kid| keys.has(&platform, &kid));
    match renewed {
        // The launch that was refused would be refused again.
        Ok(_) if has == Some(false) => {
            let told = texts::KEY_STILL_MISSING.with("name", &*platform.name);
            portal.refused(person, &there, told)
        }
        Ok(number) => {
            let told = texts::KEYS_FETCHED.with("number", number.to_string());
            portal.done(person, &there, told.with("name", &*platform.name))
        }
        // Every cause is in English.
        Err(failure) => portal.refused_in_english(person, &there, &failure.to_string()),
    }
}

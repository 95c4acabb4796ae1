//! `/portal/platforms/waiting`: who wants in, with the facts to decide by, and one click (portal.md PO-5).

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::json;
use std::sync::Arc;

use store::waiting::{WaitingDeployment, WaitingPlatform};

use super::head::address_of;
use crate::audit::AuditAction;
use crate::directory::auth::WithApiKey;
use crate::portal::families::{host_of, lms_name};
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::rights::OfPlatforms;
use crate::portal::query::body_of;
use crate::portal::room::Portal;
use crate::portal::signed_in::{PortalForm, SignedIn};
use crate::registration::approval;
use crate::registration::undecided::UndecidedOffer;
use crate::web::language::Language;
use crate::web::problem::Problem;
use crate::web::texts::{portal_pages as pages, portal_platforms as texts};

/// Entries of each sort at most.
const MOST: usize = 12;

/// A registration that waits for the tool's word.
struct OfferLine {
    key: String,
    name: String,
    about: String,
    /// What it will be asked for.
    asks: String,
    same_issuer: Option<String>,
    invited: bool,
    created_at: i64,
}

impl OfferLine {
    fn new(offer: UndecidedOffer, language: Language) -> Self {
        let lms = lms_name(
            Some(&offer.family)
                .filter(|family| !family.is_empty())
                .map(|f| f.as_str()),
            &offer.issuer,
        );
        let lms = format!("{lms} {}", offer.version);
        let hosts = offer.hosts.join(", ");
        let about = [lms.trim(), offer.issuer.as_str(), hosts.as_str()];
        let about: Vec<&str> = about.into_iter().filter(|part| !part.is_empty()).collect();
        let asks = offer.services.iter().chain(&offer.personal);
        let asks: Vec<&str> = asks.map(|text| text.to(language)).collect();
        let same = texts::SAME_ISSUER.with("number", offer.known.to_string());
        Self {
            about: about.join(" · "),
            asks: asks.join(" · "),
            same_issuer: (offer.known > 0).then(|| same.to(language).into_owned()),
            key: offer.key,
            name: offer.name,
            invited: offer.invited,
            created_at: offer.created_at,
        }
    }
}

/// A platform that is registered and was never active.
struct InactiveLine {
    id: String,
    address: String,
    name: String,
    about: String,
    created_at: i64,
}

impl From<WaitingPlatform> for InactiveLine {
    fn from(row: WaitingPlatform) -> Self {
        let lms = lms_name(row.family.as_deref(), &row.issuer);
        let about = [lms, row.version.unwrap_or_default(), host_of(&row.issuer)];
        let about: Vec<String> = about.into_iter().filter(|part| !part.is_empty()).collect();
        Self {
            address: address_of(&row.id),
            id: row.id,
            name: row.name,
            about: about.join(" · "),
            created_at: row.created_at,
        }
    }
}

#[derive(Template)]
#[template(path = "portal/platform_queue.html")]
struct QueuePage<'a> {
    frame: &'a PortalFrame,
    says: String,
    may_change: bool,
    offers: Vec<OfferLine>,
    inactive: Vec<InactiveLine>,
    deployments: Vec<WaitingDeployment>,
}

/// The page.
pub(crate) async fn show(State(portal): State<Portal>, who: SignedIn<OfPlatforms>) -> PortalAnswer {
    let person = &who.person;
    let language = person.language;
    let offers = portal.registrations.undecided(&person.tool).await?;
    let waiting = portal.waiting(&person.tool.id).await?;
    let says = texts::QUEUE_SAYS.with("tool", person.tool.name_in(language));
    let frame = portal
        .frame(person, Nav::Platforms, texts::QUEUE_TITLE)
        .await?;
    let offer = |offer| OfferLine::new(offer, language);
    let inactive = waiting.platforms.into_iter().take(MOST);
    portal.send(
        StatusCode::OK,
        &frame,
        QueuePage {
            says: says.to(language).into_owned(),
            may_change: person.may_change::<OfPlatforms>(),
            offers: offers.into_iter().take(MOST).map(offer).collect(),
            inactive: inactive.map(InactiveLine::from).collect(),
            deployments: waiting.deployments.into_iter().take(MOST).collect(),
            frame: &frame,
        },
    )
}

/// `POST /portal/platforms/waiting/{key}`: approves a registration, as the tool's own page does.
pub(crate) async fn approve(
    State(portal): State<Portal>,
    Path(key): Path<String>,
    form: PortalForm<OfPlatforms>,
) -> PortalAnswer {
    let person = &form.person;
    let id = portal
        .registrations
        .undecided_id(&person.tool, &key)
        .await?;
    let gone = || {
        Problem::page(
            StatusCode::NOT_FOUND,
            "REGISTRATION_NOT_FOUND",
            texts::QUEUE_TITLE,
            texts::APPROVAL_GONE,
        )
    };
    let id = id.ok_or_else(gone)?;
    let name = form.field("name").unwrap_or_default();
    let active = form.field("active").is_some();
    let mut body = json!({"autoActivate": active});
    if !name.trim().is_empty() {
        body["platformName"] = name.trim().into();
    }
    let answer = approval::complete(
        State(portal.registrations.clone()),
        WithApiKey::granted(&person.tool),
        Path(id),
        HeaderMap::new(),
        body_of(&body),
    );
    let mut answer = answer.await;
    if let Some(problem) = answer.extensions_mut().remove::<Arc<Problem>>() {
        // Whole, with what the platform said and when to try again.
        let held = || Problem::internal("a registration's problem is held elsewhere");
        return Err(Arc::into_inner(problem).unwrap_or_else(held).into());
    }
    let entry = person
        .entry(AuditAction::RegistrationApproved, key)
        .after(body);
    portal.audit.write(&portal.db, entry).await?;
    let told = texts::APPROVED.with("name", name);
    portal.done(person, "/portal/platforms/waiting", told)
}

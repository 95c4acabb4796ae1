//! `GET /portal/connect`: which LMS to connect, invitations for its administrator, and the link for
//! everyone.

use askama::Template;
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;

use super::address::CONNECT;
use super::invites::InviteForm;
use super::lms::{LMSS, lms_of};
use super::ours::only_here;
use super::url_way::{UrlWay, activates_at_once};
use crate::directory::auth::WithApiKey;
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::rights::OfPlatforms;
use crate::portal::query::{ListPart, ms_of};
use crate::portal::room::Portal;
use crate::portal::short::short_id;
use crate::portal::signed_in::SignedIn;
use crate::registration::invite::{self, InviteAnswer};
use crate::web::language::Language;
use crate::web::texts::{
    Text, portal_connect as texts, portal_pages as pages, portal_trial as trial_texts,
};

/// Invitations per page.
const PAGE_SIZE: usize = 15;
/// The code of "any other" LMS.
const OTHER: &str = "other";

/// An LMS to choose.
struct LmsChoice {
    code: &'static str,
    name: String,
    way: Text,
    minutes: String,
}

/// An invitation in the list.
struct InviteLine {
    id: String,
    name: String,
    left: String,
    ends: Option<i64>,
    has_ended: bool,
    created_at: i64,
}

impl InviteLine {
    fn new(invite: InviteAnswer, now: i64, language: Language) -> Self {
        let name = invite.preset.get("platformName");
        let name = name.and_then(|name| name.as_str()).map(short_id);
        let left = match invite.uses_left {
            Some(0) => texts::INVITE_USED.to(language).to_owned(),
            Some(left) => {
                let left = texts::INVITE_LEFT.with("number", left.to_string());
                left.to(language).into_owned()
            }
            None => texts::USES_ANY.to(language).to_owned(),
        };
        let ends = invite.expires_at.as_deref().map(ms_of);
        Self {
            id: invite.id,
            name: name.unwrap_or_else(|| texts::INVITE_UNNAMED.to(language).to_owned()),
            left,
            has_ended: ends.is_some_and(|end| end <= now),
            ends,
            created_at: ms_of(&invite.created_at),
        }
    }
}

#[derive(Template)]
#[template(path = "portal/connect.html")]
struct ConnectPage<'a> {
    frame: &'a PortalFrame,
    /// The LMS whose page a link created here leads to: none of the known ones.
    code: &'static str,
    since: i64,
    may_change: bool,
    /// Whether the link of an invitation would work.
    may_invite: bool,
    invite: InviteForm,
    choices: Vec<LmsChoice>,
    /// The address for registering without an invitation, if that is allowed.
    open: Option<String>,
    /// What happens to platforms that use it.
    open_says: Text,
    /// A warning if no LMS elsewhere can reach us.
    only_here: Option<String>,
    invites: Vec<InviteLine>,
    first: Option<String>,
    next: Option<String>,
}

pub(crate) async fn show(
    State(portal): State<Portal>,
    who: SignedIn<OfPlatforms>,
    RawQuery(query): RawQuery,
) -> PortalAnswer {
    let person = &who.person;
    let language = person.language;
    let way = UrlWay::of(&person.tool);
    let may_change = person.may_change::<OfPlatforms>();
    let room = State(portal.registrations.clone());
    let Json(list) = invite::list(room, WithApiKey::granted(&person.tool)).await?;
    let (number, part) = (list.invites.len(), ListPart::new(query, PAGE_SIZE));
    // Newest first.
    let invites = part.of(list.invites.into_iter().rev());
    let now = portal.clock.now_ms();
    let choices = LMSS.iter().map(|lms| LmsChoice {
        code: lms.code,
        name: match lms.name {
            "" => texts::OTHER.to(language).to_owned(),
            name => name.to_owned(),
        },
        way: lms.way,
        minutes: texts::MINUTES
            .with("number", lms.minutes)
            .to(language)
            .into_owned(),
    });
    let frame = portal.frame(person, Nav::Platforms, texts::TITLE).await?;
    let page = ConnectPage {
        code: OTHER,
        invite: InviteForm::of(person, lms_of(OTHER)),
        since: now,
        may_invite: may_change && way.takes_invitations(),
        may_change,
        choices: choices.collect(),
        open: (way == UrlWay::Open).then(|| portal.address(&person.tool, "/lti/register")),
        open_says: match activates_at_once(&person.tool) {
            true => texts::EVERYBODY_SAYS_ACTIVE,
            false => texts::EVERYBODY_SAYS,
        },
        only_here: only_here(&portal, &person.tool, language),
        invites: invites
            .map(|row| InviteLine::new(row, now, language))
            .collect(),
        first: part.first(CONNECT),
        next: part.next(CONNECT, number),
        frame: &frame,
    };
    portal.send(StatusCode::OK, &frame, page)
}

//! `GET /portal/connect`: which LMS to connect, invitations for its administrator, and the link for
//! everyone.

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;

use super::lms::LMSS;
use super::url_way::UrlWay;
use crate::directory::auth::WithApiKey;
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::rights::OfPlatforms;
use crate::portal::query::ms_of;
use crate::portal::room::Portal;
use crate::portal::signed_in::SignedIn;
use crate::registration::invite::{self, InviteAnswer};
use crate::web::language::Language;
use crate::web::texts::{
    Text, portal_connect as texts, portal_pages as pages, portal_trial as trial_texts,
};

/// How many invitations the page shows.
const MOST: usize = 20;

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
    created_at: i64,
}

impl InviteLine {
    fn new(invite: InviteAnswer, language: Language) -> Self {
        let name = invite.preset.get("platformName");
        let name = name.and_then(|name| name.as_str()).map(str::to_owned);
        let left = match invite.uses_left {
            Some(0) => texts::INVITE_USED.to(language).to_owned(),
            Some(left) => {
                let left = texts::INVITE_LEFT.with("number", left.to_string());
                left.to(language).into_owned()
            }
            None => texts::USES_ANY.to(language).to_owned(),
        };
        Self {
            id: invite.id,
            name: name.unwrap_or_else(|| texts::INVITE_UNNAMED.to(language).to_owned()),
            left,
            ends: invite.expires_at.as_deref().map(ms_of),
            created_at: ms_of(&invite.created_at),
        }
    }
}

#[derive(Template)]
#[template(path = "portal/connect.html")]
struct ConnectPage<'a> {
    frame: &'a PortalFrame,
    since: i64,
    may_change: bool,
    /// Whether the link of an invitation would work.
    may_invite: bool,
    choices: Vec<LmsChoice>,
    /// The address for registering without an invitation, if that is allowed.
    open: Option<String>,
    invites: Vec<InviteLine>,
}

pub(crate) async fn show(State(portal): State<Portal>, who: SignedIn<OfPlatforms>) -> PortalAnswer {
    let person = &who.person;
    let language = person.language;
    let way = UrlWay::of(&person.tool);
    let may_change = person.may_change::<OfPlatforms>();
    let room = State(portal.registrations.clone());
    let Json(list) = invite::list(room, WithApiKey::granted(&person.tool)).await?;
    // Newest first.
    let invites = list.invites.into_iter().rev().take(MOST);
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
        since: portal.clock.now_ms(),
        may_invite: may_change && way.takes_invitations(),
        may_change,
        choices: choices.collect(),
        open: (way == UrlWay::Open).then(|| portal.address(&person.tool, "/lti/register")),
        invites: invites.map(|row| InviteLine::new(row, language)).collect(),
        frame: &frame,
    };
    portal.send(StatusCode::OK, &frame, page)
}

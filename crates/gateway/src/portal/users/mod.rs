//! `/portal/users`: who may sign in, and in which role. Owners make the changes; each requires the
//! password unless it was given just now. API keys change users through the same functions, but
//! can't change owners (decision 0353).

pub(crate) mod api;
mod changes;
mod choices;
pub(crate) mod invitations_api;
pub(crate) mod invite;
pub(crate) mod sessions_api;
pub(crate) mod user;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use store::portal_links::{self, PortalLink, PortalLinkKind};
use store::{StoreError, portal_users};

use self::choices::{PATH, RoleChoice, choices, role_of};
use super::frame::{Nav, PortalFrame};
use super::links::invited;
use super::page::PortalAnswer;
use super::people::person::Person;
use super::people::profile::UserProfile;
use super::people::rights::{
    OfAudit, OfDeliveries, OfExports, OfFailures, OfKeys, OfPlatforms, OfSettings, OfStudents,
    OfTools, OfUsage, OfUsers, Right,
};
use super::people::role::Role;
use super::query::ListPart;
use super::room::Portal;
use super::signed_in::SignedIn;
use crate::web::texts::{Text, portal_pages as pages, portal_users as texts};

/// Users and links per page.
const PAGE_SIZE: usize = 15;

/// A user in the list.
struct UserLine {
    id: String,
    name: String,
    login: String,
    role: Text,
    is_me: bool,
    /// The identity provider, if they are connected with it.
    provider: Option<String>,
    has_second_step: bool,
    seen_at: Option<i64>,
}

/// An unused link.
struct LinkLine {
    id: String,
    /// The person it is for.
    who: String,
    role: Option<Text>,
    state: Text,
    expires_at: i64,
}

/// A line of the list: users come before links.
enum UserRow {
    User(UserLine),
    Link(LinkLine),
}

/// What each role may do in an area, in the order of [`Role::ALL`].
struct AreaLine {
    area: Text,
    may: Vec<(Text, Text)>,
}

fn area<R: Right>(area: Text) -> AreaLine {
    let may = Role::ALL.map(|role| {
        let may = if R::CHANGE.contains(&role) {
            texts::MAY_ALL
        } else if R::READ.contains(&role) {
            texts::MAY_READ
        } else {
            texts::MAY_NOT
        };
        (role.title(), may)
    });
    AreaLine {
        area,
        may: may.to_vec(),
    }
}

fn areas() -> Vec<AreaLine> {
    vec![
        area::<OfFailures>(texts::AREA_FAILURES),
        area::<OfDeliveries>(texts::AREA_DELIVERIES),
        area::<OfPlatforms>(texts::AREA_PLATFORMS),
        area::<OfStudents>(texts::AREA_STUDENTS),
        area::<OfSettings>(texts::AREA_SETTINGS),
        area::<OfKeys>(texts::AREA_KEYS),
        area::<OfUsage>(texts::AREA_USAGE),
        area::<OfAudit>(texts::AREA_AUDIT),
        area::<OfExports>(texts::AREA_EXPORTS),
        area::<OfUsers>(texts::AREA_USERS),
        area::<OfTools>(texts::AREA_TOOLS),
    ]
}

#[derive(Template)]
#[template(path = "portal/users.html")]
struct UsersPage<'a> {
    frame: &'a PortalFrame,
    rows: Vec<UserRow>,
    first: Option<String>,
    next: Option<String>,
    areas: Vec<AreaLine>,
    roles: Vec<RoleChoice>,
    /// The address that was about to be invited.
    mail: &'a str,
    may_change: bool,
}

/// `GET /portal/users`
pub(crate) async fn list(
    State(portal): State<Portal>,
    who: SignedIn<OfUsers>,
    RawQuery(query): RawQuery,
) -> PortalAnswer {
    let person = &who.person;
    let rows = rows(&portal, person).await?;
    let (number, part) = (rows.len(), ListPart::new(query, PAGE_SIZE));
    let frame = portal.frame(person, Nav::Users, texts::TITLE).await?;
    let page = UsersPage {
        frame: &frame,
        rows: part.of(rows.into_iter()).collect(),
        first: part.first(PATH),
        next: part.next(PATH, number),
        areas: areas(),
        roles: choices(person.kept(PATH, "role").map_or(Role::Support, role_of)),
        mail: person.kept(PATH, "mail").unwrap_or_default(),
        may_change: person.may_change::<OfUsers>(),
    };
    portal.send(StatusCode::OK, &frame, page)
}

/// Every user of the tool, then every link that still waits.
async fn rows(portal: &Portal, person: &Person) -> Result<Vec<UserRow>, StoreError> {
    let mut reader = portal.db.read().await?;
    let users = portal_users::of_tool(&mut reader.tx(), person.tool.id.clone()).await?;
    let links = portal_links::of_tool(&mut reader.tx(), person.tool.id.clone()).await?;
    drop(reader);
    let now = portal.clock.now_ms();
    let oidc = portal.own.oidc.as_ref();
    let label = oidc.map(|oidc| &oidc.settings().label);
    let mut names: Vec<(String, String)> = Vec::new();
    let mut rows = Vec::new();
    for user in users {
        let profile = UserProfile::open(&portal.rows, &user.id, &user.profile_sealed)?;
        names.push((user.id.clone(), profile.login.clone()));
        rows.push(UserRow::User(UserLine {
            is_me: user.id == person.id,
            role: role_of(&user.role).title(),
            provider: label.filter(|_| user.oidc_hash.is_some()).cloned(),
            has_second_step: user.totp_sealed.is_some(),
            seen_at: user.seen_at,
            id: user.id,
            name: profile.name,
            login: profile.login,
        }));
    }
    for link in links.into_iter().filter(|link| now < link.expires_at) {
        rows.push(UserRow::Link(line_of(portal, &link, &names)?));
    }
    Ok(rows)
}

fn line_of(
    portal: &Portal,
    link: &PortalLink,
    names: &[(String, String)],
) -> Result<LinkLine, StoreError> {
    let known = link.user_id.as_ref();
    let known = known.and_then(|id| names.iter().find(|(known, _)| known == id));
    let who = match known {
        Some((_, login)) => Some(login.clone()),
        None => invited(&portal.rows, link)?,
    };
    let (role, state) = match link.kind {
        PortalLinkKind::FirstOwner => (Some(Role::Owner), texts::OWNER_WAITS),
        PortalLinkKind::Invitation => (Some(role_of(&link.role)), texts::INVITED),
        PortalLinkKind::NewPassword => (None, texts::RESET_WAITS),
    };
    Ok(LinkLine {
        id: link.id.clone(),
        who: who.unwrap_or_else(|| "—".to_owned()),
        role: role.map(Role::title),
        state,
        expires_at: link.expires_at,
    })
}

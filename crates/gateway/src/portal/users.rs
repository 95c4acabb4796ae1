//! `/portal/users`: who may sign in, and as what. Owners change it; each change asks for the password if it wasn't given
//! just now.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use store::portal_links::{self, PortalLink, PortalLinkKind};
use store::portal_sessions;
use store::portal_users::{self, PortalUser};
use store::{StoreError, tools};

use super::frame::{Nav, PortalFrame};
use super::links::{NewPortalLink, invited};
use super::page::{PortalAnswer, PortalRefusal};
use super::people::person::Person;
use super::people::profile::UserProfile;
use super::people::rights::{
    OfAudit, OfDeliveries, OfFailures, OfKeys, OfPlatforms, OfSettings, OfStudents, OfUsage,
    OfUsers, Right,
};
use super::people::role::Role;
use super::room::Portal;
use super::signed_in::{PortalForm, SignedIn};
use crate::audit::AuditEntry;
use crate::web::texts::{Phrase, Text, portal_users as texts};

/// Users and links of a tool at most.
const MOST: usize = 200;
const PAGE: &str = "/portal/users";

/// Somebody in the list.
struct UserLine {
    id: String,
    name: String,
    login: String,
    role: Text,
    is_me: bool,
    has_second_step: bool,
    seen_at: Option<i64>,
}

/// A link that waits to be used.
struct LinkLine {
    id: String,
    /// Whom it is for.
    who: String,
    role: Option<Text>,
    state: Text,
    expires_at: i64,
}

/// A role to choose.
struct RoleChoice {
    value: &'static str,
    title: Text,
    is_chosen: bool,
}

fn choices(chosen: Role) -> Vec<RoleChoice> {
    let choice = |role: Role| RoleChoice {
        value: role.as_str(),
        title: role.title(),
        is_chosen: role == chosen,
    };
    Role::ALL.into_iter().map(choice).collect()
}

/// What each role may do in an area: in the order of [`Role::ALL`].
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
        area::<OfUsers>(texts::AREA_USERS),
    ]
}

#[derive(Template)]
#[template(path = "portal/users.html")]
struct UsersPage<'a> {
    frame: &'a PortalFrame,
    users: Vec<UserLine>,
    links: Vec<LinkLine>,
    areas: Vec<AreaLine>,
    roles: Vec<RoleChoice>,
    may_change: bool,
}

#[derive(Template)]
#[template(path = "portal/user.html")]
struct UserPage<'a> {
    frame: &'a PortalFrame,
    id: &'a str,
    name: &'a str,
    login: &'a str,
    roles: Vec<RoleChoice>,
    new_password_says: Phrase,
    end_says: Phrase,
    remove_says: Phrase,
    remove: Phrase,
}

#[derive(Template)]
#[template(path = "portal/user_link.html")]
struct UserLinkPage<'a> {
    frame: &'a PortalFrame,
    says: Phrase,
    address: String,
}

/// `GET /portal/users`
pub(crate) async fn list(State(portal): State<Portal>, who: SignedIn<OfUsers>) -> PortalAnswer {
    let person = &who.person;
    let mut reader = portal.db.read().await?;
    let users = portal_users::of_tool(&mut reader.tx(), person.tool.id.clone()).await?;
    let links = portal_links::of_tool(&mut reader.tx(), person.tool.id.clone()).await?;
    drop(reader);
    let now = portal.clock.now_ms();
    let mut names: Vec<(String, String)> = Vec::new();
    let mut lines = Vec::new();
    for user in users {
        let profile = UserProfile::open(&portal.rows, &user.id, &user.profile_sealed)?;
        names.push((user.id.clone(), profile.login.clone()));
        lines.push(UserLine {
            is_me: user.id == person.id,
            role: role_of(&user.role).title(),
            has_second_step: user.totp_sealed.is_some(),
            seen_at: user.seen_at,
            id: user.id,
            name: profile.name,
            login: profile.login,
        });
    }
    let waiting = links.into_iter().filter(|link| now < link.expires_at);
    let waiting = waiting.map(|link| line_of(&portal, &link, &names));
    let links = waiting.collect::<Result<Vec<_>, _>>()?;
    let frame = portal.frame(person, Nav::Users, texts::TITLE).await?;
    let page = UsersPage {
        frame: &frame,
        users: lines,
        links,
        areas: areas(),
        roles: choices(Role::Support),
        may_change: person.may_change::<OfUsers>(),
    };
    portal.send(StatusCode::OK, &frame, page)
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

/// A role that this version doesn't know may least.
fn role_of(name: &str) -> Role {
    Role::named(name).unwrap_or(Role::Viewer)
}

/// `POST /portal/users`: an invitation.
pub(crate) async fn invite(
    State(portal): State<Portal>,
    form: PortalForm<OfUsers>,
) -> PortalAnswer {
    form.confirmed(&portal, PAGE)?;
    let person = &form.person;
    let role = form.field("role").and_then(|role| Role::named(&role));
    let mail = form.field("mail").and_then(|mail| UserProfile::mail(&mail));
    let (Some(role), Some(mail)) = (role, mail) else {
        return portal.done(person, PAGE, texts::WRONG_MAIL);
    };
    let (tool_id, now) = (&person.tool.id, portal.clock.now_ms());
    let link = NewPortalLink::to_join(tool_id, role, &mail, &portal.rows, now, &portal.random);
    let entry = person.entry("user.invited", link.id()).named(&*mail);
    let entry = entry.after(serde_json::json!({"role": role.as_str()}));
    let path = link.path();
    if !portal.store_link(person, link, entry).await? {
        return portal.done(person, PAGE, texts::TOO_MANY);
    }
    portal.show_link(person, &mail, &path, 7).await
}

/// `POST /portal/users/links/{id}/withdraw`
pub(crate) async fn withdraw(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    form: PortalForm<OfUsers>,
) -> PortalAnswer {
    let person = &form.person;
    let mut reader = portal.db.read().await?;
    let links = portal_links::of_tool(&mut reader.tx(), person.tool.id.clone()).await?;
    drop(reader);
    if !links.iter().any(|link| link.id == id) {
        return portal.nothing(person).await;
    }
    let (entry, audit) = (
        person.entry("user.linkWithdrawn", &*id),
        portal.audit.clone(),
    );
    let take = portal.db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move {
            if portal_links::take(&mut tx, id).await? {
                audit.note(&mut tx, entry).await?;
            }
            Ok(())
        })
    });
    take.await?;
    portal.done(person, PAGE, texts::WITHDRAWN)
}

/// `GET /portal/users/{id}`
pub(crate) async fn one(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    who: SignedIn<OfUsers>,
) -> PortalAnswer {
    let person = &who.person;
    let Some((user, profile)) = portal.user_of(person, &id).await? else {
        return portal.nothing(person).await;
    };
    let frame = portal.frame(person, Nav::Users, texts::TITLE).await?;
    let named = |text: Text| text.with("name", &*profile.name);
    let page = UserPage {
        new_password_says: named(texts::NEW_PASSWORD_SAYS),
        end_says: named(texts::END_SAYS),
        remove_says: named(texts::REMOVE_SAYS),
        remove: named(texts::REMOVE),
        frame: &frame,
        id: &user.id,
        name: &profile.name,
        login: &profile.login,
        roles: choices(role_of(&user.role)),
    };
    portal.send(StatusCode::OK, &frame, page)
}

/// What is done to a user: `POST /portal/users/{id}/{what}`.
#[derive(Clone, Copy)]
enum UserChange {
    Role(Role),
    Remove,
    EndSessions,
}

/// `POST /portal/users/{id}/role`
pub(crate) async fn set_role(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    form: PortalForm<OfUsers>,
) -> PortalAnswer {
    form.confirmed(&portal, &page_of(&id))?;
    let role = form.field("role").and_then(|role| Role::named(&role));
    match role {
        Some(role) => {
            portal
                .change_user(&form.person, &id, UserChange::Role(role))
                .await
        }
        None => portal.nothing(&form.person).await,
    }
}

/// `POST /portal/users/{id}/remove`
pub(crate) async fn remove(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    form: PortalForm<OfUsers>,
) -> PortalAnswer {
    form.confirmed(&portal, &page_of(&id))?;
    portal
        .change_user(&form.person, &id, UserChange::Remove)
        .await
}

/// `POST /portal/users/{id}/end-sessions`
pub(crate) async fn end_sessions(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    form: PortalForm<OfUsers>,
) -> PortalAnswer {
    portal
        .change_user(&form.person, &id, UserChange::EndSessions)
        .await
}

/// `POST /portal/users/{id}/new-password`
pub(crate) async fn new_password(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    form: PortalForm<OfUsers>,
) -> PortalAnswer {
    form.confirmed(&portal, &page_of(&id))?;
    let person = &form.person;
    let Some((user, profile)) = portal.user_of(person, &id).await? else {
        return portal.nothing(person).await;
    };
    let (tool_id, now) = (&person.tool.id, portal.clock.now_ms());
    let link = NewPortalLink::to_new_password(tool_id, &user.id, now, &portal.random);
    let entry = person
        .entry("user.passwordLinkMade", &*user.id)
        .named(profile.name);
    let path = link.path();
    if !portal.store_link(person, link, entry).await? {
        return portal.done(person, PAGE, texts::TOO_MANY);
    }
    portal.show_link(person, &profile.login, &path, 1).await
}

/// The page of a user, to come back to.
fn page_of(id: &str) -> String {
    format!("{PAGE}/{id}")
}

impl Portal {
    /// A user of the person's own tool.
    async fn user_of(
        &self,
        person: &Person,
        id: &str,
    ) -> Result<Option<(PortalUser, UserProfile)>, PortalRefusal> {
        let user = portal_users::by_id(&mut self.db.read().await?.tx(), id.to_owned()).await?;
        let Some(user) = user.filter(|user| user.tool_id == person.tool.id) else {
            return Ok(None);
        };
        let profile = UserProfile::open(&self.rows, &user.id, &user.profile_sealed)?;
        Ok(Some((user, profile)))
    }

    /// Stores a link; false if there are too many.
    async fn store_link(
        &self,
        person: &Person,
        link: NewPortalLink,
        entry: AuditEntry,
    ) -> Result<bool, StoreError> {
        let (tool_id, keys) = (person.tool.id.clone(), self.own.keys.clone());
        let audit = self.audit.clone();
        let store = self.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                // Of two at once, one counts the other's.
                tools::lock(&mut tx, tool_id.clone()).await?;
                let users = portal_users::of_tool(&mut tx, tool_id.clone()).await?;
                let links = portal_links::of_tool(&mut tx, tool_id).await?;
                if users.len() + links.len() >= MOST {
                    return Ok(false);
                }
                link.store(&mut tx, &keys).await?;
                audit.note(&mut tx, entry).await?;
                Ok(true)
            })
        });
        store.await
    }

    /// Shows a link that is stored: only now.
    async fn show_link(&self, person: &Person, mail: &str, path: &str, days: i64) -> PortalAnswer {
        let frame = self.frame(person, Nav::Users, texts::LINK_HEADING).await?;
        let ends = frame.now + days * 24 * 60 * 60 * 1000;
        let says = texts::LINK_SAYS
            .with("mail", mail)
            .with("when", frame.when(ends));
        let page = UserLinkPage {
            frame: &frame,
            says,
            address: self.address(path),
        };
        self.send(StatusCode::OK, &frame, page)
    }

    /// Changes a user, if an owner is left afterwards.
    async fn change_user(&self, person: &Person, id: &str, change: UserChange) -> PortalAnswer {
        let Some((user, profile)) = self.user_of(person, id).await? else {
            return self.nothing(person).await;
        };
        let before = serde_json::json!({"role": user.role});
        let (entry, says) = match change {
            UserChange::Role(role) => {
                let entry = person.entry("user.roleChanged", id).before(before);
                let says = texts::ROLE_CHANGED
                    .with("name", &*profile.name)
                    .with("role", role.title().to(person.language));
                (
                    entry.after(serde_json::json!({"role": role.as_str()})),
                    says,
                )
            }
            UserChange::Remove => (
                person.entry("user.removed", id).before(before),
                texts::REMOVED.with("name", &*profile.name),
            ),
            UserChange::EndSessions => (
                person.entry("user.sessionsEnded", id),
                texts::ENDED.with("name", &*profile.name),
            ),
        };
        let (entry, audit) = (entry.named(profile.name), self.audit.clone());
        let (tool_id, id) = (person.tool.id.clone(), user.id);
        let write = self.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                // Of two that remove the last two owners, one finds the other gone.
                tools::lock(&mut tx, tool_id.clone()).await?;
                let users = portal_users::of_tool(&mut tx, tool_id).await?;
                let keeps_owner = matches!(
                    change,
                    UserChange::EndSessions | UserChange::Role(Role::Owner)
                );
                let is_other_owner =
                    |user: &PortalUser| user.id != id && user.role == Role::Owner.as_str();
                if !keeps_owner && !users.iter().any(is_other_owner) {
                    return Ok(false);
                }
                match change {
                    UserChange::Role(role) => {
                        let role = role.as_str().to_owned();
                        portal_users::set_role(&mut tx, id, role).await?;
                    }
                    UserChange::Remove => {
                        portal_users::delete(&mut tx, id).await?;
                    }
                    UserChange::EndSessions => {
                        portal_sessions::end_others(&mut tx, id, String::new()).await?;
                    }
                }
                audit.note(&mut tx, entry).await?;
                Ok(true)
            })
        });
        if write.await? {
            self.done(person, PAGE, says)
        } else {
            self.done(person, PAGE, texts::LAST_OWNER)
        }
    }
}

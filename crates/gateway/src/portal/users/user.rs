//! `/portal/users/{id}`: one user, and what owners may change about them.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use store::StoreError;
use store::portal_users::{self, PortalUser};

use super::changes::{UserChange, UserChanged};
use super::choices::{PATH, RoleChoice, choices, role_of};
use super::invite::LinkMaker;
use crate::audit::{AuditAction, AuditEntry};
use crate::portal::ask::ConfirmQuestion;
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::links::NewPortalLink;
use crate::portal::page::{PortalAnswer, PortalRefusal};
use crate::portal::people::person::Person;
use crate::portal::people::profile::UserProfile;
use crate::portal::people::rights::OfUsers;
use crate::portal::people::role::Role;
use crate::portal::room::Portal;
use crate::portal::signed_in::{PortalForm, SignedIn};
use crate::web::texts::{Phrase, Text, portal_users as texts};

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

/// `GET /portal/users/{id}`
pub(crate) async fn one(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    who: SignedIn<OfUsers>,
) -> PortalAnswer {
    let person = &who.person;
    let (user, profile) = find(&portal, person, &id).await?;
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
                .change_and_say(&form.person, &id, UserChange::Role(role))
                .await
        }
        None => portal.nothing(&form.person).await,
    }
}

/// `GET /portal/users/{id}/remove`: asks before.
pub(crate) async fn ask(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    who: SignedIn<OfUsers>,
) -> PortalAnswer {
    let person = &who.person;
    let (user, profile) = find(&portal, person, &id).await?;
    let question = ConfirmQuestion {
        title: texts::REMOVE_QUESTION,
        says: texts::REMOVE_SAYS.with("name", &*profile.name),
        button: texts::REMOVE.with("name", &*profile.name),
        name: profile.login,
        action: format!("{}/remove", page_of(&user.id)),
        fields: Vec::new(),
        back: page_of(&user.id),
    };
    portal.ask(person, Nav::Users, question).await
}

/// `POST /portal/users/{id}/remove`
pub(crate) async fn remove(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    form: PortalForm<OfUsers>,
) -> PortalAnswer {
    form.confirmed(&portal, &format!("{}/remove", page_of(&id)))?;
    portal
        .change_and_say(&form.person, &id, UserChange::Remove)
        .await
}

/// `POST /portal/users/{id}/end-sessions`
pub(crate) async fn end_sessions(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    form: PortalForm<OfUsers>,
) -> PortalAnswer {
    portal
        .change_and_say(&form.person, &id, UserChange::EndSessions)
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
    let (user, profile) = find(&portal, person, &id).await?;
    let (tool_id, now) = (&person.tool.id, portal.clock.now_ms());
    let link = NewPortalLink::to_new_password(tool_id, &user.id, now, &portal.random);
    let link = link.made_by(&person.id);
    let entry = person
        .entry(AuditAction::UserPasswordLinkMade, &*user.id)
        .named(profile.name);
    let path = link.path();
    let by = LinkMaker::Owner(Box::new(entry));
    if !portal.store_link(tool_id, link, by).await? {
        return portal.refused(person, PATH, texts::TOO_MANY);
    }
    portal
        .show_link(person, &profile.login, &path, 1, None)
        .await
}

/// A user of the signed-in person's tool, or the page that says that there is none.
async fn find(
    portal: &Portal,
    person: &Person,
    id: &str,
) -> Result<(PortalUser, UserProfile), PortalRefusal> {
    match portal.user_of(&person.tool.id, id).await? {
        Some(found) => Ok(found),
        None => Err(portal.nothing(person).await?.into()),
    }
}

/// The path of a user's page.
fn page_of(id: &str) -> String {
    format!("{PATH}/{id}")
}

/// How the audit and the next page describe a change.
fn told(
    person: &Person,
    user: &PortalUser,
    name: &str,
    change: &UserChange,
) -> (AuditEntry, Phrase) {
    let before = serde_json::json!({"role": user.role});
    match change {
        UserChange::Role(role) => {
            let entry = person
                .entry(AuditAction::UserRoleChanged, &*user.id)
                .named(name)
                .before(before);
            let says = texts::ROLE_CHANGED
                .with("name", name)
                .with("role", role.title().to(person.language));
            let after = serde_json::json!({"role": role.as_str()});
            (entry.after(after), says)
        }
        UserChange::Remove => (
            person
                .entry(AuditAction::UserRemoved, &*user.id)
                .named(name)
                .before(before),
            texts::REMOVED.with("name", name),
        ),
        UserChange::EndSessions | UserChange::EndSession(_) => (
            person
                .entry(AuditAction::UserSessionsEnded, &*user.id)
                .named(name),
            texts::ENDED.with("name", name),
        ),
    }
}

impl Portal {
    /// A user of the tool of the signed-in person or the API key.
    pub(super) async fn user_of(
        &self,
        tool_id: &str,
        id: &str,
    ) -> Result<Option<(PortalUser, UserProfile)>, StoreError> {
        let user = portal_users::by_id(&mut self.db.read().await?.tx(), id.to_owned()).await?;
        let Some(user) = user.filter(|user| user.tool_id == tool_id) else {
            return Ok(None);
        };
        let profile = UserProfile::open(&self.rows, &user.id, &user.profile_sealed)?;
        Ok(Some((user, profile)))
    }

    /// Changes a user and says so on the next page.
    async fn change_and_say(&self, person: &Person, id: &str, change: UserChange) -> PortalAnswer {
        let (user, profile) = find(self, person, id).await?;
        let (entry, says) = told(person, &user, &profile.name, &change);
        let entry = entry.named(&*profile.name);
        let whom = (&user, &profile);
        let by = (person.id.clone(), entry);
        match self.change_user(whom, change, Some(by)).await? {
            UserChanged::Done => self.done(person, PATH, says),
            UserChanged::LastOwner => self.refused(person, PATH, texts::LAST_OWNER),
            UserChanged::Gone | UserChanged::NoSession | UserChanged::OwnersOnly => {
                self.nothing(person).await
            }
        }
    }
}

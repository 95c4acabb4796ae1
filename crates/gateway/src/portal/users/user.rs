//! `/portal/users/{id}`: one user, and what owners may change about them.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use store::portal_users::{self, PortalUser};
use store::{StoreError, portal_links, portal_sessions, tools};

use super::choices::{PAGE, RoleChoice, choices, role_of};
use crate::audit::{AuditAction, AuditEntry};
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::links::{NewPortalLink, withdraw_invitations};
use crate::portal::page::{PortalAnswer, PortalRefusal};
use crate::portal::people::person::Person;
use crate::portal::people::profile::UserProfile;
use crate::portal::people::rights::{OfUsers, Right};
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
        .entry(AuditAction::UserPasswordLinkMade, &*user.id)
        .named(profile.name);
    let path = link.path();
    if !portal.store_link(person, link, entry).await? {
        return portal.refused(person, PAGE, texts::TOO_MANY);
    }
    portal.show_link(person, &profile.login, &path, 1).await
}

/// The page of a user, to come back to.
fn page_of(id: &str) -> String {
    format!("{PAGE}/{id}")
}

/// What the audit and the next page say of a change.
fn told(
    person: &Person,
    user: &PortalUser,
    name: &str,
    change: UserChange,
) -> (AuditEntry, Phrase) {
    let before = serde_json::json!({"role": user.role});
    match change {
        UserChange::Role(role) => {
            let entry = person
                .entry(AuditAction::UserRoleChanged, &*user.id)
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
                .before(before),
            texts::REMOVED.with("name", name),
        ),
        UserChange::EndSessions => (
            person.entry(AuditAction::UserSessionsEnded, &*user.id),
            texts::ENDED.with("name", name),
        ),
    }
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

    /// Changes a user, if an owner is left afterwards.
    async fn change_user(&self, person: &Person, id: &str, change: UserChange) -> PortalAnswer {
        let Some((user, profile)) = self.user_of(person, id).await? else {
            return self.nothing(person).await;
        };
        let (entry, says) = told(person, &user, &profile.name, change);
        let (entry, audit) = (entry.named(profile.name), self.audit.clone());
        let (rows, keys, login) = (self.rows.clone(), self.own.keys.clone(), profile.login);
        let (tool_id, id) = (person.tool.id.clone(), user.id);
        let write = self.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                // Of two that remove the last two owners, one finds the other gone.
                tools::lock(&mut tx, tool_id.clone()).await?;
                let users = portal_users::of_tool(&mut tx, tool_id.clone()).await?;
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
                        if !OfUsers::CHANGE.contains(&role) {
                            portal_links::take_of_maker(&mut tx, id.clone()).await?;
                        }
                        let role = role.as_str().to_owned();
                        portal_users::set_role(&mut tx, id, role).await?;
                    }
                    UserChange::Remove => {
                        // The links that they made go with them.
                        portal_users::delete(&mut tx, id).await?;
                        let secrets = (&rows, &keys);
                        withdraw_invitations(&mut tx, secrets, &tool_id, &login).await?;
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
            self.refused(person, PAGE, texts::LAST_OWNER)
        }
    }
}

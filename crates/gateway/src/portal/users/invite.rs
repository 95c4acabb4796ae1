//! Invitations, and one-time links as owners see them.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use store::{StoreError, Tx, portal_links, portal_users, tools};

use super::changes::may_change_users;
use super::choices::PATH;
use crate::audit::{AuditAction, AuditEntry};
use crate::directory::api_keys::keyring::ApiKey;
use crate::directory::api_keys::recheck::still_there;
use crate::portal::flash::PortalFlash;
use crate::portal::frame::{Nav, PortalFrame, date};
use crate::portal::links::NewPortalLink;
use crate::portal::page::PortalAnswer;
use crate::portal::people::person::Person;
use crate::portal::people::profile::UserProfile;
use crate::portal::people::rights::OfUsers;
use crate::portal::people::role::Role;
use crate::portal::room::Portal;
use crate::portal::signed_in::PortalForm;
use crate::web::problem::Problem;
use crate::web::texts::{Phrase, portal_users as texts};

/// How many users and links a tool may have.
pub(in crate::portal) const MOST_USERS: usize = 200;
/// Above this number only invited people may join, so that owners can still invite.
pub(in crate::portal) const MOST_UNINVITED: usize = 150;

#[derive(Template)]
#[template(path = "portal/user_link.html")]
struct UserLinkPage<'a> {
    frame: &'a PortalFrame,
    says: Phrase,
    address: String,
    /// The text to send an invitation with.
    letter: Option<Phrase>,
}

/// `POST /portal/users`: creates an invitation.
pub(crate) async fn invite(
    State(portal): State<Portal>,
    form: PortalForm<OfUsers>,
) -> PortalAnswer {
    form.confirmed(&portal, PATH)?;
    let person = &form.person;
    let role = form.field("role").and_then(|role| Role::named(&role));
    let mail = form.field("mail").and_then(|mail| UserProfile::mail(&mail));
    let (Some(role), Some(mail)) = (role, mail) else {
        let flash = PortalFlash::refused(texts::WRONG_MAIL, person.language);
        return portal.tell(person, PATH, &flash.because_of("mail"));
    };
    let (tool_id, now) = (&person.tool.id, portal.clock.now_ms());
    let link = NewPortalLink::to_join(tool_id, role, &mail, &portal.rows, now, &portal.random);
    let link = link.made_by(&person.id);
    let entry = person
        .entry(AuditAction::UserInvited, link.id())
        .named(&*mail);
    let entry = entry.after(serde_json::json!({"role": role.as_str()}));
    let path = link.path();
    let by = LinkMaker::Owner(Box::new(entry));
    if !portal.store_link(tool_id, link, by).await? {
        return portal.refused(person, PATH, texts::TOO_MANY);
    }
    portal.show_link(person, &mail, &path, 7, Some(role)).await
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
        person.entry(AuditAction::UserLinkWithdrawn, &*id),
        portal.audit.clone(),
    );
    let take = portal.db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move {
            if !portal_links::take(&mut tx, id).await? {
                return Ok(None);
            }
            audit.append(&mut tx, entry).await.map(Some)
        })
    });
    if let Some(mark) = take.await? {
        mark.log();
    }
    portal.done(person, PATH, texts::WITHDRAWN)
}

/// How many users and links a tool has.
///
/// # Errors
/// The store failed.
pub(in crate::portal) async fn taken(tx: &mut Tx<'_>, tool_id: &str) -> Result<usize, StoreError> {
    let users = portal_users::of_tool(tx, tool_id.to_owned()).await?;
    let links = portal_links::of_tool(tx, tool_id.to_owned()).await?;
    Ok(users.len() + links.len())
}

/// Who asks for a link.
pub(super) enum LinkMaker {
    /// A user, with the entry for the audit.
    Owner(Box<AuditEntry>),
    /// An API key. The layer around the API records what it does.
    ApiKey(Option<Arc<ApiKey>>),
}

impl Portal {
    /// Stores a link of a tool. False if there are too many, or its maker may no longer make any.
    ///
    /// # Errors
    /// 401 if the API key that asked for it was revoked, or the store failed.
    pub(super) async fn store_link(
        &self,
        tool_id: &str,
        link: NewPortalLink,
        by: LinkMaker,
    ) -> Result<bool, Problem> {
        let (tool_id, keys) = (tool_id.to_owned(), self.own.keys.clone());
        let audit = self.audit.clone();
        let store = self.db.write::<_, Problem, _>(move |mut tx| {
            Box::pin(async move {
                // Serialises concurrent requests: the second one counts the first one's link.
                tools::lock(&mut tx, tool_id.clone()).await?;
                if let LinkMaker::ApiKey(used) = &by {
                    still_there(&mut tx, used.as_deref()).await?;
                }
                if taken(&mut tx, &tool_id).await? >= MOST_USERS {
                    return Ok(None);
                }
                if let Some(maker) = link.maker() {
                    let users = portal_users::of_tool(&mut tx, tool_id.clone()).await?;
                    if !may_change_users(&users, maker) {
                        return Ok(None);
                    }
                }
                link.store(&mut tx, &keys).await?;
                let mark = match by {
                    LinkMaker::Owner(entry) => Some(audit.append(&mut tx, *entry).await?),
                    LinkMaker::ApiKey(_) => None,
                };
                Ok(Some(mark))
            })
        });
        let Some(mark) = store.await? else {
            return Ok(false);
        };
        if let Some(mark) = mark {
            mark.log();
        }
        Ok(true)
    }

    /// Shows a stored link, for the only time. An invitation, to this role, comes with a letter.
    pub(super) async fn show_link(
        &self,
        person: &Person,
        mail: &str,
        path: &str,
        days: i64,
        role: Option<Role>,
    ) -> PortalAnswer {
        let frame = self.frame(person, Nav::Users, texts::LINK_HEADING).await?;
        let ends = frame.now + days * 24 * 60 * 60 * 1000;
        let says = texts::LINK_SAYS
            .with("mail", mail)
            .with("when", frame.when(ends));
        let address = self.address(&person.tool, path);
        let letter = role.map(|role| {
            texts::LETTER
                .with("name", &*person.profile.name)
                .with("tool", &*frame.tool)
                .with("role", role.title().to(person.language))
                .with("may", role.says().to(person.language))
                // It is read later, when "in 7 days" says something else.
                .with("when", format!("{} UTC", date(ends)))
                .with("address", &*address)
        });
        let page = UserLinkPage {
            frame: &frame,
            says,
            address,
            letter,
        };
        self.send(StatusCode::OK, &frame, page)
    }
}

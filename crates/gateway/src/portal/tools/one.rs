//! One tool: its name, its host name, and its owner's link.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Map, Value, json};
use store::{StoreError, portal_users};

use super::{only_first, path_of};
use crate::audit::AuditAction;
use crate::directory::auth::WithApiKey;
use crate::directory::tool_api::change_settings;
use crate::directory::tools::Tool;
use crate::directory::tools_api;
use crate::portal::form::{FormErrors, FormField};
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::links::NewPortalLink;
use crate::portal::page::{PortalAnswer, PortalRefusal};
use crate::portal::people::person::Person;
use crate::portal::people::rights::OfTools;
use crate::portal::people::role::has_owner;
use crate::portal::query::body_of;
use crate::portal::room::Portal;
use crate::portal::signed_in::{PortalForm, SignedIn};
use crate::web::problem::Problem;
use crate::web::texts::{Text, portal_pages as pages, portal_tools as texts};

#[derive(Template)]
#[template(path = "portal/tool.html")]
struct ToolPage<'a> {
    frame: &'a PortalFrame,
    address: String,
    name: String,
    url: String,
    first: bool,
    /// Whether its portal has users.
    is_owned: bool,
    /// Its owner's link, if it was just created.
    owner_address: Option<String>,
    fields: Vec<FormField>,
    errors: FormErrors,
}

/// The form's values, if it was sent.
struct ToolForm {
    name: String,
    host: String,
}

/// `GET /portal/tools/{id}`
pub(crate) async fn show(
    State(portal): State<Portal>,
    who: SignedIn<OfTools>,
    Path(id): Path<String>,
) -> PortalAnswer {
    let tool = find(&portal, &who.person, &id).await?;
    let filled = (None, FormErrors::default(), None);
    send(&portal, &who.person, &tool, filled, StatusCode::OK).await
}

/// `POST /portal/tools/{id}`: changes the name or host name.
pub(crate) async fn change(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    posted: PortalForm<OfTools>,
) -> PortalAnswer {
    posted.confirmed(&portal, &path_of(&id))?;
    let person = &posted.person;
    let tool = find(&portal, person, &id).await?;
    let of = |name: &str| posted.field(name).unwrap_or_default().trim().to_owned();
    let form = ToolForm {
        name: of("name"),
        host: of("host"),
    };
    let changed = match move_to(&portal, person, &tool, &form.host).await {
        Ok(()) => rename(&portal, person, &tool, &form.name).await,
        wrong => wrong,
    };
    if let Err(problem) = changed {
        let filled = (Some(form), FormErrors::of_problem(problem)?, None);
        return send(&portal, person, &tool, filled, StatusCode::BAD_REQUEST).await;
    }
    portal.done(person, &path_of(&id), texts::SAVED)
}

/// `POST /portal/tools/{id}/owner`: a link for its first owner, as long as its portal has none.
pub(crate) async fn new_owner(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    posted: PortalForm<OfTools>,
) -> PortalAnswer {
    posted.confirmed(&portal, &path_of(&id))?;
    let person = &posted.person;
    let tool = find(&portal, person, &id).await?;
    if is_owned(&portal, &tool).await? {
        return portal.refused(person, &path_of(&id), texts::HAS_USERS);
    }
    let path = owner_link(&portal, person, &tool.id, &tool.settings.name).await?;
    let address = portal.address(&tool, &path);
    let filled = (None, FormErrors::default(), Some(address));
    send(&portal, person, &tool, filled, StatusCode::OK).await
}

/// The tool, for owners of the first one.
pub(super) async fn find(
    portal: &Portal,
    person: &Person,
    id: &str,
) -> Result<Arc<Tool>, PortalRefusal> {
    only_first(portal, person).await?;
    match portal.tools.by_id(id) {
        Some(tool) => Ok(tool),
        None => Err(portal.nothing(person).await?.into()),
    }
}

async fn move_to(portal: &Portal, person: &Person, tool: &Tool, host: &str) -> Result<(), Problem> {
    let before = tool.host.as_deref();
    if before.unwrap_or_default() == host {
        return Ok(());
    }
    let host = Some(host).filter(|host| !host.is_empty());
    let (room, key) = (portal.directory.clone(), WithApiKey::granted(&person.tool));
    let body = body_of(&json!({"host": host}));
    let _ = tools_api::change(State(room), key, Path(tool.id.clone()), body).await?;
    let entry = person.entry(AuditAction::ToolMoved, &tool.id);
    let entry = entry.named(&*tool.settings.name).before(json!(before));
    Ok(portal
        .audit
        .write(&portal.db, entry.after(json!(host)))
        .await?)
}

async fn rename(portal: &Portal, person: &Person, tool: &Tool, name: &str) -> Result<(), Problem> {
    let before = &tool.settings.name;
    if before == name {
        return Ok(());
    }
    let mut patch = Map::new();
    patch.insert("name".to_owned(), Value::from(name));
    let entry = person.entry(AuditAction::ToolRenamed, &tool.id).named(name);
    let entry = entry.before(json!(before)).after(json!(name));
    change_settings(&portal.directory, &tool.id, patch, |_, _| Some(entry)).await?;
    Ok(())
}

/// Creates a one-time link for becoming the owner of a tool's portal. Returns its path there, which
/// is shown once.
///
/// # Errors
/// The store failed.
pub(super) async fn owner_link(
    portal: &Portal,
    person: &Person,
    tool_id: &str,
    name: &str,
) -> Result<String, StoreError> {
    let link = NewPortalLink::to_own(tool_id, portal.clock.now_ms(), &portal.random);
    let link = link.made_by(&person.id);
    let path = link.path();
    let entry = person
        .entry(AuditAction::ToolOwnerLinkMade, tool_id)
        .named(name);
    let (keys, audit) = (portal.own.keys.clone(), portal.audit.clone());
    let store = portal.db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move {
            link.store(&mut tx, &keys).await?;
            audit.append(&mut tx, entry).await
        })
    });
    store.await?.log();
    Ok(path)
}

async fn is_owned(portal: &Portal, tool: &Tool) -> Result<bool, StoreError> {
    let mut reader = portal.db.read().await?;
    let users = portal_users::of_tool(&mut reader.tx(), tool.id.clone()).await?;
    Ok(has_owner(&users))
}

async fn send(
    portal: &Portal,
    person: &Person,
    tool: &Tool,
    (form, errors, owner_address): (Option<ToolForm>, FormErrors, Option<String>),
    status: StatusCode,
) -> PortalAnswer {
    let language = person.language;
    let say = |text: Text| text.to(language).to_owned();
    let form = form.unwrap_or_else(|| ToolForm {
        name: tool.settings.name.clone(),
        host: tool.host.clone().unwrap_or_default(),
    });
    let fields = vec![
        FormField::line("name", say(pages::NAME), form.name).checked(&errors),
        FormField::line("host", say(texts::HOST), form.host)
            .meaning(say(texts::MOVE_SAYS))
            .checked(&errors),
    ];
    let frame = portal.frame(person, Nav::Tools, texts::TITLE).await?;
    let page = ToolPage {
        address: path_of(&tool.id),
        name: tool.settings.name.clone(),
        url: portal.address(tool, "/portal"),
        first: portal.tools.is_first(&tool.id),
        is_owned: is_owned(portal, tool).await?,
        frame: &frame,
        owner_address,
        errors: errors.labelled(&fields),
        fields,
    };
    portal.send(status, &frame, page)
}

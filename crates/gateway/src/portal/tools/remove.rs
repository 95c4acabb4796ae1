//! Asks before removing a tool, and removes it.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use serde_json::json;
use store::{deliveries, platform_list};

use super::one::find;
use super::{PATH, path_of};
use crate::audit::AuditAction;
use crate::directory::auth::WithApiKey;
use crate::directory::tools::Tool;
use crate::directory::tools_api;
use crate::directory::undelivered::UNDELIVERED;
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::person::Person;
use crate::portal::people::rights::OfTools;
use crate::portal::room::Portal;
use crate::portal::signed_in::{PortalForm, SignedIn};
use crate::web::texts::{
    portal_pages as pages, portal_platforms as platform_texts, portal_tools as texts,
};

#[derive(Template)]
#[template(path = "portal/tool_remove.html")]
struct RemoveToolPage<'a> {
    frame: &'a PortalFrame,
    address: String,
    name: String,
    question: String,
    platforms: String,
    /// Number of scores that would be lost.
    undelivered: i64,
    scores: String,
    button: String,
    is_wrong: bool,
    /// Whether the number of waiting scores has changed since the person read it.
    is_outdated: bool,
}

/// `GET /portal/tools/{id}/remove`
pub(crate) async fn ask(
    State(portal): State<Portal>,
    who: SignedIn<OfTools>,
    Path(id): Path<String>,
) -> PortalAnswer {
    let tool = find(&portal, &who.person, &id).await?;
    question(&portal, &who.person, &tool, StatusCode::OK).await
}

/// `POST`: removes it, if its name was typed and the password was given just now.
pub(crate) async fn remove(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    form: PortalForm<OfTools>,
) -> PortalAnswer {
    form.confirmed(&portal, &format!("{}/remove", path_of(&id)))?;
    let person = &form.person;
    let tool = find(&portal, person, &id).await?;
    let name = tool.settings.name.clone();
    if form.field("name").unwrap_or_default().trim() != name.trim() {
        return question(&portal, person, &tool, StatusCode::BAD_REQUEST).await;
    }
    let (room, key) = (portal.directory.clone(), WithApiKey::granted(&person.tool));
    let lost = form.field("undelivered");
    let lost = lost.and_then(|number| number.parse::<i64>().ok());
    let lost = RawQuery(lost.map(|number| format!("undelivered={number}")));
    let _ = match tools_api::delete(State(room), key, Path(id.clone()), lost).await {
        Err(problem) if problem.is(&UNDELIVERED) => {
            return question(&portal, person, &tool, StatusCode::CONFLICT).await;
        }
        removed => removed?,
    };
    let entry = person.entry(AuditAction::ToolRemoved, &*id).named(&*name);
    let before = json!({"name": name, "host": tool.host});
    let entry = entry.before(before).after(json!(null));
    portal.audit.write(&portal.db, entry).await?;
    portal.done(person, PATH, texts::REMOVED.with("name", name))
}

async fn question(
    portal: &Portal,
    person: &Person,
    tool: &Tool,
    status: StatusCode,
) -> PortalAnswer {
    let mut reader = portal.db.read().await?;
    let platforms = platform_list::total(&mut reader.tx(), &tool.id).await?;
    let undelivered = deliveries::undelivered_of_tool(&mut reader.tx(), &tool.id).await?;
    drop(reader);
    let frame = portal.frame(person, Nav::Tools, texts::TITLE).await?;
    let name = tool.settings.name.clone();
    let scores = platform_texts::DELETE_UNDELIVERED.with("number", undelivered.to_string());
    let page = RemoveToolPage {
        address: path_of(&tool.id),
        question: frame.phrase(texts::REMOVE_QUESTION.with("name", &*name)),
        platforms: frame.phrase(texts::GOES_PLATFORMS.with("number", platforms.to_string())),
        button: frame.phrase(texts::REMOVE_NAMED.with("name", &*name)),
        undelivered,
        scores: frame.phrase(scores),
        is_wrong: status == StatusCode::BAD_REQUEST,
        is_outdated: status == StatusCode::CONFLICT,
        frame: &frame,
        name,
    };
    portal.send(status, &frame, page)
}

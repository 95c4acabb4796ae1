//! `/portal/settings`: the form, the JSON of every setting, the preview, the file.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use lti::registration::PrivacyLevel;
use serde_json::Value;

use super::file::as_file;
use super::table::{GROUPS, patch};
use crate::directory::auth::WithApiKey;
use crate::directory::tool_api;
use crate::portal::form::{FormErrors, FormField};
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::person::Person;
use crate::portal::people::rights::OfSettings;
use crate::portal::query::body_of;
use crate::portal::room::Portal;
use crate::portal::signed_in::{PortalForm, SignedIn};
use crate::settings::tool::ToolSettings;
use crate::web::problem::Problem;
use crate::web::texts::{
    Text, portal_pages as pages, portal_settings as texts, registration as asked_texts,
};

/// A part of the form as the page shows it.
struct GroupPart {
    title: Text,
    fields: Vec<FormField>,
}

#[derive(Template)]
#[template(path = "portal/settings.html")]
struct SettingsPage<'a> {
    frame: &'a PortalFrame,
    may_change: bool,
    groups: Vec<GroupPart>,
    errors: FormErrors,
    json: String,
    file: String,
    name: String,
    asks: Vec<Text>,
}

fn json_of(settings: &ToolSettings) -> Result<Value, Problem> {
    serde_json::to_value(settings).map_err(Problem::internal)
}

/// The page.
pub(crate) async fn show(State(portal): State<Portal>, who: SignedIn<OfSettings>) -> PortalAnswer {
    let settings = json_of(&who.person.tool.settings)?;
    let filled = (settings, None, FormErrors::default());
    send(&portal, &who.person, filled, StatusCode::OK).await
}

/// `POST`: saves the form, or with `do=json` what was written as JSON.
pub(crate) async fn save(
    State(portal): State<Portal>,
    form: PortalForm<OfSettings>,
) -> PortalAnswer {
    let person = &form.person;
    let before = json_of(&person.tool.settings)?;
    let written = form
        .field("json")
        .filter(|_| form.field("do").as_deref() == Some("json"));
    let body = match &written {
        Some(json) => axum::body::Bytes::from(json.clone()),
        None => body_of(&Value::Object(patch(&before, &|id| form.field(id)))),
    };
    let key = WithApiKey::granted(&person.tool);
    let changed = tool_api::change(State(portal.directory.clone()), key, body.clone()).await;
    if let Err(problem) = changed {
        let errors = FormErrors::of_problem(problem)?;
        // What was sent stays in the form.
        let mut sent = before;
        if let Ok(Value::Object(patch)) = serde_json::from_slice(&body) {
            overlay(&mut sent, &Value::Object(patch));
        }
        let filled = (sent, written, errors);
        return send(&portal, person, filled, StatusCode::BAD_REQUEST).await;
    }
    let tool = portal.tools.by_id(&person.tool.id);
    let after = tool.map(|tool| json_of(&tool.settings)).transpose()?;
    let entry = person
        .entry("settings.changed", &person.tool.id)
        .before(before);
    let entry = entry.after(after.unwrap_or_default());
    portal.audit.write(&portal.db, entry).await?;
    portal.done(person, "/portal/settings", texts::SAVED)
}

/// Puts the members of one object over those of another.
fn overlay(whole: &mut Value, over: &Value) {
    match (whole, over) {
        (Value::Object(whole), Value::Object(over)) => {
            for (name, value) in over {
                overlay(whole.entry(name).or_insert(Value::Null), value);
            }
        }
        (whole, over) => whole.clone_from(over),
    }
}

async fn send(
    portal: &Portal,
    person: &Person,
    (settings, written, errors): (Value, Option<String>, FormErrors),
    status: StatusCode,
) -> PortalAnswer {
    let defaults = json_of(&ToolSettings::default())?;
    let group = |group: &super::table::SettingGroup| GroupPart {
        title: group.title,
        fields: group.fields(&settings, &defaults, person.language, &errors),
    };
    let json = serde_json::to_string_pretty(&settings).map_err(Problem::internal)?;
    let frame = portal.frame(person, Nav::Tool, texts::TITLE).await?;
    let page = SettingsPage {
        may_change: person.may_change::<OfSettings>(),
        groups: GROUPS.iter().map(group).collect(),
        json: written.unwrap_or(json),
        file: as_file(&settings, &defaults),
        name: person.tool.name_in(person.language).to_owned(),
        asks: asks(&person.tool.settings),
        frame: &frame,
        errors,
    };
    portal.send(status, &frame, page)
}

/// What an LMS's administrator reads before registering.
fn asks(settings: &ToolSettings) -> Vec<Text> {
    let services = &settings.services;
    let privacy = settings.privacy_level;
    let has_name = matches!(privacy, PrivacyLevel::Public | PrivacyLevel::NameOnly);
    let has_email = matches!(privacy, PrivacyLevel::Public | PrivacyLevel::EmailOnly);
    let all = [
        (services.deep_linking, asked_texts::DEEP_LINKING),
        (services.assignment_and_grades, asked_texts::GRADES),
        (services.names_and_roles, asked_texts::ROSTER),
        (services.groups, asked_texts::GROUPS),
        (has_name, asked_texts::PERSONAL_NAME),
        (has_email, asked_texts::PERSONAL_EMAIL),
    ];
    let asked = all.into_iter().filter(|(asked, _)| *asked);
    asked.map(|(_, text)| text).collect()
}

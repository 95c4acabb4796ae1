//! `/portal/settings`: the form and the preview.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use lti::registration::PrivacyLevel;
use serde_json::Value;
use store::StoreError;
use store::platforms::{self, PlatformFilter};
use url::Url;

use super::file::as_file;
use super::guarded::is_guarded;
use super::history;
use super::shown::shown;
use super::slips::with_slips;
use super::table::{GROUPS, SettingGroup, patch};
use super::whole;
use crate::audit::AuditAction;
use crate::directory::tool_api::change_settings;
use crate::portal::form::{FormErrors, FormField};
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::{PortalAnswer, PortalRefusal};
use crate::portal::people::person::Person;
use crate::portal::people::rights::OfSettings;
use crate::portal::query::{PageQuery, body_of};
use crate::portal::room::Portal;
use crate::portal::signed_in::{PortalForm, SignedIn};
use crate::settings::tool::ToolSettings;
use crate::web::json::json_object;
use crate::web::problem::Problem;
use crate::web::texts::{
    Text, portal_look as look, portal_pages as pages, portal_settings as texts,
    registration as asked_texts,
};

/// The page's path.
pub(super) const PATH: &str = "/portal/settings";

/// A part of the form on the page.
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
    color: Vec<FormField>,
    logo: FormField,
    errors: FormErrors,
    name: String,
    asks: Vec<Text>,
}

pub(super) fn json_of(settings: &ToolSettings) -> Result<Value, Problem> {
    serde_json::to_value(settings).map_err(Problem::internal)
}

/// With `as`, the settings as a text.
pub(crate) async fn show(
    State(portal): State<Portal>,
    who: SignedIn<OfSettings>,
    RawQuery(query): RawQuery,
) -> PortalAnswer {
    let person = &who.person;
    let settings = json_of(&person.tool.settings)?;
    match PageQuery::new(query).one_of("as", &["json", "toml"]) {
        Some("json") => {
            let json = serde_json::to_string_pretty(&shown(settings, person));
            let filled = (json.map_err(Problem::internal)?, FormErrors::default());
            whole::json(&portal, person, filled, StatusCode::OK).await
        }
        Some(_) => {
            let defaults = json_of(&ToolSettings::default())?;
            let file = as_file(&shown(settings, person), &defaults);
            whole::file(&portal, person, file).await
        }
        None => {
            let filled = (settings, FormErrors::default());
            send(&portal, person, filled, StatusCode::OK).await
        }
    }
}

/// `POST`: saves the form, or with `do=json` the JSON that was typed.
pub(crate) async fn save(
    State(portal): State<Portal>,
    form: PortalForm<OfSettings>,
) -> PortalAnswer {
    let person = &form.person;
    let now = json_of(&person.tool.settings)?;
    let written = form
        .field("json")
        .filter(|_| form.field("do").as_deref() == Some("json"));
    let body = match &written {
        Some(json) => Bytes::from(json.clone()),
        None => body_of(&Value::Object(patch(&now, &|id| form.field(id)))),
    };
    let there = match &written {
        Some(_) => whole::JSON,
        None => PATH,
    };
    if is_guarded(&now, &json_of(&ToolSettings::default())?, &body) {
        form.confirmed(&portal, there)?;
    }
    let Some(errors) = change(&portal, person, &body).await? else {
        let mut says = with_slips(texts::SAVED, &launched_at(&body), person.language);
        if is_renamed(&now, &body) && has_platforms(&portal, person).await? {
            says.push(' ');
            says.push_str(texts::RENAMED.to(person.language));
        }
        return portal.said(person, there, &says);
    };
    let status = StatusCode::BAD_REQUEST;
    if let Some(json) = written {
        return whole::json(&portal, person, (json, errors), status).await;
    }
    // The form keeps what was sent.
    let mut sent = now;
    if let Ok(patch) = json_object(&body) {
        overlay(&mut sent, &Value::Object(patch));
    }
    send(&portal, person, (sent, errors), status).await
}

/// Whether a patch that was accepted gives the tool another name.
fn is_renamed(now: &Value, body: &Bytes) -> bool {
    let patch = json_object(body).unwrap_or_default();
    patch.get("name").is_some_and(|name| now["name"] != *name)
}

/// Whether a platform is registered that may show the tool's name.
async fn has_platforms(portal: &Portal, person: &Person) -> Result<bool, StoreError> {
    let filter = PlatformFilter {
        limit: 1,
        ..PlatformFilter::default()
    };
    let now = portal.clock.now_ms();
    let mut reader = portal.db.read().await?;
    let found = platforms::page(&mut reader.tx(), &person.tool.id, &filter, now).await?;
    Ok(!found.is_empty())
}

/// The addresses at which a patch lets people launch.
fn launched_at(body: &Bytes) -> Vec<Url> {
    let patch = json_object(body).unwrap_or_default();
    let urls = ["launchUrl", "deepLinkingUrl"].into_iter();
    let urls = urls.filter_map(|name| patch.get(name)?.as_str());
    urls.filter_map(|url| Url::parse(url.trim()).ok()).collect()
}

/// Changes settings as the API does and records it; or reports what is wrong with them.
///
/// # Errors
/// The store failed.
pub(super) async fn change(
    portal: &Portal,
    person: &Person,
    body: &Bytes,
) -> Result<Option<FormErrors>, PortalRefusal> {
    let entry = person.entry(AuditAction::SettingsChanged, &person.tool.id);
    let entry_of = move |before: &ToolSettings, after: &ToolSettings| {
        let [before, after] = [before, after].map(|all| json_of(all).unwrap_or_default());
        Some(entry.before(before).after(after))
    };
    let changed = match json_object(body) {
        Ok(patch) => change_settings(&portal.directory, &person.tool.id, patch, entry_of).await,
        Err(problem) => Err(problem),
    };
    match changed {
        Ok(_) => Ok(None),
        Err(problem) => Ok(Some(FormErrors::of_problem(problem)?)),
    }
}

/// Overlays the members of one object on another.
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

pub(super) async fn send(
    portal: &Portal,
    person: &Person,
    (settings, errors): (Value, FormErrors),
    status: StatusCode,
) -> PortalAnswer {
    let settings = shown(settings, person);
    let defaults = json_of(&ToolSettings::default())?;
    let frame = portal.frame(person, Nav::Tool, texts::TITLE).await?;
    let history = history::read(portal, person).await?;
    let told = |member: &str| history.told(member, &frame);
    let group = |group: &SettingGroup| GroupPart {
        title: group.title,
        fields: group.fields(&settings, &defaults, person.language, &errors, &told),
    };
    let say = |text: Text| frame.say(text).to_owned();
    let color = settings.pointer("/theme/color").and_then(Value::as_str);
    let color = FormField::line("color", say(look::COLOR), color.unwrap_or_default());
    let color = color.meaning(say(look::COLOR_HELP)).checked(&errors);
    let logo = FormField::line("logo", say(look::LOGO), "");
    let logo = logo.meaning(say(look::LOGO_HELP)).checked(&errors);
    let groups: Vec<GroupPart> = GROUPS.iter().map(group).collect();
    let fields = groups.iter().flat_map(|group| &group.fields);
    let errors = errors.labelled(fields.chain([&color, &logo]));
    let page = SettingsPage {
        may_change: person.may_change::<OfSettings>(),
        groups,
        color: vec![color.also(told("theme.color"))],
        logo,
        name: person.tool.name_in(person.language).to_owned(),
        asks: asks(&person.tool.settings),
        frame: &frame,
        errors,
    };
    portal.send(status, &frame, page)
}

/// What an LMS's administrator is shown before registering.
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

//! The list of tools, and creating one.

use askama::Template;
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use serde_json::{Map, Value, json};
use url::Url;

use super::one::owner_link;
use super::{PATH, only_first, path_of};
use crate::audit::AuditAction;
use crate::directory::auth::WithApiKey;
use crate::directory::tools_api::{self, ToolAnswer};
use crate::portal::form::{FormErrors, FormField};
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::person::Person;
use crate::portal::people::rights::OfTools;
use crate::portal::query::{ListPart, body_of};
use crate::portal::room::Portal;
use crate::portal::signed_in::{PortalForm, SignedIn};
use crate::web::language::Language;
use crate::web::texts::{
    Text, portal_home as home_texts, portal_pages as pages, portal_tools as texts,
};

/// Tools per page; an installation has at most 100.
const PAGE_SIZE: usize = 15;
/// The first page.
const FIRST: ListPart = ListPart::first_of(PAGE_SIZE);

/// A tool in the list.
struct ToolLine {
    address: String,
    name: String,
    host: String,
    portal: String,
    first: bool,
}

impl From<ToolAnswer> for ToolLine {
    fn from(tool: ToolAnswer) -> Self {
        Self {
            address: path_of(&tool.id),
            portal: format!("{}/portal", tool.url),
            host: tool.host.unwrap_or_else(|| host_of(&tool.url)),
            name: tool.name,
            first: tool.first,
        }
    }
}

/// Where the tool that needs no host name is found.
fn host_of(url: &str) -> String {
    let url = Url::parse(url).ok();
    let host = url.as_ref().and_then(Url::host_str);
    host.unwrap_or_default().to_owned()
}

/// The values of the form for a new tool.
#[derive(Default)]
struct NewToolForm {
    host: String,
    name: String,
    launch_url: String,
}

impl NewToolForm {
    fn fields(&self, language: Language, errors: &FormErrors) -> Vec<FormField> {
        let say = |text: Text| text.to(language).to_owned();
        vec![
            FormField::line("host", say(texts::HOST), &self.host)
                .meaning(say(texts::HOST_SAYS))
                .checked(errors),
            FormField::line("name", say(pages::NAME), &self.name).checked(errors),
            FormField::line("launchUrl", say(home_texts::URL), &self.launch_url)
                .meaning(say(texts::LATER_TOO))
                .checked(errors),
        ]
    }

    /// The API's body; empty values get their default.
    fn body(&self) -> Value {
        let mut settings = Map::new();
        for (member, value) in [("name", &self.name), ("launchUrl", &self.launch_url)] {
            if !value.is_empty() {
                settings.insert(member.to_owned(), json!(value));
            }
        }
        json!({"host": self.host, "settings": settings})
    }
}

/// A new tool.
struct MadeTool {
    name: String,
    api_key: String,
    /// The one-time address for its owner.
    address: String,
}

#[derive(Template)]
#[template(path = "portal/tools.html")]
struct ToolsPage<'a> {
    frame: &'a PortalFrame,
    made: Option<MadeTool>,
    rows: Vec<ToolLine>,
    first: Option<String>,
    next: Option<String>,
    fields: Vec<FormField>,
    errors: FormErrors,
}

/// `GET /portal/tools`
pub(crate) async fn show(
    State(portal): State<Portal>,
    who: SignedIn<OfTools>,
    RawQuery(query): RawQuery,
) -> PortalAnswer {
    let kept = |name: &str| who.person.kept(PATH, name).unwrap_or_default().to_owned();
    let form = NewToolForm {
        host: kept("host"),
        name: kept("name"),
        ..NewToolForm::default()
    };
    let filled = (form, FormErrors::default(), None);
    let part = ListPart::new(query, PAGE_SIZE);
    send(&portal, &who.person, part, filled, StatusCode::OK).await
}

/// `POST /portal/tools`: creates a tool, and shows its API key and its owner's link, just once.
pub(crate) async fn make(
    State(portal): State<Portal>,
    posted: PortalForm<OfTools>,
) -> PortalAnswer {
    posted.confirmed(&portal, PATH)?;
    let person = &posted.person;
    only_first(&portal, person).await?;
    let of = |name: &str| posted.field(name).unwrap_or_default().trim().to_owned();
    let form = NewToolForm {
        host: of("host"),
        name: of("name"),
        launch_url: of("launchUrl"),
    };
    let asked = form.body();
    let (room, key) = (portal.directory.clone(), WithApiKey::granted(&person.tool));
    let made = match tools_api::create(State(room), key, body_of(&asked)).await {
        Ok((_, Json(made))) => made,
        Err(problem) => {
            let filled = (form, FormErrors::of_problem(problem)?, None);
            return send(&portal, person, FIRST, filled, StatusCode::BAD_REQUEST).await;
        }
    };
    let entry = person
        .entry(AuditAction::ToolMade, &made.id)
        .named(&*made.name);
    portal.audit.write(&portal.db, entry.after(asked)).await?;
    let path = owner_link(&portal, person, &made.id, &made.name).await?;
    let made = MadeTool {
        address: format!("{}{path}", made.url),
        api_key: made.api_key.unwrap_or_default(),
        name: made.name,
    };
    let filled = (NewToolForm::default(), FormErrors::default(), Some(made));
    send(&portal, person, FIRST, filled, StatusCode::OK).await
}

async fn send(
    portal: &Portal,
    person: &Person,
    part: ListPart,
    (form, errors, made): (NewToolForm, FormErrors, Option<MadeTool>),
    status: StatusCode,
) -> PortalAnswer {
    only_first(portal, person).await?;
    let (room, key) = (portal.directory.clone(), WithApiKey::granted(&person.tool));
    let Json(list) = tools_api::list(State(room), key).await?;
    let frame = portal.frame(person, Nav::Tools, texts::TITLE).await?;
    let fields = form.fields(person.language, &errors);
    let number = list.tools.len();
    let tools = part.of(list.tools.into_iter());
    let page = ToolsPage {
        rows: tools.map(ToolLine::from).collect(),
        first: part.first(PATH),
        next: part.next(PATH, number),
        errors: errors.labelled(&fields),
        fields,
        frame: &frame,
        made,
    };
    portal.send(status, &frame, page)
}

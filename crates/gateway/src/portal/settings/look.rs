//! The look of the tool's pages: a logo and a colour (portal.md PO-8), and a preview of the error
//! page.

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::page::{PATH, change, json_of, send};
use crate::directory::tool_api::invalid_setting;
use crate::portal::form::FormErrors;
use crate::portal::page::PortalAnswer;
use crate::portal::people::rights::OfSettings;
use crate::portal::query::{PageQuery, body_of};
use crate::portal::room::Portal;
use crate::portal::signed_in::{PortalForm, SignedIn};
use crate::settings::logo::ThemeLogo;
use crate::settings::problem::SettingsProblem;
use crate::settings::theme::{Theme, ThemeColor};
use crate::web::message::Message;
use crate::web::page::{FormAction, Framing, Page, ToolFace};
use crate::web::texts::{launch, portal_look as texts, portal_settings as settings_texts};

/// The reference on the preview.
const REFERENCE: &str = "0000000000";

/// `POST /portal/settings/look`: saves colour and logo; `do=no-logo` removes the logo.
pub(crate) async fn save(
    State(portal): State<Portal>,
    form: PortalForm<OfSettings>,
) -> PortalAnswer {
    let person = &form.person;
    let text = |name: &str| form.field(name).unwrap_or_default().trim().to_owned();
    let (color, file) = (text("color"), text("logo"));
    let mut theme = json!({"color": Some(&color).filter(|color| !color.is_empty())});
    let logo = match form.field("do").as_deref() {
        Some("no-logo") => Ok(Some(Value::Null)),
        _ if file.is_empty() => Ok(None),
        _ => logo_of(&file).map(Some),
    };
    let errors = match logo {
        Ok(logo) => {
            if let Some(logo) = logo {
                theme["logo"] = logo;
            }
            let body = body_of(&json!({"theme": theme}));
            let Some(errors) = change(&portal, person, &body).await? else {
                return portal.done(person, PATH, settings_texts::SAVED);
            };
            errors
        }
        Err(wrong) => {
            let problem = SettingsProblem::new("theme.logo", wrong);
            FormErrors::of_problem(invalid_setting(problem))?
        }
    };
    // The field keeps what was typed.
    let mut sent = json_of(&person.tool.settings)?;
    sent["theme"]["color"] = color.into();
    let filled = (sent, errors);
    send(&portal, person, filled, StatusCode::BAD_REQUEST).await
}

/// An uploaded file in the setting's format.
fn logo_of(file: &str) -> Result<Value, String> {
    let bytes = STANDARD.decode(file).map_err(|error| error.to_string())?;
    let logo = ThemeLogo::of(bytes)?;
    Ok(String::from(logo).into())
}

/// `GET /portal/settings/error-page`: the page that people see when a launch fails, in the current
/// colour or the one in `color`.
pub(crate) async fn error_page(
    State(portal): State<Portal>,
    who: SignedIn<OfSettings>,
    RawQuery(query): RawQuery,
) -> PortalAnswer {
    let person = &who.person;
    let (tool, language) = (&person.tool, person.language);
    let mut theme: Theme = tool.settings.theme.clone();
    if let Some(color) = PageQuery::new(query).text("color") {
        theme.color = match ThemeColor::try_from(color) {
            Ok(color) => Some(color),
            Err(wrong) => {
                let says = texts::COLOR_SAYS.with("wrong", wrong);
                let status = StatusCode::BAD_REQUEST;
                return portal
                    .message(person, status, texts::NO_COLOR, [says])
                    .await;
            }
        };
    }
    let message = Message {
        title: launch::TITLE_REFUSED.to(language),
        paragraphs: launch::PLATFORM_NOT_ACTIVE.to(language).lines().collect(),
        reference: Some(REFERENCE),
        ..Message::default()
    };
    let page = Page {
        language,
        tool: ToolFace {
            theme: Some(&theme),
            ..tool.face_in(language)
        },
        framing: Framing::Anyone,
        form_action: FormAction::Ourselves,
    };
    Ok(message.send(&portal.random, page))
}

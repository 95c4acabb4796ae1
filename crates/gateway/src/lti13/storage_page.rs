//! Launches without cookies: the platform's window keeps the login's value for this browser (lti.md C.2, C.3).
//!
//! At login a page puts the value and goes on; at launch, where no cookie came back, a page asks for it and the server
//! compares. The token is checked completely before that, and the launch waits in the store, out of anybody's reach.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State as AxumState;
use axum::http::header::REFERRER_POLICY;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::json;
use url::Url;

use super::cookies;
use crate::app::App;
use crate::directory::frame_origins::FrameOrigins;
use crate::directory::platforms::Platform;
use crate::directory::tools::Tool;
use crate::kit::seal;
use crate::launch::handoff::{self, Destination};
use crate::lti13::refusal::{LaunchRefusal, Unanswered, unknown_browser};
use crate::lti13::state::{Around, State, StateRefusal};
use crate::traces::Binding;
use crate::traces::{Kind, Recorder, Step};
use crate::web::form;
use crate::web::language::Language;
use crate::web::notice::Button;
use crate::web::page::{self, FormAction, Framing, Page, Shell};
use crate::web::problem::Problem;
use crate::web::texts::{launch as texts, page as common};

const SCRIPT: &str = include_str!("../../templates/storage.js");
const PURPOSE: &str = "verify";
/// How long a launch waits for the platform's window, in seconds.
const WAIT_SECONDS: i64 = 120;

/// A frame's name as the platform gave it, if it can be one.
pub(super) fn usable(target: Option<&str>) -> Option<String> {
    target
        .filter(|name| name.len() <= 255 && !name.contains(char::is_control))
        .map(str::to_owned)
}

/// What the platform's window keeps: not the cookie's value itself, since scripts of the platform's page may see it.
fn kept_value(state: &State) -> String {
    URL_SAFE_NO_PAD.encode(seal::hash(&["platform storage", &state.binding]))
}

fn about(platform: &Platform, state: &State, more: serde_json::Value) -> String {
    // Never the issuer's origin: on hosted Canvas another host answers (C-23).
    let origin = Url::parse(&platform.authorization_endpoint)
        .map(|url| url.origin().ascii_serialization())
        .unwrap_or_default();
    let mut about = json!({"target": state.storage_target, "origin": origin, "key": format!("state-{}", state.login_id)});
    if let (Some(about), serde_json::Value::Object(more)) = (about.as_object_mut(), more) {
        about.extend(more);
    }
    // Safe inside a script element.
    about
        .to_string()
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

#[derive(Template)]
#[template(path = "storage_put.html")]
struct Put<'a> {
    shell: Shell<'a>,
    about: String,
    location: &'a str,
    again: Option<Button>,
    script: &'static str,
}

/// A login or launch that passes through a page of ours.
pub(super) struct Passing<'a> {
    pub(super) app: &'a App,
    pub(super) tool: &'a Tool,
    pub(super) platform: &'a Platform,
    pub(super) state: &'a State,
    /// The page's language.
    pub(super) language: Language,
}

impl Passing<'_> {
    fn page(
        &self,
        form_action: FormAction,
        build: impl FnOnce(Shell<'_>) -> askama::Result<String>,
    ) -> Response {
        let origins = FrameOrigins::of(self.platform).policy();
        let page = Page {
            language: self.language,
            name: self.tool.name_in(self.language),
            framing: Framing::Origin(&origins),
            form_action,
        };
        page::html(&self.app.random, page, build)
    }

    /// The login's answer where the platform offers storage: put the value, then go to the platform. Where the value
    /// was not kept, the address `checked` says whether the cookies were, if it was asked for; where they weren't
    /// either, the page offers a window of its own, and goes on as soon as a busy platform keeps the value after all.
    pub(super) fn put(&self, to_platform: &Url, checked: Option<&Url>) -> Response {
        let otherwise = checked.unwrap_or(to_platform).as_str();
        let about = about(
            self.platform,
            self.state,
            json!({"value": kept_value(self.state), "next": to_platform.as_str(), "otherwise": otherwise}),
        );
        let again = checked.and_then(|_| self.state.login_again(self.platform));
        // The window goes on to the platform.
        let form_action = match again {
            Some(_) => FormAction::Anywhere,
            None => FormAction::Ourselves,
        };
        self.page(form_action, |shell| {
            Put {
                shell,
                about,
                location: otherwise,
                again,
                script: SCRIPT,
            }
            .render()
        })
    }

    /// The launch's answer where no cookie came back but the platform offered storage: ask for the value.
    pub(super) fn get(
        &self,
        launch_id: &str,
        to: Destination<'_>,
        target: Url,
    ) -> Result<Response, Problem> {
        let (app, state, language) = (self.app, self.state, self.language);
        let waiting = Waiting {
            launch_id: launch_id.to_owned(),
            state,
            target,
            deep_linking: to == Destination::DeepLinking,
            expires: app.clock.now_seconds() + WAIT_SECONDS,
            language,
        };
        let plain = serde_json::to_vec(&waiting).map_err(Problem::internal)?;
        let token = URL_SAFE_NO_PAD.encode(app.states.seal(PURPOSE, &plain));
        let about = about(self.platform, state, json!({}));
        let again = state.login_again(self.platform);
        let sentence = match &again {
            Some(_) => texts::OPEN_NEW_WINDOW,
            None => texts::OTHER_BROWSER,
        };
        let mut page = self.page(FormAction::Anywhere, |shell| {
            Get {
                shell,
                about,
                token,
                sentence: sentence.to(language),
                again,
                script: SCRIPT,
            }
            .render()
        });
        // Browsers that know no Sec-Fetch-Site have to say in Origin that the answer comes from here.
        page.headers_mut()
            .insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
        Ok(page)
    }
}

/// A launch that waits for the platform's window, sealed.
#[derive(Serialize, Deserialize)]
struct Waiting<S> {
    launch_id: String,
    state: S,
    target: Url,
    deep_linking: bool,
    expires: i64,
    language: Language,
}

#[derive(Template)]
#[template(path = "storage_get.html")]
struct Get<'a> {
    shell: Shell<'a>,
    about: String,
    token: String,
    /// What is said where scripts don't run.
    sentence: &'static str,
    again: Option<Button>,
    script: &'static str,
}

/// `POST /lti/launch/verify`: what the platform's window gave back, or why it gave nothing. The server compares; the page
/// is not believed.
pub async fn verify(AxumState(app): AxumState<App>, headers: HeaderMap, body: Bytes) -> Response {
    let mut trace = Recorder::new(Kind::Launch, &app.clock, &headers);
    trace.facts.binding = Some(Binding::Storage);
    let compared = compare(&app, &headers, &body, &mut trace).await;
    trace.close(compared)
}

async fn compare(
    app: &App,
    headers: &HeaderMap,
    body: &Bytes,
    trace: &mut Recorder,
) -> Result<Response, Problem> {
    let field = |name| form::field(body, name);
    let unknown = || LaunchRefusal::State(StateRefusal::Unknown);
    let sealed = field("verify_token")
        .and_then(|token| URL_SAFE_NO_PAD.decode(token).ok())
        .ok_or_else(unknown)?;
    let plain = app.states.open(PURPOSE, &sealed).map_err(|_| unknown())?;
    let waiting: Waiting<State> = serde_json::from_slice(&plain).map_err(Problem::internal)?;
    let (state, language) = (&waiting.state, Some(waiting.language));
    trace.done(Step::FormRead);
    trace.facts.launch_id = Some(waiting.launch_id.clone());
    trace.facts.login = Some(state.login());
    trace.is_framed_by_platform = state.around == Around::Listed;
    // The launch that waits was verified before.
    trace.is_signed = true;
    let platform = app.platforms.by_id(&state.platform_id).await?;
    trace.platform.clone_from(&platform);
    let platform =
        platform.ok_or_else(|| Problem::from(LaunchRefusal::PlatformGone).spoken_in(language))?;
    let no_help = |unanswered| {
        let again = state.login_again(&platform);
        unknown_browser(LaunchRefusal::Storage(unanswered), again).spoken_in(language)
    };
    if let Some(unanswered) = field("why").and_then(|why| Unanswered::from_name(&why)) {
        return Err(no_help(unanswered));
    }
    // Somebody who launched for himself knows both fields, and could have another's browser send them (C-06).
    if !page::posted_by_us(headers, &app.config.public_url) {
        return Err(Problem::from(LaunchRefusal::OtherPage).spoken_in(language));
    }
    if app.clock.now_seconds() > waiting.expires {
        return Err(Problem::from(LaunchRefusal::StorageLate).spoken_in(language));
    }
    let (value, kept) = (field("value").unwrap_or_default(), kept_value(state));
    aws_lc_rs::constant_time::verify_slices_are_equal(value.as_bytes(), kept.as_bytes())
        .map_err(|_| no_help(Unanswered::OtherValue))?;
    let tool = app
        .tools
        .by_id(&platform.tool_id)
        .ok_or_else(|| Problem::internal("the platform's tool is gone"))?;
    let to = if waiting.deep_linking {
        Destination::DeepLinking
    } else {
        Destination::Launch
    };
    handoff::address(&tool, to)?;
    trace.done(Step::BrowserKnown);
    if !app.launches.release(&waiting.launch_id).await? {
        return Err(Problem::from(LaunchRefusal::Replayed).spoken_in(language));
    }
    // Where launches are kept for a minute only, one may have been forgotten while it waited.
    let launch = app
        .launches
        .load(&waiting.launch_id)
        .await?
        .ok_or_else(|| Problem::from(LaunchRefusal::State(StateRefusal::Expired)))?;
    let mut answer = handoff::redirect(&app.ltiks, &tool, &launch.id, to, Some(&waiting.target))?;
    cookies::clear(answer.headers_mut(), headers, &state.login_id);
    Ok(answer)
}

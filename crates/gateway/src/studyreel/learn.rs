//! `/studyreel/learn`: the student's browser opens its one-time link and goes on to the application (studyreel.md §8).
//!
//! `GET` uses the link up, unless the tool wants a page that posts the token, or whoever asks looks like a machine that
//! only takes a look: those get that page, which changes nothing. `POST` always uses it up.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::header::{COOKIE, SET_COOKIE, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use studyreel::{Dialect, STUDYREEL};
use url::form_urlencoded;

use super::login_link::{hash, is_token, redeemer_hash};
use super::receive::tool_at;
use crate::app::App;
use crate::directory::tools::Tool;
use crate::launch::handoff::{self, Destination};
use crate::settings::studyreel::{Limits, Redeem};
use crate::web::language::Language;
use crate::web::page::{self, FormAction, Framing, Page, Shell};
use crate::web::problem::Problem;
use crate::web::texts::{page as common, student as texts};
use store::StoreError;
use store::login_links::{self, Link};

/// How long the browser that redeemed a link may open it again, in seconds: some ask twice for one click.
const AGAIN_SECONDS: i64 = 60;
/// Programs that fetch a link to show a preview of it, by a part of their name in lower case.
const UNFURLERS: [&str; 21] = [
    "slackbot",
    "slack-imgproxy",
    "facebookexternalhit",
    "twitterbot",
    "linkedinbot",
    "discordbot",
    "telegrambot",
    "whatsapp",
    "skypeuripreview",
    "microsoftpreview",
    "googlebot",
    "bingpreview",
    "iframely",
    "embedly",
    "applebot",
    "redditbot",
    "pinterestbot",
    "mattermost-bot",
    "zulipurlpreview",
    "google-pagerenderer",
    "viber",
];

#[derive(Template)]
#[template(path = "continue.html")]
struct Continue<'a> {
    shell: Shell<'a>,
    title: &'a str,
    token: &'a str,
    at_once: bool,
}

#[derive(Deserialize)]
pub(super) struct Token {
    #[serde(default)]
    token: String,
}

/// `GET /studyreel/learn?token=`. Every other parameter is ignored: where to land is ours to know (§8, line 7).
pub(super) async fn open(State(app): State<App>, head: Parts) -> Result<Response, Problem> {
    let query = head.uri.query().unwrap_or_default();
    let token = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "token");
    let token = token.map_or(String::new(), |(_, token)| token.into_owned());
    let only_looks = only_looks(&head.headers);
    // Before the link is looked up nobody knows its tool; the page is the same for all of a host's.
    let tool = tool_at(&app, &head.headers);
    let posts = tool
        .as_ref()
        .is_some_and(|tool| tool.settings.studyreel.redeem == Redeem::Post);
    if is_token(&token) && (posts || only_looks) {
        let language = Language::accepted(&head.headers);
        return Ok(continue_page(
            &app,
            tool.as_deref(),
            language,
            &token,
            !only_looks,
        ));
    }
    use_up(&app, &head, &token).await
}

/// `POST /studyreel/learn`: the button of the page.
pub(super) async fn redeem(
    State(app): State<App>,
    head: Parts,
    form: Result<Form<Token>, FormRejection>,
) -> Result<Response, Problem> {
    let token = form.map_or(String::new(), |Form(form)| form.token);
    use_up(&app, &head, &token).await
}

fn continue_page(
    app: &App,
    tool: Option<&Tool>,
    language: Language,
    token: &str,
    at_once: bool,
) -> Response {
    let name = tool.map_or("", |tool| tool.name_in(language));
    let page = Page {
        language,
        // The tool's name is the heading, so it need not stand above it.
        name: "",
        framing: Framing::Anyone,
        // Where the application sends the browser from its Launch URL is not ours to limit.
        form_action: FormAction::Anywhere,
    };
    page::html(&app.random, page, |shell| {
        Continue {
            shell,
            title: match name {
                "" => common::CONTINUE.to(language),
                name => name,
            },
            token,
            at_once,
        }
        .render()
    })
}

/// Uses the link up and sends the browser into the application.
async fn use_up(app: &App, head: &Parts, token: &str) -> Result<Response, Problem> {
    limit(app, head)?;
    let refused = || refused(tool_at(app, &head.headers).as_deref());
    if !is_token(token) {
        tracing::info!(reason = "no token", "login link refused");
        return Err(refused());
    }
    let redeemer = app.random.token();
    let Some(found) = find(app, token, &redeemer, redeemer_of(&head.headers, app)).await? else {
        return Err(refused());
    };
    let (Found::Redeemed(link) | Found::Again(link)) = &found;
    let tool = app
        .tools
        .by_id(&link.tool_id)
        .ok_or_else(|| Problem::internal("the link's tool is gone"))?;
    let Some(launch) = app.launches.load(&link.launch_id).await? else {
        tracing::info!(reason = "launch over", "login link refused");
        return Err(refused());
    };
    tracing::info!(launch_id = launch.id, "login link redeemed");
    let mut answer = handoff::redirect(
        &app.ltiks,
        &tool,
        &launch.id,
        destination(&tool, link),
        None,
    )?;
    if let (Found::Redeemed(_), Ok(cookie)) =
        (&found, HeaderValue::from_str(&cookie(&redeemer, app)))
    {
        answer.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(answer)
}

/// Limits how often one address may try links (§8, line 10).
fn limit(app: &App, head: &Parts) -> Result<(), Problem> {
    let tool = tool_at(app, &head.headers);
    let limits = tool.map_or_else(Limits::default, |tool| tool.settings.studyreel.limits);
    let (source, now) = (app.clients.source_of(head).to_string(), app.clock.now_ms());
    let key = ["link source", &source];
    let admitted = app.limiter.admit(&key, limits.per_source, now);
    admitted.map_err(Problem::too_many)
}

/// A link that opens.
enum Found {
    /// It has just been used up.
    Redeemed(Link),
    /// This browser used it up a moment ago.
    Again(Link),
}

/// Uses a link up for a new redeemer; one that this browser has just redeemed opens again.
async fn find(
    app: &App,
    token: &str,
    redeemer: &str,
    came_before: Option<String>,
) -> Result<Option<Found>, Problem> {
    let token_hash = hash(token);
    let now = app.clock.now_ms();
    let (token, redeemer) = (token_hash.clone(), redeemer_hash(redeemer));
    let redeem = app.db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { login_links::redeem(&mut tx, token, redeemer, now).await })
    });
    if let Some(link) = redeem.await? {
        return Ok(Some(Found::Redeemed(link)));
    }
    let mut reader = app.db.read().await?;
    if let Some(cookie) = came_before {
        let (token, since) = (token_hash.clone(), now - AGAIN_SECONDS * 1000);
        let browser = redeemer_hash(&cookie);
        if let Some(link) = login_links::reopen(&mut reader.tx(), token, browser, since).await? {
            return Ok(Some(Found::Again(link)));
        }
    }
    let reason = match login_links::state(&mut reader.tx(), token_hash).await? {
        None => "unknown",
        Some(state) if state.used_at.is_some() => "used",
        Some(state) if state.expires_at <= now => "expired",
        Some(_) => "student not active",
    };
    tracing::info!(reason, "login link refused");
    Ok(None)
}

/// Where the application wants this launch, else every launch.
fn destination<'a>(tool: &'a Tool, link: &'a Link) -> Destination<'a> {
    let usual = tool.settings.studyreel.landing_path.as_ref();
    let path = link.landing_path.as_ref().or(usual);
    path.map_or(Destination::Launch, |path| Destination::Path(path))
}

/// Expired, used, unknown or none: the visitor sees one page (§8, line 10), without a reference that would tell two
/// apart.
fn refused(tool: Option<&Tool>) -> Problem {
    let platforms = tool.map_or_else(|| STUDYREEL.platform.to_owned(), platforms);
    Problem::page(
        StatusCode::GONE,
        "LINK_NOT_VALID",
        texts::TITLE_LINK_OVER,
        texts::LINK_OVER.with("platform", platforms),
    )
    .noticed(|notice| notice.referenced = false)
}

/// Where a student may have come from: nobody knows whose a link was that doesn't open.
fn platforms(tool: &Tool) -> String {
    let settings = &tool.settings.studyreel;
    let taken = Dialect::ALL
        .into_iter()
        .filter(|dialect| settings.takes(dialect) && !settings.issuers_of(dialect).is_empty());
    let names: Vec<&str> = taken.map(|dialect| dialect.platform).collect();
    names.join(" / ")
}

/// Whether this is a prefetch or a preview, and no student.
fn only_looks(headers: &HeaderMap) -> bool {
    let text = |name: &str| {
        let values = headers.get_all(name).into_iter();
        let values = values.filter_map(|value| value.to_str().ok());
        values.collect::<String>().to_ascii_lowercase()
    };
    let purpose = ["sec-purpose", "purpose", "x-purpose", "x-moz"]
        .iter()
        .any(|name| {
            let value = text(name);
            value.contains("prefetch") || value.contains("prerender") || value.contains("preview")
        });
    let agent = text(USER_AGENT.as_str());
    purpose || UNFURLERS.iter().any(|name| agent.contains(name))
}

fn cookie_name(app: &App) -> &'static str {
    if app.config.public_url.is_developer_mode() {
        "studyreel_link"
    } else {
        "__Host-studyreel_link"
    }
}

/// What the browser was given when it redeemed a link.
fn redeemer_of(headers: &HeaderMap, app: &App) -> Option<String> {
    let name = cookie_name(app);
    headers
        .get_all(COOKIE)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, value)| *found == name && is_token(value))
        .map(|(_, value)| value.to_owned())
}

fn cookie(redeemer: &str, app: &App) -> String {
    let secure = if app.config.public_url.is_developer_mode() {
        ""
    } else {
        "; Secure"
    };
    let name = cookie_name(app);
    format!("{name}={redeemer}; Path=/; Max-Age={AGAIN_SECONDS}{secure}; HttpOnly; SameSite=Lax")
}

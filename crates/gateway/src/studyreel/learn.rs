//! `/studyreel/learn`: the student's browser opens its one-time link and is sent on to the
//! application (studyreel.md §8).
//!
//! `GET` uses the link up, unless the tool asks for a page that posts the token, or the request
//! seems to come from a program that only looks. Those get the page, which changes nothing. `POST`
//! always uses the link up.

use std::time::Duration;

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::HeaderValue;
use axum::http::header::SET_COOKIE;
use axum::http::request::Parts;
use axum::response::Response;
use serde::Deserialize;
use store::login_links::LoginLink;
use studyreel::{Dialect, STUDYREEL};
use tokio::sync::SemaphorePermit;
use url::{Url, form_urlencoded};

use super::access;
use super::link_cookie::{cookie, redeemer_of};
use super::link_refusal::LinkRefusal;
use super::only_looks::only_looks;
use super::redeem::{self, ClosedLink, RedeemedLink};
use super::refused_links;
use super::room::StudyReel;
use crate::directory::tools::{Tool, host_of};
use crate::kit::id::is_token;
use crate::launch::handoff::{self, Destination};
use crate::settings::studyreel::{Redeem, StudyReelLimits};
use crate::traces::{Kind, Recorder, Step};
use crate::web::client::Source;
use crate::web::language::Language;
use crate::web::page::{self, FormAction, Framing, Page, Shell};
use crate::web::problem::Problem;
use crate::web::redirect::{Onward, see_other};
use crate::web::texts::{page as common, student as texts};

/// The parameter that marks the second attempt at a link.
const AGAIN: &str = "again";
/// How long the second attempt waits for the answer to the first to arrive.
const LOOK_AGAIN: Duration = Duration::from_millis(300);

#[derive(Template)]
#[template(path = "continue.html")]
struct ContinuePage<'a> {
    shell: Shell<'a>,
    title: &'a str,
    token: &'a str,
    at_once: bool,
}

#[derive(Deserialize)]
pub(crate) struct TokenForm {
    #[serde(default)]
    token: String,
}

/// `GET /studyreel/learn?token=`. Ignores all other parameters: only we decide where the student
/// lands (studyreel.md §8, line 7).
pub(crate) async fn open(State(room): State<StudyReel>, head: Parts) -> Response {
    let query = head.uri.query().unwrap_or_default();
    let token = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "token");
    let token = token.map_or(String::new(), |(_, token)| token.into_owned());
    let is_again = form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == AGAIN);
    let only_looks = only_looks(&head.headers);
    // The tool is unknown until the link is looked up, so all tools of a host share the page.
    let tool = room.tool_at(&head.uri, &head.headers);
    let redeem = tool
        .as_ref()
        .map_or(Redeem::Get, |tool| tool.settings.studyreel.redeem);
    // A second attempt only looks the link up again.
    let shows_page = !is_again && redeem != Redeem::Get;
    if is_token(&token) && (shows_page || only_looks) {
        let language = Language::accepted(&head.headers);
        return continue_page(
            &room,
            tool.as_deref(),
            language,
            &token,
            !only_looks && redeem != Redeem::Click,
        );
    }
    use_up(&room, &head, &token, is_again).await
}

/// `POST /studyreel/learn`: the button on the page.
pub(crate) async fn redeem(
    State(room): State<StudyReel>,
    head: Parts,
    form: Result<Form<TokenForm>, FormRejection>,
) -> Response {
    let token = form.map_or(String::new(), |Form(form)| form.token);
    use_up(&room, &head, &token, false).await
}

fn continue_page(
    room: &StudyReel,
    tool: Option<&Tool>,
    language: Language,
    token: &str,
    at_once: bool,
) -> Response {
    let face = tool.map(|tool| tool.face_in(language)).unwrap_or_default();
    let page = Page {
        language,
        // The tool's name is the heading, so it needn't be repeated above it.
        tool: face.nameless(),
        framing: Framing::Anyone,
        // We can't know where the application redirects the browser from its Launch URL.
        form_action: FormAction::Anywhere,
    };
    page::html(&room.random, page, |shell| {
        ContinuePage {
            shell,
            title: match face.name {
                "" => common::CONTINUE.to(language),
                name => name,
            },
            token,
            at_once,
        }
        .render()
    })
}

/// Uses the link up and sends the browser into the application. A link that doesn't open leaves a
/// trace.
async fn use_up(room: &StudyReel, head: &Parts, token: &str, is_again: bool) -> Response {
    let mut trace = Recorder::new(Kind::StudyReel, &room.clock, &head.headers);
    let tool = room.tool_at(&head.uri, &head.headers);
    trace.tool_id = tool.as_ref().map(|tool| tool.id.clone());
    let asker = LinkAsker {
        tool_id: tool.as_ref().map_or("", |tool| tool.id.as_str()),
        source: room.clients.source_of(head),
    };
    let limits = tool.as_ref().map_or_else(StudyReelLimits::default, |tool| {
        tool.settings.studyreel.limits
    });
    let used = match asker.limit(room, limits) {
        Ok(()) => enter(room, head, token, is_again, &asker, &mut trace).await,
        Err(limited) => Err(NotEntered::Failed(limited)),
    };
    if let Err(NotEntered::Closed(refusal)) = &used
        && *refusal != LinkRefusal::NoToken
    {
        asker.was_refused(room);
    }
    trace.close(used.map_err(|closed| match closed {
        NotEntered::Closed(refusal) => {
            let platforms = tool.as_deref();
            let platforms = platforms.map_or_else(|| STUDYREEL.platform.to_owned(), platforms_of);
            refusal.problem(platforms)
        }
        NotEntered::Failed(problem) => problem,
    }))
}

/// Why a browser didn't reach the application.
enum NotEntered {
    /// The link doesn't open.
    Closed(LinkRefusal),
    /// Anything else.
    Failed(Problem),
}

impl From<Problem> for NotEntered {
    fn from(problem: Problem) -> Self {
        Self::Failed(problem)
    }
}

async fn enter(
    room: &StudyReel,
    head: &Parts,
    token: &str,
    is_again: bool,
    asker: &LinkAsker<'_>,
    trace: &mut Recorder,
) -> Result<Response, NotEntered> {
    if !is_token(token) {
        return Err(NotEntered::Closed(LinkRefusal::NoToken));
    }
    trace.done(Step::FormRead);
    let redeemer = room.random.token();
    let came_before = redeemer_of(&head.headers, &room.public_url);
    let turn = asker.turn(room).await?;
    // Also at a tool that takes no more launches.
    let tool = room.tools.at(host_of(&head.uri, &head.headers));
    let tool = tool.ok_or_else(Problem::unavailable)?;
    // Before the link is used up, so that it still opens once the tool has a Launch URL again.
    handoff::address(&tool, Destination::Launch)?;
    let redeemed = redeem::redeem(room, &tool.id, token, &redeemer, came_before).await?;
    // Only the look-up is queued, not what follows from it.
    drop(turn);
    let found = match redeemed {
        Ok(found) => found,
        Err(ClosedLink::JustNow(_)) if !is_again => return Ok(look_again(room, head, token).await?),
        Err(ClosedLink::JustNow(launch_id)) => {
            trace.facts.launch_id = Some(launch_id);
            return Err(NotEntered::Closed(LinkRefusal::Used));
        }
        Err(ClosedLink::Over(refusal, launch_id)) => {
            trace.facts.launch_id = launch_id;
            return Err(NotEntered::Closed(refusal));
        }
    };
    let (RedeemedLink::Now(link) | RedeemedLink::Again(link)) = &found;
    trace.facts.launch_id = Some(link.launch_id.clone());
    let Some(launch) = room.launches.load(&link.launch_id).await? else {
        return Err(NotEntered::Closed(LinkRefusal::LaunchOver));
    };
    if room.launches.ended(&tool, &launch).await?.is_some() {
        return Err(NotEntered::Closed(LinkRefusal::SessionOver));
    }
    tracing::info!(launch_id = launch.id, "login link redeemed");
    let to = destination(&tool, link);
    let location = handoff::location(&room.ltiks, &tool, &launch.id, to, None)?;
    let language = Language::accepted(&head.headers);
    let onward = Onward {
        random: &room.random,
        language,
        tool: tool.face_in(language),
    };
    let mut answer = onward.see_other(&location)?;
    let cookie = HeaderValue::from_str(&cookie(&redeemer, &room.public_url));
    if let (RedeemedLink::Now(_), Ok(cookie)) = (&found, cookie) {
        answer.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(answer)
}

/// Sends the browser back to its link after a moment. If this browser used the link up, with two
/// requests at once, it has the cookie by then; any other gets the refusal.
async fn look_again(room: &StudyReel, head: &Parts, token: &str) -> Result<Response, Problem> {
    tokio::time::sleep(LOOK_AGAIN).await;
    let tool = room.tool_at(&head.uri, &head.headers);
    let host = tool.as_deref().and_then(|tool| tool.host.as_deref());
    let url = room.public_url.at(host).join("/studyreel/learn");
    let mut url = Url::parse(&url).map_err(Problem::internal)?;
    url.query_pairs_mut()
        .append_pair("token", token)
        .append_pair(AGAIN, "1");
    see_other(&url)
}

/// The address that opens a link, and the tool whose host it asks.
struct LinkAsker<'a> {
    tool_id: &'a str,
    source: Source,
}

impl LinkAsker<'_> {
    /// Limits how often an address may try links (studyreel.md §8, line 10).
    fn limit(&self, room: &StudyReel, limits: StudyReelLimits) -> Result<(), Problem> {
        let key = ["link source", self.tool_id, &self.source.to_string()];
        room.admit(&key, limits.per_source)
            .map_err(Problem::too_many)
    }

    /// Waits for this address's turn if too many of its links didn't open.
    async fn turn<'r>(&self, room: &'r StudyReel) -> Result<Option<SemaphorePermit<'r>>, Problem> {
        let turn = room.refused_links.turn(self.tool_id, self.source).await;
        turn.map_err(Problem::too_many)
    }

    /// Counts a link that was looked up and didn't open.
    fn was_refused(&self, room: &StudyReel) {
        let key = ["refused link", self.tool_id, &self.source.to_string()];
        if let Err(seconds) = room.admit(&key, refused_links::PER_MINUTE) {
            room.refused_links.wait(self.tool_id, self.source, seconds);
        }
    }
}

/// The landing page that the application chose for this launch, or its default.
fn destination<'a>(tool: &'a Tool, link: &'a LoginLink) -> Destination<'a> {
    let usual = tool.settings.studyreel.landing_path.as_ref();
    let path = link.landing_path.as_ref().or(usual);
    path.map_or(Destination::Launch, |path| Destination::Path(path))
}

/// The platforms a student may have come from: a link that doesn't open may not tell us whose it
/// was.
fn platforms_of(tool: &Tool) -> String {
    let settings = &tool.settings.studyreel;
    let taken = Dialect::ALL
        .into_iter()
        .filter(|dialect| access::takes(settings, dialect))
        .filter(|dialect| !access::issuers(settings, dialect).is_empty());
    let names: Vec<&str> = taken.map(|dialect| dialect.platform).collect();
    names.join(" / ")
}

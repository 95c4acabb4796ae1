//! The page that shows launches in frames, or opens them in windows, and keeps values for the tools in them (LTI
//! postMessage storage).

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::{
    launch::{Launch, Message},
    platform::Platform,
    tool::Tool,
};
use crate::{Error, random, web::page};

/// Where the frame is that passes tools' messages on to the page.
pub(super) const FORWARDING: &str = "/post_message_forwarding";
/// Where the frame is that answers in somebody else's place.
pub(super) const FOREIGN: &str = "/foreign_answers";
/// Frames on one page at most.
const MOST_FRAMES: usize = 4;

/// How a page that keeps values for tools misbehaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StorageFault {
    /// Nothing is answered.
    Silent,
    /// Whoever puts a value gets no answer the first time, as from a page that is busy.
    SilentAtFirst,
    /// Values are kept, but who asks for one gets no answer.
    SilentAtLaunch,
    /// Everything is answered with an error.
    Error,
    /// Values are kept, but who asks for one gets an error.
    ErrorAtLaunch,
    /// Who asks for a value is told that there is none.
    Null,
    /// Who asks for a value gets another one.
    OtherValue,
    /// A window of another origin answers first, wrongly.
    ForeignFirst,
    /// An answer to another message comes first, with another value.
    WrongIdFirst,
    /// The frame that the login names isn't on the page. A page that answers by itself stays silent.
    MissingFrame,
}

impl StorageFault {
    /// Every one.
    pub const ALL: [Self; 10] = [
        Self::Silent,
        Self::SilentAtFirst,
        Self::SilentAtLaunch,
        Self::Error,
        Self::ErrorAtLaunch,
        Self::Null,
        Self::OtherValue,
        Self::ForeignFirst,
        Self::WrongIdFirst,
        Self::MissingFrame,
    ];

    /// The name in addresses, such as `silent-at-launch`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Silent => "silent",
            Self::SilentAtFirst => "silent-at-first",
            Self::SilentAtLaunch => "silent-at-launch",
            Self::Error => "error",
            Self::ErrorAtLaunch => "error-at-launch",
            Self::Null => "null",
            Self::OtherValue => "other-value",
            Self::ForeignFirst => "foreign-first",
            Self::WrongIdFirst => "wrong-id-first",
            Self::MissingFrame => "missing-frame",
        }
    }

    /// The name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Silent => "never answers",
            Self::SilentAtFirst => "does not answer the first time",
            Self::SilentAtLaunch => "never answers at launch",
            Self::Error => "answers with an error",
            Self::ErrorAtLaunch => "answers with an error at launch",
            Self::Null => "has forgotten the value",
            Self::OtherValue => "gives another value",
            Self::ForeignFirst => "is forestalled by a foreign window",
            Self::WrongIdFirst => "answers another message first",
            Self::MissingFrame => "has no frame of that name",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.name() == name)
    }
}

/// What a page shows that code prepared.
#[derive(Clone, Debug)]
pub(super) struct PreparedPage {
    pub(super) launches: Vec<Launch>,
    pub(super) fault: Option<StorageFault>,
}

/// A launch as the tool's page asks for it; `place` is `course/link`.
#[derive(Deserialize)]
pub(super) struct LaunchForm {
    tool: String,
    user: String,
    place: String,
    #[serde(default)]
    deep_linking: bool,
    #[serde(default)]
    window: bool,
    /// How often, at once.
    frames: Option<usize>,
    /// The name of a [`StorageFault`].
    #[serde(default)]
    storage: String,
}

impl LaunchForm {
    pub(super) fn launch(&self) -> Launch {
        let (course, link) = self.place.split_once('/').unwrap_or((&self.place, ""));
        let mut launch = Launch::new(&self.tool).user(&self.user).link(course, link);
        if self.deep_linking {
            launch.message = Message::DeepLinking;
        }
        launch.window = self.window;
        launch
    }

    fn query(&self) -> String {
        let flag = |on: bool| if on { "true" } else { "false" };
        url::form_urlencoded::Serializer::new(String::new())
            .append_pair("tool", &self.tool)
            .append_pair("user", &self.user)
            .append_pair("place", &self.place)
            .append_pair("deep_linking", flag(self.deep_linking))
            .append_pair("window", flag(self.window))
            .finish()
    }
}

#[derive(Template)]
#[template(path = "lms/frame.html")]
struct FramePage {
    tool: Tool,
    person: String,
    place: String,
    openings: Vec<Opening>,
    storage: Option<Storage>,
}

/// One launch on the page.
struct Opening {
    source: String,
    window: bool,
}

/// What the page's script needs to keep values.
struct Storage {
    frame: Option<&'static str>,
    forwarding: Option<String>,
    foreign: Option<&'static str>,
    settings: String,
}

impl Storage {
    fn of(platform: &Platform, fault: Option<StorageFault>) -> Option<Self> {
        let style = platform.profile.launch.storage?;
        let missing = fault == Some(StorageFault::MissingFrame);
        let frame = style.frame.filter(|_| !missing);
        let fault = match fault {
            Some(StorageFault::MissingFrame) => Some(StorageFault::Silent),
            other => other,
        };
        let settings = json!({
            "frame": frame,
            "forwarder": frame.map(|_| origin(&platform.sign_on)),
            "fault": fault.map(StorageFault::name),
        });
        Some(Self {
            frame,
            forwarding: frame.map(|_| format!("{}{FORWARDING}", platform.sign_on)),
            foreign: (fault == Some(StorageFault::ForeignFirst)).then_some(FOREIGN),
            settings: for_script(&settings),
        })
    }
}

fn origin(url: &str) -> String {
    Url::parse(url).map_or_else(|_| url.to_owned(), |url| url.origin().ascii_serialization())
}

/// Safe inside a script element.
fn for_script(value: &serde_json::Value) -> String {
    value.to_string().replace('<', "\\u003c")
}

/// The page for what a person chose.
pub(super) async fn chosen(
    State(platform): State<Arc<Platform>>,
    Query(form): Query<LaunchForm>,
) -> Result<Response, Error> {
    let times = form.frames.unwrap_or(1).clamp(1, MOST_FRAMES);
    let openings = (0..times)
        .map(|_| Opening {
            source: format!("/launch?{}", form.query()),
            window: form.window,
        })
        .collect();
    let fault = StorageFault::named(&form.storage);
    show(&platform, &form.launch(), openings, fault)
}

/// The page that code prepared.
pub(super) async fn prepared(
    State(platform): State<Arc<Platform>>,
    Path(ticket): Path<String>,
) -> Result<Response, Error> {
    let found = platform.state().pages.get(&ticket).cloned();
    let prepared = found.ok_or_else(|| Error::unknown("page", &ticket))?;
    let openings = prepared
        .launches
        .iter()
        .map(|launch| {
            let ticket = random::alphanumeric(16);
            let source = format!("/launch/{ticket}");
            platform.state().tickets.insert(ticket, launch.clone());
            Opening {
                source,
                window: launch.window,
            }
        })
        .collect();
    let first = prepared.launches.first();
    let first = first.ok_or_else(|| Error::unknown("launch on page", ticket))?;
    show(&platform, first, openings, prepared.fault)
}

fn show(
    platform: &Platform,
    launch: &Launch,
    openings: Vec<Opening>,
    fault: Option<StorageFault>,
) -> Result<Response, Error> {
    platform.check_launch(launch)?;
    let state = platform.state();
    let course = state.course(&launch.course)?;
    let link = course.links.iter().find(|link| link.id == launch.link);
    let shown = FramePage {
        tool: state.tool(&launch.tool)?.clone(),
        person: state.person(&launch.user)?.name(),
        place: link.map_or_else(
            || course.title.clone(),
            |link| format!("{}: {}", course.title, link.title),
        ),
        openings,
        storage: Storage::of(platform, fault),
    };
    Ok(page(StatusCode::OK, &shown))
}

/// The script of the page.
pub(super) async fn script() -> Response {
    (
        [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")],
        include_str!("../../templates/lms/storage.js"),
    )
        .into_response()
}

#[derive(Template)]
#[template(path = "lms/forwarding.html")]
struct ForwardingPage {
    about: String,
}

/// The frame that passes messages on.
pub(super) async fn forwarding(State(platform): State<Arc<Platform>>) -> Response {
    let about = for_script(&json!({ "page": origin(&platform.base) }));
    page(StatusCode::OK, &ForwardingPage { about })
}

#[derive(Template)]
#[template(path = "lms/foreign.html")]
struct ForeignPage;

/// The frame that answers in somebody else's place.
pub(super) async fn foreign() -> Response {
    page(StatusCode::OK, &ForeignPage)
}

//! The page that shows launches in frames, or opens them in windows.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};

use super::{launching::LaunchForm, storage::Storage};
use crate::{
    Error,
    lms::{
        protocol::login,
        state::{Launch, Message, Platform, StorageFault},
    },
    random,
    tool::Tool,
    web::page,
};

/// The most frames per page.
const MOST_FRAMES: usize = 4;

#[derive(Template)]
#[template(path = "lms/frame.html")]
struct FramePage {
    tool: Tool,
    person: String,
    place: String,
    openings: Vec<Opening>,
    storage: Option<Storage>,
    /// Whether the page is the dialog for choosing content.
    is_dialog: bool,
}

/// One launch on the page.
struct Opening {
    source: String,
    window: bool,
}

/// The page for launches that a person chose.
pub(crate) async fn chosen(
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

/// The page that a program prepared.
pub(crate) async fn prepared(
    State(platform): State<Arc<Platform>>,
    Path(ticket): Path<String>,
) -> Result<Response, Error> {
    let found = platform.memory().pages.get(&ticket).cloned();
    let prepared = found.ok_or_else(|| Error::unknown("page", &ticket))?;
    let openings = prepared
        .launches
        .iter()
        .map(|launch| {
            let ticket = random::alphanumeric(16);
            let source = format!("/launch/{ticket}");
            platform.memory().tickets.insert(ticket, launch.clone());
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
    login::check(platform, launch)?;
    let memory = platform.memory();
    let course = memory.course(&launch.course)?;
    let link = course.links.iter().find(|link| link.id == launch.link);
    let shown = FramePage {
        tool: memory.tool(&launch.tool)?.clone(),
        person: memory.person(&launch.user)?.name(),
        place: link.map_or_else(
            || course.title.clone(),
            |link| format!("{}: {}", course.title, link.title),
        ),
        openings,
        storage: Storage::of(platform, fault),
        is_dialog: launch.message == Message::DeepLinking,
    };
    Ok(page(StatusCode::OK, &shown))
}

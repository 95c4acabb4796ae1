//! The page that shows launches and the messages between LMS and tools.

use std::sync::Arc;

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use jiff::Timestamp;

use crate::{
    lms::state::{Ending, Exchange, LaunchRecord, Memory, Message, Platform},
    people::Person,
    web::page,
};

#[derive(Template)]
#[template(path = "lms/wire.html")]
struct WirePage {
    launches: Vec<LaunchRow>,
    exchanges: Vec<Exchange>,
}

struct LaunchRow {
    at: Timestamp,
    tool: String,
    person: String,
    place: String,
    ending: Ending,
    /// The tool's message for the log.
    log: String,
    /// The address of the tool's trace of this launch, if known.
    trace: Option<String>,
}

impl LaunchRow {
    /// Uses names, or ids for things that no longer exist.
    fn of(begun: &LaunchRecord, memory: &Memory, platform: &Platform) -> Self {
        let tool = memory.tool(&begun.tool);
        let person = memory.person(&begun.user);
        let course = memory.course(&begun.course);
        let link = course.as_ref().ok().and_then(|course| {
            let mut links = course.links.iter();
            links.find(|link| link.id == begun.link && begun.message != Message::DeepLinking)
        });
        let title = course.map_or(&begun.course, |course| &course.title);
        Self {
            at: begun.at,
            tool: tool.map_or_else(|_| begun.tool.clone(), |tool| tool.facts.name.clone()),
            person: person.map_or_else(|_| begun.user.clone(), Person::name),
            place: match link {
                Some(link) => format!("{title}: {}", link.title),
                None => title.clone(),
            },
            ending: begun.ending.clone(),
            log: begun.log.clone(),
            trace: begun
                .reference()
                .and_then(|reference| platform.trace(reference)),
        }
    }
}

pub(crate) async fn wire(State(platform): State<Arc<Platform>>) -> Response {
    let memory = platform.memory();
    let launches = memory.history.kept().iter().rev();
    let shown = WirePage {
        launches: launches
            .map(|begun| LaunchRow::of(begun, &memory, &platform))
            .collect(),
        exchanges: memory.wire.kept().iter().rev().cloned().collect(),
    };
    page(StatusCode::OK, &shown)
}

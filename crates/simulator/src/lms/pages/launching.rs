//! Where a browser starts a launch.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use crate::{
    Error,
    lms::{
        answer::AutoPost,
        protocol::login,
        state::{Launch, Message, Platform},
    },
};

/// A launch requested on the tool's page; `place` is `course/link`.
#[derive(Deserialize)]
pub(crate) struct LaunchForm {
    tool: String,
    user: String,
    place: String,
    #[serde(default)]
    deep_linking: bool,
    /// The id of the student whose submission is to be reviewed.
    review: Option<String>,
    #[serde(default)]
    pub(crate) window: bool,
    /// How many frames show it together.
    pub(crate) frames: Option<usize>,
    /// The name of a [`StorageFault`].
    #[serde(default)]
    pub(crate) storage: String,
}

impl LaunchForm {
    pub(crate) fn launch(&self) -> Launch {
        let (course, link) = self.place.split_once('/').unwrap_or((&self.place, ""));
        let mut launch = Launch::new(&self.tool).user(&self.user).link(course, link);
        if self.deep_linking {
            launch.message = Message::DeepLinking;
        }
        if let Some(student) = &self.review {
            launch.message = Message::SubmissionReview;
            launch.reviewed = Some(student.clone());
        }
        launch.window = self.window;
        launch
    }

    pub(crate) fn query(&self) -> String {
        let flag = |on: bool| if on { "true" } else { "false" };
        let review = self.review.iter();
        url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(review.map(|student| ("review", student)))
            .append_pair("tool", &self.tool)
            .append_pair("user", &self.user)
            .append_pair("place", &self.place)
            .append_pair("deep_linking", flag(self.deep_linking))
            .append_pair("window", flag(self.window))
            .finish()
    }
}

pub(crate) async fn launch(
    State(platform): State<Arc<Platform>>,
    Query(form): Query<LaunchForm>,
) -> Result<Response, Error> {
    begin(&platform, &form.launch())
}

pub(crate) async fn launch_ticket(
    State(platform): State<Arc<Platform>>,
    Path(ticket): Path<String>,
) -> Result<Response, Error> {
    let launch = platform
        .memory()
        .tickets
        .remove(&ticket)
        .ok_or_else(|| Error::unknown("launch", ticket))?;
    begin(&platform, &launch)
}

fn begin(platform: &Platform, launch: &Launch) -> Result<Response, Error> {
    let request = login::request(platform, launch)?;
    if request.by_get {
        return Ok(Redirect::to(&request.address()?).into_response());
    }
    let fields = request
        .fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.clone()))
        .collect();
    Ok(AutoPost::response("Opening the tool", &request.url, fields))
}

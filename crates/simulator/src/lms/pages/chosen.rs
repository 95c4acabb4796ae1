//! The page that a deep linking response is answered with.

use askama::Template;
use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{lms::state::DeepLinkingResponse, profiles::Profile, web::page};

/// What came of selecting content.
#[derive(Template)]
#[template(path = "lms/chosen.html")]
pub(crate) struct ChosenPage {
    tool: String,
    title: &'static str,
    /// What is wrong, and what the real platform says of it.
    problems: Vec<(String, Option<&'static str>)>,
    /// Whether the dialog that would take the items is not around this page.
    lost: bool,
    said: Vec<String>,
    error: String,
    items: Vec<String>,
    claims: String,
}

impl ChosenPage {
    pub(crate) fn new(profile: &Profile, response: &DeepLinkingResponse) -> Self {
        let said = |name| response.said(name).to_owned();
        let problems = response.problems.iter();
        let words = profile.deep_linking.words;
        Self {
            tool: response.tool.clone(),
            title: profile.title,
            problems: problems
                .map(|problem| (problem.clone(), words(problem)))
                .collect(),
            lost: response.lost,
            said: [said("msg"), said("log"), said("errorlog")]
                .into_iter()
                .filter(|said| !said.is_empty())
                .collect(),
            error: said("errormsg"),
            items: response
                .items()
                .iter()
                .map(|item| format!("{item:#}"))
                .collect(),
            claims: format!("{:#}", response.claims),
        }
    }
}

impl IntoResponse for ChosenPage {
    fn into_response(self) -> Response {
        page(StatusCode::OK, &self)
    }
}

/// The script of this page and of the dialog around it.
pub(crate) async fn script() -> Response {
    (
        [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")],
        include_str!("../../../templates/lms/dialog.js"),
    )
        .into_response()
}

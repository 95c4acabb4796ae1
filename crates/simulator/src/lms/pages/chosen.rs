//! The page that answers a deep linking response.

use askama::Template;
use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{lms::state::DeepLinkingResponse, profiles::Profile, web::page};

/// The result of selecting content.
#[derive(Template)]
#[template(path = "lms/chosen.html")]
pub(crate) struct ChosenPage {
    tool: String,
    title: &'static str,
    /// What is wrong, and the real platform's message about it.
    problems: Vec<(String, Option<&'static str>)>,
    /// Whether the page is not inside the dialog that would accept the items.
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

/// The script of this page and of its surrounding dialog.
pub(crate) async fn script() -> Response {
    (
        [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")],
        include_str!("../../../templates/lms/dialog.js"),
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_without_items_says_that_nothing_was_chosen() {
        let shown = |items: &[&str]| {
            let page = ChosenPage {
                tool: "tool-1".to_owned(),
                title: "Moodle",
                problems: Vec::new(),
                lost: false,
                said: Vec::new(),
                error: String::new(),
                items: items.iter().map(|item| (*item).to_owned()).collect(),
                claims: "{}".to_owned(),
            };
            page.render().unwrap_or_default()
        };
        assert!(shown(&[]).contains("nothing was chosen"), "{}", shown(&[]));
        let one = shown(&["{}"]);
        assert!(one.contains("1 item was put into the course"), "{one}");
        assert!(!one.contains("nothing was chosen"), "{one}");
    }
}

//! A problem as a page for people.

use std::borrow::Cow;

use axum::http::StatusCode;
use axum::response::Response;

use super::Renderer;
use crate::directory::tools::Tool;
use crate::web::language::Language;
use crate::web::message::{Closes, Message, ShownAction};
use crate::web::notice::{Action, Link};
use crate::web::page::{FormAction, Framing, Page};
use crate::web::problem::Problem;
use crate::web::texts::{Text, page as texts};

impl Renderer {
    pub(super) fn page_of(
        &self,
        problem: &Problem,
        reference: Option<&str>,
        language: Language,
        tool: Option<&Tool>,
        framing: Framing<'_>,
    ) -> Response {
        let notice = problem.notice.as_deref();
        // A page that is the same for several reasons shows neither the reason nor a reference.
        let reference = reference.filter(|_| notice.is_none_or(|notice| notice.referenced));
        let reason = problem
            .reason
            .as_ref()
            .filter(|_| reference.is_some() && self.tools.show_reasons());
        let technical = notice.and_then(|notice| notice.technical.as_deref());
        // Problems meant for programs only have a suitable heading.
        let title = notice.map_or(title_of(problem.status), |notice| notice.title);
        let title = title.to(language);
        let (says, is_foreign) = words_of(problem, language);
        let actions = notice.map_or(&[][..], |notice| &notice.actions);
        let page = Page {
            language,
            tool: tool.map(|tool| tool.face_in(language)).unwrap_or_default(),
            framing,
            form_action: form_action(actions),
        };
        let first = says.lines().next().unwrap_or(title);
        let address = |link: &Link| link.on_page(first, reference, language);
        let shown = actions.iter().map(|action| match action {
            Action::Button(button) => ShownAction::Button(button),
            Action::Link(link) => ShownAction::Link(address(link), link.label.to(language)),
            Action::Aside(link) => ShownAction::Aside(address(link), link.label.to(language)),
        });
        let message = Message {
            title,
            paragraphs: says.lines().collect(),
            foreign: is_foreign.then_some("en"),
            // Don't repeat the reason.
            technical: technical.filter(|text| reason.is_none_or(|reason| reason.text != *text)),
            reason: reason.map(|reason| format!("{}: {}", reason.code, reason.text)),
            reference,
            actions: shown.collect(),
            closes: match notice {
                Some(notice) if notice.closes => Closes::OnClick,
                _ => Closes::Never,
            },
        };
        message.send(&self.random, page)
    }
}

/// What is said to people, and whether it is in another language than the page: problems meant for
/// programs only are in English.
fn words_of(problem: &Problem, language: Language) -> (Cow<'static, str>, bool) {
    match &problem.notice {
        Some(notice) => (notice.says.to(language), false),
        None => (problem.description.clone(), language != Language::English),
    }
}

/// Where these buttons may lead: a new window goes on to the platform.
fn form_action(actions: &[Action]) -> FormAction<'static> {
    let leads_on = |action: &Action| matches!(action, Action::Button(button) if button.new_window);
    if actions.iter().any(leads_on) {
        FormAction::Anywhere
    } else {
        FormAction::Ourselves
    }
}

fn title_of(status: StatusCode) -> Text {
    match status {
        StatusCode::NOT_FOUND => texts::TITLE_NOT_FOUND,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => texts::TITLE_LATER,
        status if status.is_server_error() => texts::TITLE_OUR_FAULT,
        _ => texts::TITLE_FAILED,
    }
}

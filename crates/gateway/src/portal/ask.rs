//! A question before what can't be undone. The page with the button leads here, and this page's
//! form does it.

use askama::Template;
use axum::http::StatusCode;

use super::frame::{Nav, PortalFrame};
use super::page::PortalAnswer;
use super::people::person::Person;
use super::room::Portal;
use crate::web::texts::{Phrase, Text, portal_pages as pages};

/// What is asked, and what happens with the answer.
pub(crate) struct ConfirmQuestion {
    /// The question.
    pub(crate) title: Text,
    /// What it is about; empty if the question says so.
    pub(crate) name: String,
    /// What follows from it.
    pub(crate) says: Phrase,
    /// The label of the button that does it.
    pub(crate) button: Phrase,
    /// Where the form is sent.
    pub(crate) action: String,
    /// What it contains besides the token.
    pub(crate) fields: Vec<(&'static str, String)>,
    /// The page that leads here, to go back to.
    pub(crate) back: String,
}

#[derive(Template)]
#[template(path = "portal/ask.html")]
struct QuestionPage<'a> {
    frame: &'a PortalFrame,
    asked: &'a ConfirmQuestion,
}

impl Portal {
    /// The page that asks.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn ask(
        &self,
        person: &Person,
        nav: Nav,
        asked: ConfirmQuestion,
    ) -> PortalAnswer {
        let frame = self.frame(person, nav, asked.title).await?;
        let page = QuestionPage {
            frame: &frame,
            asked: &asked,
        };
        self.send(StatusCode::OK, &frame, page)
    }
}

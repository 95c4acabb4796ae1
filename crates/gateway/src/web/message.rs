//! A page with a heading and a few paragraphs: for problems, and for the end of a registration.

use askama::Template;
use axum::response::Response;

use super::notice::Button;
use super::page::{Page, Shell, html};
use super::texts;
use crate::kit::clock::Random;

/// The contents of the page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Message<'a> {
    /// The heading.
    pub title: &'a str,
    pub paragraphs: Vec<&'a str>,
    /// The language of the paragraphs, if it differs from the page's.
    pub foreign: Option<&'static str>,
    /// What exactly went wrong, in English.
    pub technical: Option<&'a str>,
    /// The code and sentence of the broken rule, if pages may show it.
    pub reason: Option<String>,
    /// The reference for support.
    pub reference: Option<&'a str>,
    /// What the person can do from here.
    pub actions: Vec<ShownAction<'a>>,
    /// Whether a button asks the LMS to close the window.
    pub closes: Closes,
}

/// An action as shown on the page.
#[derive(Clone, Debug)]
pub(crate) enum ShownAction<'a> {
    Button(&'a Button),
    /// A link: its address and its label.
    Link(String, &'static str),
    /// A link in small print.
    Aside(String, &'static str),
}

/// Whether and when to ask the LMS to close the window that contains the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Closes {
    /// Never.
    #[default]
    Never,
    /// When the person clicks.
    OnClick,
    /// As soon as the page is shown.
    AtOnce,
}

#[derive(Template)]
#[template(path = "message.html")]
struct MessagePage<'a> {
    shell: Shell<'a>,
    message: &'a Message<'a>,
}

impl Message<'_> {
    /// Whether a button opens a new window.
    fn opens_window(&self) -> bool {
        let mut actions = self.actions.iter();
        actions.any(|action| matches!(action, ShownAction::Button(button) if button.new_window))
    }

    pub(crate) fn send(&self, random: &Random, page: Page<'_>) -> Response {
        html(random, page, |shell| {
            MessagePage {
                shell,
                message: self,
            }
            .render()
        })
    }
}

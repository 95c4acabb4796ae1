//! A small page that opens an address without a script. Requests started by our page carry the
//! session's cookie, unlike those from another site (decision 0323).

use std::borrow::Borrow;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::assets;
use super::page::plain;
use crate::web::language::Language;
use crate::web::problem::Problem;
use crate::web::texts::Text;

#[derive(Template)]
#[template(path = "portal/again.html")]
struct AgainPage<'a> {
    language: Language,
    title: Text,
    address: &'a str,
}

impl AgainPage<'_> {
    fn say(&self, text: impl Borrow<Text>) -> &'static str {
        text.borrow().to(self.language)
    }

    fn style(&self) -> &'static str {
        assets::style()
    }
}

/// The page, with this heading.
///
/// # Errors
/// 500 if the template can't be filled.
pub(super) fn again(language: Language, title: Text, address: &str) -> Result<Response, Problem> {
    let page = AgainPage {
        language,
        title,
        address,
    };
    plain(StatusCode::OK, page)
}

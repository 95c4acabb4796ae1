//! The login's page: it stores the value in the platform's window and continues.

use askama::Template;
use axum::response::Response;
use url::Url;

use super::{SCRIPT, StoragePage, ToPut, kept_value};
use crate::web::notice::Button;
use crate::web::page::{FormAction, Shell};
use crate::web::texts::{launch as texts, page as common};

#[derive(Template)]
#[template(path = "storage_put.html")]
struct Put<'a> {
    shell: Shell<'a>,
    about: String,
    location: &'a str,
    again: Option<Button>,
    script: &'static str,
}

impl StoragePage<'_> {
    /// Stores the value in the platform's window, then continues to the platform. If that fails,
    /// `checked` says whether cookies work; if they don't either, the page offers a new window and
    /// continues as soon as the platform answers.
    pub(in crate::lti13) fn put(&self, to_platform: &Url, checked: Option<&Url>) -> Response {
        let otherwise = checked.unwrap_or(to_platform).as_str();
        let about = self.about(Some(ToPut {
            value: kept_value(self.state),
            next: to_platform.as_str(),
            otherwise,
            look: checked.map(|checked| format!("{checked}&look=1")),
        }));
        let again = checked.and_then(|_| self.state.login_again(self.platform));
        // The window continues to the platform.
        let form_action = match again {
            Some(_) => FormAction::Anywhere,
            None => FormAction::Ourselves,
        };
        self.page(form_action, |shell| {
            Put {
                shell,
                about,
                location: otherwise,
                again,
                script: SCRIPT,
            }
            .render()
        })
    }
}

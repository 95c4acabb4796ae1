//! The launch's page: it requests the value from the platform's window and posts it to us.

use askama::Template;
use axum::http::HeaderValue;
use axum::http::header::REFERRER_POLICY;
use axum::response::Response;
use url::Url;

use super::waiting::ParkedLaunch;
use super::{SCRIPT, StoragePage};
use crate::launch::handoff::Destination;
use crate::lti13::shown_in::ShownIn;
use crate::web::notice::Button;
use crate::web::page::{FormAction, Shell};
use crate::web::problem::Problem;
use crate::web::texts::launch as texts;

/// How long a launch waits for the platform's window, in seconds.
const WAIT_SECONDS: i64 = 120;

#[derive(Template)]
#[template(path = "storage_get.html")]
struct Get<'a> {
    shell: Shell<'a>,
    about: String,
    token: String,
    /// The text for browsers without scripts.
    sentence: &'static str,
    again: Option<Button>,
    script: &'static str,
}

impl StoragePage<'_> {
    /// The answer to a launch if no cookie came back but the platform offered storage: a page that
    /// requests the value.
    pub(in crate::lti13) fn get(
        &self,
        launch_id: String,
        to: Destination<'_>,
        target: Url,
        shown_in: ShownIn,
    ) -> Result<Response, Problem> {
        let (room, state, language) = (self.room, self.state, self.language);
        let waiting = ParkedLaunch {
            launch_id,
            state,
            target,
            deep_linking: to == Destination::DeepLinking,
            expires: room.clock.now_seconds() + WAIT_SECONDS,
            language,
        };
        let token = waiting.seal(&room.states).map_err(Problem::internal)?;
        let about = self.about(None);
        let is_window = shown_in == ShownIn::Window;
        let again = state.login_once_more(self.platform);
        let again = again.filter(|_| !is_window);
        let sentence = match &again {
            Some(_) => texts::OPEN_NEW_WINDOW,
            None if is_window => texts::NO_COOKIES_IN_WINDOW,
            None => texts::OTHER_BROWSER,
        };
        let mut page = self.page(FormAction::Anywhere, |shell| {
            Get {
                shell,
                about,
                token,
                sentence: sentence.to(language),
                again,
                script: SCRIPT,
            }
            .render()
        });
        // Browsers without Sec-Fetch-Site must show with Origin that the answer comes from here.
        page.headers_mut()
            .insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
        Ok(page)
    }
}

//! Sends pages and redirects.

use askama::Template;
use axum::body::Body;
use axum::http::header::{
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, RETRY_AFTER, SET_COOKIE,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use store::StoreError;
use url::Url;

use super::cookies::PortalCookie;
use super::flash::PortalFlash;
use super::frame::{Nav, PortalFrame};
use super::people::person::Person;
use super::room::Portal;
use crate::web::problem::Problem;
use crate::web::redirect::see_other_here;
use crate::web::texts::{Phrase, Text, portal as words};

/// What pages may load and do (portal.md PO-1).
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
     form-action 'self'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'",
);

/// What the portal's handlers return.
pub(crate) type PortalAnswer = Result<Response, PortalRefusal>;

/// Why something was not done: a page in the portal's frame, or an ordinary problem.
pub(crate) enum PortalRefusal {
    /// A page, or a redirect to one.
    Page(Box<Response>),
    Problem(Box<Problem>),
}

impl From<Problem> for PortalRefusal {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

impl From<StoreError> for PortalRefusal {
    fn from(error: StoreError) -> Self {
        Problem::from(error).into()
    }
}

impl From<Response> for PortalRefusal {
    fn from(page: Response) -> Self {
        Self::Page(Box::new(page))
    }
}

impl IntoResponse for PortalRefusal {
    fn into_response(self) -> Response {
        match self {
            Self::Page(page) => *page,
            Self::Problem(problem) => problem.into_response(),
        }
    }
}

/// A page without cookies, for people who are not signed in.
///
/// # Errors
/// 500 if the template can't be filled.
pub(super) fn plain(status: StatusCode, page: impl Template) -> Result<Response, Problem> {
    let template = page;
    let text = template.render().map_err(Problem::internal)?;
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    headers.insert(CONTENT_SECURITY_POLICY, POLICY);
    // Our own forms send the referrer; other sites get none.
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    Ok(response)
}

/// Adds cookies to a response.
pub(super) fn set_cookies(
    response: &mut Response,
    cookies: impl IntoIterator<Item = Option<HeaderValue>>,
) {
    let headers: &mut HeaderMap = response.headers_mut();
    for cookie in cookies.into_iter().flatten() {
        headers.append(SET_COOKIE, cookie);
    }
}

/// Says after how many seconds to try again.
pub(super) fn retry_after(response: &mut Response, seconds: u32) {
    response.headers_mut().insert(RETRY_AFTER, seconds.into());
}

/// A path of the portal to continue to, if the text is one. It can't be another site's address,
/// however browsers interpret it.
pub(super) fn next(text: Option<String>) -> String {
    let is_ours = |text: &String| {
        let rest = text.strip_prefix("/portal");
        let begins = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
        let is_plain = |c: char| c.is_ascii_graphic() && c != '\\' && c != '"' && c != '<';
        let is_safe = text.len() <= 500 && !text.contains("//") && text.chars().all(is_plain);
        begins && is_safe && stays_in_portal(text)
    };
    text.filter(is_ours).unwrap_or_else(|| "/portal".to_owned())
}

/// Whether a path is still the portal's once `..` and its encoded spellings are resolved, as
/// browsers resolve them.
fn stays_in_portal(path: &str) -> bool {
    // Only the path matters; any host does.
    let resolved = Url::parse(&format!("http://portal{path}"));
    resolved.is_ok_and(|url| url.path() == "/portal" || url.path().starts_with("/portal/"))
}

#[derive(Template)]
#[template(path = "portal/message.html")]
struct PortalMessage<'a> {
    frame: &'a PortalFrame,
    code: u16,
    says: Vec<String>,
    /// The link that leads away: its address and label.
    back: (&'static str, Text),
}

impl Portal {
    /// A page in its frame. This consumes the message from the previous page.
    pub(crate) fn send(
        &self,
        status: StatusCode,
        frame: &PortalFrame,
        page: impl Template,
    ) -> PortalAnswer {
        let mut response = plain(status, page)?;
        if frame.flash.is_some() {
            let clear = PortalCookie::Flash.clear(&self.public_url);
            set_cookies(&mut response, [clear]);
        }
        if let Some(slot) = frame.spends_kept {
            let clear = PortalCookie::Kept(slot).clear(&self.public_url);
            set_cookies(&mut response, [clear]);
        }
        Ok(response)
    }

    /// 303 to a path of the portal, whose page says what was done.
    pub(crate) fn done(
        &self,
        person: &Person,
        path: &str,
        says: impl Into<Phrase>,
    ) -> PortalAnswer {
        self.tell(person, path, &PortalFlash::done(says, person.language))
    }

    /// The same with a text that is already in the person's language.
    pub(crate) fn said(&self, person: &Person, path: &str, says: &str) -> PortalAnswer {
        self.tell(person, path, &PortalFlash::said(says))
    }

    /// The same for a refusal.
    pub(crate) fn refused(
        &self,
        person: &Person,
        path: &str,
        says: impl Into<Phrase>,
    ) -> PortalAnswer {
        self.tell(person, path, &PortalFlash::refused(says, person.language))
    }

    /// The same with an English text from elsewhere, such as the API.
    pub(crate) fn refused_in_english(
        &self,
        person: &Person,
        path: &str,
        says: &str,
    ) -> PortalAnswer {
        self.tell(person, path, &PortalFlash::refused_in_english(says))
    }

    /// 303 to a path of the portal, whose page shows this message.
    pub(crate) fn tell(&self, person: &Person, path: &str, flash: &PortalFlash) -> PortalAnswer {
        let mut response = see_other_here(path)?;
        let flash = self.carry(&person.session_id, flash);
        set_cookies(
            &mut response,
            [PortalCookie::Flash.set(&flash, &self.public_url)],
        );
        Ok(response)
    }

    /// A page with a heading and a few sentences, for something that doesn't exist or can't be
    /// done.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn message(
        &self,
        person: &Person,
        status: StatusCode,
        title: Text,
        says: impl IntoIterator<Item = Phrase> + Send,
    ) -> PortalAnswer {
        let home = ("/portal", words::BACK_HOME);
        self.message_back_to(person, status, title, says, home)
            .await
    }

    /// The same with another link that leads away: its address and label.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn message_back_to(
        &self,
        person: &Person,
        status: StatusCode,
        title: Text,
        says: impl IntoIterator<Item = Phrase> + Send,
        back: (&'static str, Text),
    ) -> PortalAnswer {
        let says = says.into_iter();
        let says: Vec<String> = says
            .map(|says| says.to(person.language).into_owned())
            .collect();
        let frame = self.frame(person, Nav::Nowhere, title).await?;
        let page = PortalMessage {
            frame: &frame,
            code: status.as_u16(),
            says,
            back,
        };
        self.send(status, &frame, page)
    }

    /// The result of an API handler. A refusal is shown on the page at `path`; something that
    /// doesn't exist gets a separate page.
    ///
    /// # Errors
    /// The redirect to that page; or the failure, if it is ours or the store's.
    pub(crate) async fn unless_refused<T>(
        &self,
        person: &Person,
        path: &str,
        done: Result<T, Problem>,
    ) -> Result<T, PortalRefusal> {
        let problem = match done {
            Ok(done) => return Ok(done),
            Err(problem) => problem,
        };
        if problem.status == StatusCode::INTERNAL_SERVER_ERROR || problem.is_of_the_store() {
            return Err(problem.into());
        }
        if problem.status == StatusCode::NOT_FOUND {
            return Err(self.nothing(person).await?.into());
        }
        let page = match &problem.notice {
            Some(notice) => self.refused(person, path, notice.says.clone()),
            None => self.refused_in_english(person, path, &problem.description),
        };
        Err(page?.into())
    }

    /// 404, in the portal's frame.
    pub(crate) async fn nothing(&self, person: &Person) -> PortalAnswer {
        self.message(
            person,
            StatusCode::NOT_FOUND,
            words::TITLE_NOTHING,
            [Phrase::from(words::NOTHING)],
        )
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_on_to_another_site() {
        for ours in [
            "/portal",
            "/portal/users",
            "/portal?page=2",
            "/portal/audit?a=b#c",
            "/portal/find?text=../..",
        ] {
            assert_eq!(next(Some(ours.to_owned())), ours);
        }
        for theirs in [
            "https://evil.example/portal",
            "//evil.example/portal",
            "/portal//evil.example",
            "/portal\\evil",
            "/portalevil",
            "/admin",
            "/portal/ x",
            "/portal/\nset-cookie: a",
            "/portal/../lti/login?iss=x",
            "/portal/users/../../admin",
            "/portal/%2e%2E/admin",
            "/portal/.%2e",
            "/portal/.\t./admin",
            "/portal/..\\admin",
            "",
        ] {
            assert_eq!(next(Some(theirs.to_owned())), "/portal", "{theirs}");
        }
        assert_eq!(next(None), "/portal");
    }
}

//! Redirects browsers. Addresses of logins and launches contain secrets, so the next page isn't
//! told the referrer; that nothing is cached is a rule for all answers (`render/headers.rs`).

use askama::Template;
use axum::http::header::{LOCATION, REFERRER_POLICY};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use url::Url;

use super::language::Language;
use super::page::{self, FormAction, Framing, Page, Shell, ToolFace};
use super::problem::Problem;
use super::texts::{launch as texts, page as common};
use crate::kit::clock::Random;

/// The longest address that is put into a header, in bytes. By default nginx accepts 4 KiB of an
/// answer's headers (`proxy_buffer_size`), and answers 502 beyond that; cookies and the rest take
/// up to 1.5 KiB of it.
const MAX_LOCATION: usize = 2560;

/// Redirects browsers to addresses of any length: one that doesn't fit into a header goes on a page
/// that continues without a click.
#[derive(Clone, Copy)]
pub(crate) struct Onward<'a> {
    /// For the page's nonce.
    pub random: &'a Random,
    /// The page's language.
    pub language: Language,
    /// The page's tool.
    pub tool: ToolFace<'a>,
}

#[derive(Template)]
#[template(path = "onward.html")]
struct OnwardPage<'a> {
    shell: Shell<'a>,
    location: &'a str,
}

impl Onward<'_> {
    /// 302: the next request has the same method. Or the page.
    ///
    /// # Errors
    /// 500 if the address can't be put into a header.
    pub(crate) fn found(self, to: &Url) -> Result<Response, Problem> {
        self.send(StatusCode::FOUND, to.as_str())
    }

    /// [`see_other`], or the page.
    ///
    /// # Errors
    /// 500 if the address can't be put into a header.
    pub(crate) fn see_other(self, to: &Url) -> Result<Response, Problem> {
        self.send(StatusCode::SEE_OTHER, to.as_str())
    }

    /// [`see_other`] to another path on the requested host, with its query; or the page.
    ///
    /// # Errors
    /// 500 if the path can't be put into a header.
    pub(crate) fn see_other_here(self, path: &str) -> Result<Response, Problem> {
        self.send(StatusCode::SEE_OTHER, path)
    }

    fn send(self, status: StatusCode, location: &str) -> Result<Response, Problem> {
        if location.len() <= MAX_LOCATION {
            return redirect(status, location);
        }
        let page = Page {
            language: self.language,
            tool: self.tool,
            // Like the redirect it replaces, it may be framed by anyone.
            framing: Framing::Anyone,
            form_action: FormAction::Ourselves,
        };
        Ok(page::html(self.random, page, |shell| {
            OnwardPage { shell, location }.render()
        }))
    }
}

/// 303: the next request is a GET.
///
/// # Errors
/// 500 if the address can't be put into a header.
pub(crate) fn see_other(to: &Url) -> Result<Response, Problem> {
    redirect(StatusCode::SEE_OTHER, to.as_str())
}

/// The same, to another path on the requested host: one of ours, which is short.
///
/// # Errors
/// 500 if the path can't be put into a header.
pub(crate) fn see_other_here(path: &str) -> Result<Response, Problem> {
    redirect(StatusCode::SEE_OTHER, path)
}

fn redirect(status: StatusCode, to: &str) -> Result<Response, Problem> {
    let location = HeaderValue::from_str(to).map_err(Problem::internal)?;
    let headers = [
        (LOCATION, location),
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    Ok((status, headers).into_response())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_is_not_told_on() {
        let to = Url::parse("https://app.example.edu/start?a=ä b").unwrap();
        let answer = see_other(&to).unwrap();
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        let header = |name| answer.headers()[&name].to_str().unwrap();
        assert_eq!(
            header(LOCATION),
            "https://app.example.edu/start?a=%C3%A4%20b"
        );
        assert_eq!(header(REFERRER_POLICY), "no-referrer");
    }

    #[tokio::test]
    async fn an_address_too_long_for_a_header_goes_on_a_page() {
        let random = Random::default();
        let onward = Onward {
            random: &random,
            language: Language::of_tag("de").unwrap(),
            tool: ToolFace {
                name: "Brüche",
                theme: None,
            },
        };
        let short = format!("https://lms.example.edu/auth?{}", "a".repeat(2531));
        let short = Url::parse(&short).unwrap();
        assert_eq!(short.as_str().len(), MAX_LOCATION);
        assert_eq!(onward.found(&short).unwrap().status(), StatusCode::FOUND);
        let long = Url::parse(&format!("{short}b&x=%22%3Cc")).unwrap();
        let pages = [
            onward.found(&long),
            onward.see_other(&long),
            onward.see_other_here(long.as_str()),
        ];
        for page in pages {
            let page = page.unwrap();
            assert_eq!(page.status(), StatusCode::OK);
            let (head, body) = page.into_parts();
            let bytes = head.headers.iter().map(|(name, value)| {
                let line = name.as_str().len() + value.len();
                line + 4
            });
            assert!(bytes.sum::<usize>() < 1024, "{:?}", head.headers);
            let body = axum::body::to_bytes(body, 64 * 1024).await.unwrap();
            let text = String::from_utf8(body.to_vec()).unwrap();
            let address = long.as_str().replace('&', "&#38;");
            assert!(text.contains(&format!("href=\"{address}\"")), "{text}");
            assert!(text.contains("Brüche") && text.contains("Weiter"), "{text}");
        }
    }
}

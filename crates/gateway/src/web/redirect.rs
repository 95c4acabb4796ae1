//! Sending a browser on. Addresses of logins and launches hold secrets, so the next page isn't told where the browser came
//! from; that nothing keeps the answer is the rule for all (`render/headers.rs`).

use axum::http::header::{LOCATION, REFERRER_POLICY};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use url::Url;

use super::problem::Problem;

/// 302: the next request is like this one.
///
/// # Errors
/// 500 where the address can't stand in a header.
pub fn found(to: &Url) -> Result<Response, Problem> {
    redirect(StatusCode::FOUND, to)
}

/// 303: the next request is a GET.
///
/// # Errors
/// 500 where the address can't stand in a header.
pub fn see_other(to: &Url) -> Result<Response, Problem> {
    redirect(StatusCode::SEE_OTHER, to)
}

fn redirect(status: StatusCode, to: &Url) -> Result<Response, Problem> {
    let location = HeaderValue::from_str(to.as_str()).map_err(Problem::internal)?;
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
        assert_eq!(found(&to).unwrap().status(), StatusCode::FOUND);
    }
}

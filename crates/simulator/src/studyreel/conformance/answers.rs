//! The kinds of answers that the cases distinguish, from the answer alone.

use serde_json::{Value, json};

use super::checks::{Step, Stop, expect};
use crate::browser::Page;

/// Refused: a 4xx, no login link, no `status` of `success`.
pub(super) fn refusal(page: Page) -> Step<Page> {
    if page.status == 429 {
        let why = "429: the app's rate limit is in the way of the cases";
        return Err(Stop::Failed(why.to_owned()));
    }
    if !(400..500).contains(&page.status) {
        return Err(Stop::Failed(unexpected(&page, "a refusal with 4xx")));
    }
    no_success(&page)?;
    Ok(page)
}

/// No login link and no `status` of `success`, whatever the HTTP status.
pub(super) fn no_success(page: &Page) -> Step {
    let answer = page.json().unwrap_or(Value::Null);
    expect(
        !page.text().contains("loginLink"),
        "the refusal holds a login link",
    )?;
    expect(
        answer["status"] != json!("success"),
        "the refusal's status is success",
    )
}

/// Describes an unexpected answer, quoting its message if it has one.
pub(super) fn unexpected(page: &Page, wanted: &str) -> String {
    let answer = page.json().unwrap_or(Value::Null);
    let said = answer["message"].as_str().or(answer["error"].as_str());
    let said: String = said.unwrap_or_default().chars().take(120).collect();
    if said.is_empty() {
        format!("{} instead of {wanted}", page.status)
    } else {
        format!("{} ({said:?}) instead of {wanted}", page.status)
    }
}

//! The registration that a refused login probably meant, for its trace. Matching itself stays exact
//!

use std::sync::Arc;

use lti::login::LoginRequest;
use store::StoreError;

use crate::directory::nearest as registrations;
use crate::directory::platforms::Platform;
use crate::directory::tools::Tool;
use crate::lti13::room::Lti13;

/// Describes the registration nearest to a login, if any is near; `same` has the login's issuer.
/// Other issuers are not searched while another login's are: anyone can make up issuers.
pub(super) async fn nearest(
    room: &Lti13,
    tool: &Tool,
    request: &LoginRequest,
    same: &[Arc<Platform>],
) -> Result<Option<String>, StoreError> {
    let client_id = request.client_id.as_deref();
    if let Some(platform) = registrations::certain(same, client_id) {
        return Ok(Some(described(platform, request)));
    }
    let Some(_turn) = room.strangers.search() else {
        let best = registrations::best(same, client_id);
        return Ok(best.map(|platform| described(platform, request)));
    };
    let (platforms, issuer) = (&room.platforms, &request.issuer);
    let found = registrations::with_other_spelling(platforms, &tool.id, issuer, client_id, same);
    let found = found.await?;
    Ok(found.map(|platform| described(&platform, request)))
}

/// The platform, and how it differs from the login.
pub(super) fn described(platform: &Platform, request: &LoginRequest) -> String {
    let issuer = compared("issuer", &platform.issuer, &request.issuer);
    let client_id = match &request.client_id {
        Some(id) => compared("client id", &platform.client_id, id),
        None => "a client id, which the login leaves out".to_owned(),
    };
    format!("platform {} has {issuer} and {client_id}", platform.id)
}

fn compared(what: &str, registered: &str, sent: &str) -> String {
    match difference(registered, sent) {
        None => format!("another {what}"),
        Some(slips) if slips.is_empty() => format!("this {what}"),
        Some(slips) => format!("the {what} {}", slips.join(" and ")),
    }
}

/// How a registered value differs from the one sent; `None` if they have nothing in common.
fn difference(registered: &str, sent: &str) -> Option<Vec<&'static str>> {
    let mut slips = Vec::new();
    let (ours, theirs) = (registered.trim(), sent.trim());
    if ours != registered {
        slips.push("with blanks around it");
    } else if theirs != sent {
        slips.push("without the blanks around it");
    }
    let (scheme, rest) = ours.split_once("://").unwrap_or(("", ours));
    let (their_scheme, their_rest) = theirs.split_once("://").unwrap_or(("", theirs));
    let schemes = [scheme, their_scheme].map(str::to_ascii_lowercase);
    match [&*schemes[0], &*schemes[1]] {
        [one, other] if one == other => {}
        ["https", "http"] => slips.push("with https instead of http"),
        ["http", "https"] => slips.push("with http instead of https"),
        _ => return None,
    }
    let (name, their_name) = (rest.trim_end_matches('/'), their_rest.trim_end_matches('/'));
    if !name.eq_ignore_ascii_case(their_name) {
        return None;
    }
    if name != their_name || (schemes[0] == schemes[1] && scheme != their_scheme) {
        slips.push("in other capital and small letters");
    }
    match (rest.ends_with('/'), their_rest.ends_with('/')) {
        (true, false) => slips.push("with a slash at its end"),
        (false, true) => slips.push("without the slash at its end"),
        _ => {}
    }
    Some(slips)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_named_in_words() {
        let issuer = "https://lms.example.edu";
        assert_eq!(difference(issuer, issuer), Some(vec![]));
        for (registered, sent, words) in [
            ("https://lms.example.edu/", issuer, "with a slash"),
            (issuer, "https://lms.example.edu/", "without the slash"),
            ("abc ", "abc", "with blanks"),
            ("abc", " abc", "without the blanks"),
            ("ABC", "abc", "in other capital"),
            (issuer, "https://LMS.example.edu", "in other capital"),
            (issuer, "HTTPS://lms.example.edu", "in other capital"),
            (issuer, "http://lms.example.edu", "with https instead"),
            ("http://lms.example.edu", issuer, "with http instead"),
            (
                "https://lms.example.edu/",
                "http://LMS.example.edu",
                "with https instead of http and in other capital and small letters and with a slash",
            ),
        ] {
            let said = difference(registered, sent)
                .unwrap_or_default()
                .join(" and ");
            assert!(said.starts_with(words), "{registered} {sent}: {said}");
        }
        for sent in ["abd", "https://abc", "ftp://abc"] {
            assert_eq!(difference("abc", sent), None, "{sent}");
        }
    }
}

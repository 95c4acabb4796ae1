//! The registration that a refused login probably means, for whoever looks at its trace. Matching stays exact.

use lti::login::LoginRequest;
use store::StoreError;

use crate::directory::platforms::Platform;
use crate::directory::tools::Tool;
use crate::lti13::room::Lti13;

/// What the registration nearest to a login is, in words, if one is near. Looks at most three times.
pub(super) async fn nearest(
    room: &Lti13,
    tool: &Tool,
    request: &LoginRequest,
) -> Result<Option<String>, StoreError> {
    let client_id = request.client_id.as_deref();
    let same = room.platforms.of_issuer(&tool.id, &request.issuer).await?;
    if let Some(platform) = best(&same, client_id) {
        return Ok(Some(described(platform, request)));
    }
    for issuer in neighbours(&request.issuer) {
        let found = room.platforms.of_issuer(&tool.id, &issuer).await?;
        if let Some(platform) = best(&found, client_id) {
            return Ok(Some(described(platform, request)));
        }
    }
    Ok(None)
}

/// The one with this client id, else any.
fn best<'a, P: AsRef<Platform>>(found: &'a [P], client_id: Option<&str>) -> Option<&'a Platform> {
    let mut platforms = found.iter().map(AsRef::as_ref);
    let named = platforms
        .clone()
        .find(|platform| client_id.is_some_and(|id| is_alike(&platform.client_id, id)));
    named.or_else(|| platforms.next())
}

/// How people mistype an issuer: the slash at its end, blanks around it, http for https.
fn neighbours(issuer: &str) -> Vec<String> {
    let bare = issuer.trim().trim_end_matches('/');
    let other_scheme = match bare.split_once("://") {
        Some(("http", rest)) => Some(format!("https://{rest}")),
        Some(("https", rest)) => Some(format!("http://{rest}")),
        _ => None,
    };
    let all = [
        Some(bare.to_owned()),
        Some(format!("{bare}/")),
        other_scheme,
    ];
    let all = all.into_iter().flatten();
    all.filter(|neighbour| neighbour != issuer).collect()
}

/// The platform, and where it differs from what the login says.
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
        None => format!("this {what}"),
        Some("") => format!("another {what}"),
        Some(difference) => format!("the {what} {difference}"),
    }
}

/// How a registered value differs from the one sent, if it does; empty if they are nothing alike.
fn difference(registered: &str, sent: &str) -> Option<&'static str> {
    let bare = |text: &str| text.trim().trim_end_matches('/').to_owned();
    let (ours, theirs) = (bare(registered), bare(sent));
    if registered == sent {
        None
    } else if registered.trim() != registered {
        Some("with blanks around it")
    } else if sent.trim() != sent {
        Some("without the blanks around it")
    } else if ours == theirs && registered.ends_with('/') {
        Some("with a slash at its end")
    } else if ours == theirs {
        Some("without the slash at its end")
    } else if ours.eq_ignore_ascii_case(&theirs) {
        Some("in other capital and small letters")
    } else if ours.replacen("https://", "http://", 1) == theirs {
        Some("with https instead of http")
    } else if theirs.replacen("https://", "http://", 1) == ours {
        Some("with http instead of https")
    } else {
        Some("")
    }
}

fn is_alike(registered: &str, sent: &str) -> bool {
    registered.trim().eq_ignore_ascii_case(sent.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_neighbours_of_an_issuer_are_its_common_misspellings() {
        let issuer = "https://lms.example.edu";
        let all = ["https://lms.example.edu/", "http://lms.example.edu"];
        assert_eq!(neighbours(issuer), all);
        let all = ["http://lms.example.edu", "https://lms.example.edu"];
        assert_eq!(neighbours("http://lms.example.edu/"), all);
        assert_eq!(neighbours(" x ").len(), 2);
    }

    #[test]
    fn a_difference_is_named_in_words() {
        let issuer = "https://lms.example.edu";
        assert_eq!(difference(issuer, issuer), None);
        for (registered, sent, words) in [
            ("https://lms.example.edu/", issuer, "with a slash"),
            (issuer, "https://lms.example.edu/", "without the slash"),
            ("abc ", "abc", "with blanks"),
            ("abc", " abc", "without the blanks"),
            ("ABC", "abc", "in other capital"),
            (issuer, "http://lms.example.edu", "with https instead"),
            ("http://lms.example.edu", issuer, "with http instead"),
        ] {
            let said = difference(registered, sent).unwrap_or_default();
            assert!(said.starts_with(words), "{registered} {sent}: {said}");
        }
        assert_eq!(difference("abc", "abd"), Some(""));
    }
}

//! What a login of an unknown platform sent, beside the registration that it probably meant.

use lti::registration::CloudVendor;

use crate::directory::platforms::Platform;
use crate::portal::people::person::Person;
use crate::portal::platforms::in_use::{is_as_it_launched, last_launch};
use crate::portal::room::Portal;
use crate::traces::answer::Trace;
use crate::web::language::Language;
use crate::web::problem::Problem;
use crate::web::texts::{Text, portal_failures as texts};

/// A value that was sent, and the platform's own.
pub(super) struct ComparedValue {
    pub(super) name: Text,
    pub(super) sent: String,
    /// With the platform's name.
    pub(super) registered: String,
    /// Whether they differ.
    pub(super) differs: bool,
    /// How, if by so little that it is easily overlooked.
    pub(super) slip: Option<Text>,
}

/// Issuer and client id, as they were sent and as they are registered.
pub(super) fn compared(
    trace: &Trace,
    platform: &Platform,
    language: Language,
) -> Vec<ComparedValue> {
    let all = [
        (texts::FACT_ISSUER, &trace.issuer, &platform.issuer),
        (texts::FACT_CLIENT, &trace.client_id, &platform.client_id),
    ];
    let all = all.into_iter().map(|(name, sent, registered)| {
        let not_sent = || texts::NOT_SENT.to(language).to_owned();
        ComparedValue {
            name,
            sent: sent.clone().unwrap_or_else(not_sent),
            registered: format!("{}: {registered}", platform.name),
            differs: sent.as_ref().is_some_and(|sent| sent != registered),
            slip: sent.as_ref().and_then(|sent| slip(sent, registered)),
        }
    });
    all.collect()
}

/// How two values differ, if by what is easily overlooked.
fn slip(sent: &str, registered: &str) -> Option<Text> {
    let bare = |text: &str| text.trim_end_matches('/').to_owned();
    match sent {
        same if same == registered => None,
        _ if sent.trim() == registered.trim() => Some(texts::ONLY_BLANKS),
        _ if sent.eq_ignore_ascii_case(registered) => Some(texts::ONLY_CAPITALS),
        _ if bare(sent) == bare(registered) => Some(texts::ONLY_SLASH),
        _ => None,
    }
}

/// The client id that was sent, if it may simply be a mistake in this registration: the only one of
/// its issuer, which has never launched with the client id that it has now. A client id is never
/// offered where an issuer belongs to many schools, because anyone there can have one and send it
/// here.
///
/// # Errors
/// The store failed.
pub(super) async fn client_id_to_use<'t>(
    portal: &Portal,
    person: &Person,
    trace: &'t Trace,
    platform: &Platform,
) -> Result<Option<&'t str>, Problem> {
    let (Some(issuer), Some(client_id)) = (&trace.issuer, trace.client_id.as_deref()) else {
        return Ok(None);
    };
    let is_of_many =
        CloudVendor::of_issuer(issuer).is_some() || CloudVendor::shares_client_ids(issuer);
    if is_of_many || *issuer != platform.issuer || client_id == platform.client_id {
        return Ok(None);
    }
    let platforms = &portal.directory.platforms;
    if platforms.of_issuer(&person.tool.id, issuer).await?.len() != 1 {
        return Ok(None);
    }
    let last = last_launch(portal, &platform.id).await?;
    let worked = last.is_some() && is_as_it_launched(portal, platform).await? != Some(false);
    Ok((!worked).then_some(client_id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_difference_is_named() {
        for (sent, registered, named) in [
            ("AB-12", "ab-12", Some(texts::ONLY_CAPITALS)),
            ("https://a.b/", "https://a.b", Some(texts::ONLY_SLASH)),
            ("ab-12", "ab-12 ", Some(texts::ONLY_BLANKS)),
            ("ab-12", "ab-13", None),
        ] {
            assert_eq!(slip(sent, registered), named, "{sent}");
        }
        assert_eq!(slip("ab-12", "ab-12"), None);
    }
}

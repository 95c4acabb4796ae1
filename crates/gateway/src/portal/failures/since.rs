//! What has been mended since the newest failure of a cause, for lists of causes.

use super::mended::mended;
use super::one::find;
use crate::portal::people::person::Person;
use crate::portal::room::Portal;
use crate::web::meaning::Remedy;
use crate::web::problem::Problem;
use crate::web::texts::Text;

/// What has been mended since the failure with this reference, in words, as far as the portal can
/// see it.
///
/// # Errors
/// The store failed.
pub(crate) async fn mended_since(
    portal: &Portal,
    person: &Person,
    remedy: Remedy,
    reference: Option<&str>,
) -> Result<Option<Text>, Problem> {
    let Some(reference) = reference.filter(|_| can_be_seen(remedy)) else {
        return Ok(None);
    };
    let Some(trace) = find(portal, person, reference.to_owned()).await? else {
        return Ok(None);
    };
    let mended = mended(portal, person, &trace).await?;
    Ok(mended.map(|mended| mended.says))
}

/// Whether the portal can see that this has been done.
fn can_be_seen(remedy: Remedy) -> bool {
    match remedy {
        Remedy::Activate
        | Remedy::AllowDeployment
        | Remedy::EnterDeployment
        | Remedy::Leeway
        | Remedy::FetchKeys
        | Remedy::ListOrigin
        | Remedy::NearestPlatform
        | Remedy::ComparePlatform => true,
        Remedy::BlockedPeople
        | Remedy::PlatformSettings
        | Remedy::ToolSettings
        | Remedy::NewWindow
        | Remedy::Nothing => false,
    }
}

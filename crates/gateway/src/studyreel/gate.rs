//! Checks in front of a launch besides the capability: known source addresses, and a secret in a
//! header (studyreel.md §5, item 4). Neither proves anything alone; both keep strangers out
//! cheaply.

use std::net::IpAddr;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use studyreel::Dialect;

use super::refusal::StudyReelRefusal;
use super::room::StudyReel;
use crate::directory::tools::Tool;
use crate::kit::network;

/// Checks what the tool requires. Any failure is answered like a wrong signature; log and trace say
/// which check failed, without the sender's address.
pub(super) fn check(
    room: &StudyReel,
    dialect: &Dialect,
    tool: &Tool,
    head: &Parts,
) -> Result<(), StudyReelRefusal> {
    let settings = &tool.settings.studyreel;
    if !settings.sources.is_empty() {
        let client = room.clients.address_of(head);
        let mut sources = settings
            .sources
            .iter()
            .filter_map(|text| network::parse(text));
        if !sources.any(|network| network.contains(&client)) {
            return Err(StudyReelRefusal::SourceUnlisted {
                is_inside: is_inside(client),
            });
        }
    }
    if let Some(name) = &settings.secret_header {
        let keys = &room.keys;
        let numbers = settings.secrets.iter();
        let secrets = numbers.map(|number| keys.header_secret(dialect, &tool.id, *number));
        if !holds(name, secrets, &head.headers) {
            let which = format!("the header {name} is missing or wrong");
            return Err(StudyReelRefusal::Unproven(Some(which)));
        }
    }
    Ok(())
}

/// Whether an address is of this machine or a private network, as those of proxies usually are.
const fn is_inside(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => address.is_loopback() || address.is_private(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
    }
}

/// Whether the header is present once and contains one of the secrets. Compares all of them, so
/// that the time taken doesn't tell which one matched.
fn holds(name: &str, secrets: impl Iterator<Item = String>, headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(name).into_iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return false;
    };
    let same = |secret: &str| verify_slices_are_equal(secret.as_bytes(), value.as_bytes()).is_ok();
    secrets.fold(false, |right, secret| right | same(&secret))
}

//! `/portal/tools`: the tools of the installation, for owners of the first one (portal.md PO-10).
//! Each tool has its own portal at its host name.

pub(crate) mod list;
pub(crate) mod one;
pub(crate) mod remove;

use super::page::PortalRefusal;
use super::people::person::Person;
use super::room::Portal;

/// The list's path.
const PATH: &str = "/portal/tools";

/// The path of a tool's page.
fn path_of(id: &str) -> String {
    format!("{PATH}/{id}")
}

/// 404 for owners of other tools, who must not know about this page.
pub(super) async fn only_first(portal: &Portal, person: &Person) -> Result<(), PortalRefusal> {
    if portal.tools.is_first(&person.tool.id) {
        return Ok(());
    }
    Err(portal.nothing(person).await?.into())
}

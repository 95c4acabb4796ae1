//! How often the portal's users may have this server send requests, to see what answers
//! (docs/decisions/0502-tests-from-the-portal-are-limited.md).

use super::page::PortalRefusal;
use super::people::person::Person;
use super::room::Portal;
use crate::web::texts::Text;

impl Portal {
    /// Counts a check of something with this id. `wait` says for how many `{minutes}` to wait.
    ///
    /// # Errors
    /// It was checked too often: the redirect to the page at `path`, which says so.
    pub(crate) fn count_check(
        &self,
        person: &Person,
        id: &str,
        path: &str,
        wait: Text,
    ) -> Result<(), PortalRefusal> {
        let Err(seconds) = self.own.tries.of_checks(&person.tool.id, id) else {
            return Ok(());
        };
        let told = wait.with("minutes", seconds.div_ceil(60).to_string());
        Err(self.refused(person, path, told)?.into())
    }
}

//! A user's name and login, sealed for their row.

use serde::{Deserialize, Serialize};
use store::StoreError;

use crate::kit::seal::Sealer;

/// Name and login of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct UserProfile {
    /// The name that others see.
    pub(crate) name: String,
    /// What they sign in with: an e-mail address, or the name of the first owner.
    pub(crate) login: String,
}

/// Longest name, in characters.
const LONGEST_NAME: usize = 100;
/// Longest address, in bytes (RFC 5321).
const LONGEST_LOGIN: usize = 254;

impl UserProfile {
    /// Trims a name; `None` if it is empty, too long or not plain text.
    pub(crate) fn name(text: &str) -> Option<String> {
        let name = text.trim();
        let fits = (1..=LONGEST_NAME).contains(&name.chars().count());
        (fits && !name.contains(char::is_control)).then(|| name.to_owned())
    }

    /// Normalises an e-mail address; `None` if it isn't one.
    pub(crate) fn mail(text: &str) -> Option<String> {
        let mail = text.trim();
        let (local, domain) = mail.rsplit_once('@')?;
        let is_plain = |c: char| !c.is_whitespace() && !c.is_control();
        let fits = mail.len() <= LONGEST_LOGIN && !local.is_empty() && domain.len() > 1;
        let is_one = fits && mail.chars().all(is_plain) && !local.contains('@');
        is_one.then(|| mail.to_owned())
    }

    /// Sealed for the user with this id.
    pub(crate) fn seal(&self, rows: &Sealer, id: &str) -> Result<Vec<u8>, StoreError> {
        let document = serde_json::to_vec(self);
        let document = document.map_err(|error| StoreError::Corrupt(error.to_string()))?;
        Ok(rows.seal(&profile_identity(id), &document))
    }

    /// Opens the profile of the user with this id.
    pub(crate) fn open(rows: &Sealer, id: &str, sealed: &[u8]) -> Result<Self, StoreError> {
        let row = profile_identity(id);
        let corrupt =
            |error: &dyn std::fmt::Display| StoreError::Corrupt(format!("{row}: {error}"));
        let document = rows.open(&row, sealed).map_err(|error| corrupt(&error))?;
        serde_json::from_slice(&document).map_err(|error| corrupt(&error))
    }
}

/// The identity that a profile is sealed with.
pub(crate) fn profile_identity(id: &str) -> String {
    format!("portal_users/{id}")
}

/// The identity that the secret of a second step is sealed with.
pub(crate) fn totp_identity(id: &str) -> String {
    format!("portal_users/{id}/totp")
}

/// The identity that the address in an invitation is sealed with.
pub(crate) fn invited_identity(id: &str) -> String {
    format!("portal_links/{id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_names_are_told_from_rubbish() {
        for good in ["mara@fractions.example", " m@x.y ", "a+b@school"] {
            assert_eq!(UserProfile::mail(good).as_deref(), Some(good.trim()));
        }
        for bad in ["", "mara", "@x.y", "mara@", "a b@x.y", "a@b@c.d", "a@x\n.y"] {
            assert_eq!(UserProfile::mail(bad), None, "{bad}");
        }
        assert_eq!(UserProfile::name(" Mara ").as_deref(), Some("Mara"));
        assert_eq!(UserProfile::name("a\nb"), None);
        assert_eq!(UserProfile::name(&"a".repeat(101)), None);
    }
}

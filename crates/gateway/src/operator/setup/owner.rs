//! The portal's owner: created with a given password, or by the person who opens a one-time address
//! (docs/decisions/0320-the-portals-owner-comes-by-a-one-time-address.md).

use store::portal_users::{self, PortalUser};
use store::{StoreError, Tx};

use super::error::SetupError;
use crate::kit::clock::Random;
use crate::kit::id::new_id;
use crate::kit::seal::{Sealer, SecretKey};
use crate::portal::links::NewPortalLink;
use crate::portal::people::keys::PortalKeys;
use crate::portal::people::passwords::hashed;
use crate::portal::people::profile::UserProfile;
use crate::portal::people::role::Role;
pub use crate::settings::installation::ADMIN;

/// The owner of a new installation's portal.
pub(super) struct FirstOwner {
    keys: PortalKeys,
    how: OwnerBy,
}

enum OwnerBy {
    Password(Box<PortalUser>, Vec<u8>),
    Link(NewPortalLink),
}

impl FirstOwner {
    /// An owner with this password, or one who comes by a one-time address.
    ///
    /// # Errors
    /// The password can't be hashed.
    pub(super) async fn of(
        tool_id: &str,
        password: Option<String>,
        rows: &Sealer,
        root: &SecretKey,
        now_ms: i64,
        random: &Random,
    ) -> Result<Self, SetupError> {
        let keys = PortalKeys::new(root);
        let Some(password) = password else {
            let link = NewPortalLink::to_own(tool_id, now_ms, random);
            let how = OwnerBy::Link(link);
            return Ok(Self { keys, how });
        };
        let id = new_id(now_ms, random);
        let profile = UserProfile {
            name: "Admin".to_owned(),
            login: ADMIN.to_owned(),
        };
        let user = PortalUser {
            profile_sealed: profile.seal(rows, &id)?,
            id,
            tool_id: tool_id.to_owned(),
            password_hash: hash(password, random).await?,
            totp_sealed: None,
            role: Role::Owner.as_str().to_owned(),
            created_at: now_ms,
            seen_at: None,
            oidc_hash: None,
            sign_in_round: 0,
        };
        let login_hash = keys.login(tool_id, ADMIN);
        let how = OwnerBy::Password(Box::new(user), login_hash);
        Ok(Self { keys, how })
    }

    /// The path of the address that creates the owner, if no password was given.
    pub(super) fn path(&self) -> Option<String> {
        match &self.how {
            OwnerBy::Link(link) => Some(link.path()),
            OwnerBy::Password(..) => None,
        }
    }

    /// Stores the owner or the address.
    ///
    /// # Errors
    /// The store failed.
    pub(super) async fn store(self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        match self.how {
            OwnerBy::Password(user, login_hash) => {
                portal_users::insert(tx, login_hash, *user).await
            }
            OwnerBy::Link(link) => link.store(tx, &self.keys).await,
        }
    }
}

async fn hash(password: String, random: &Random) -> Result<String, SetupError> {
    let salt = random.bytes::<16>();
    let hash = tokio::task::spawn_blocking(move || hashed(&password, &salt));
    let hash = hash.await.map_err(|error| error.to_string());
    hash.and_then(|hash| hash).map_err(SetupError::Password)
}

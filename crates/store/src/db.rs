//! The store as the service uses it: the engine, with launches written in groups.

use std::hash::{BuildHasher, Hasher, RandomState};

use crate::engine::{Store, StoreError};
use crate::installation;
use crate::launches::NewLaunch;

/// The store of one installation. Cloning it is cheap.
pub type Db = Store<NewLaunch>;

impl Db {
    /// Stores a launch, together with all other waiting ones. Returns false if its nonce was
    /// already spent.
    ///
    /// # Errors
    /// The store could not commit.
    pub async fn launch(&self, launch: NewLaunch) -> Result<bool, StoreError> {
        self.insert_grouped(launch).await
    }

    /// Writes something and removes it again, to check that the store accepts writes.
    ///
    /// # Errors
    /// The store doesn't answer, or doesn't accept writes.
    pub async fn prove_writable(&self) -> Result<(), StoreError> {
        // Different in each process and each time.
        let lot = RandomState::new().build_hasher().finish();
        let id = -1 - i64::from(u32::try_from(lot >> 32).unwrap_or(0));
        self.write(move |mut tx| {
            Box::pin(async move { installation::try_write(&mut tx, id).await })
        })
        .await
    }
}

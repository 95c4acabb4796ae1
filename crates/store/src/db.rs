//! The store as the service uses it: the engine, grouping launches.

use crate::engine::{Store, StoreError};
use crate::installation;
use crate::launches::NewLaunch;

/// The store of one installation. Cloning it is cheap.
pub type Db = Store<NewLaunch>;

impl Db {
    /// Stores a launch, together with all others that wait; false if its nonce was spent before.
    ///
    /// # Errors
    /// The store could not commit.
    pub async fn launch(&self, launch: NewLaunch) -> Result<bool, StoreError> {
        self.insert_grouped(launch).await
    }

    /// Whether the store answers and can be written.
    ///
    /// # Errors
    /// It doesn't, or can't.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.write_one(|mut tx| Box::pin(async move { installation::touch(&mut tx).await }))
            .await
    }
}

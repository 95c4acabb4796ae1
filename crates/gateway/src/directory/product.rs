//! The product of a platform. A registration says it; for platforms that were added by hand, or came from LTIAAS, the
//! first launch that contains it does (docs/decisions/0309-a-platform-is-the-product-it-says.md).

use store::{StoreError, Tx, platforms};

use super::own_words::OwnWords;
use super::platforms::Platform;

/// The longest family name that is stored, in characters.
const LONGEST: usize = 100;

/// The product of a platform for which none was known.
pub(crate) struct NewProduct {
    platform_id: String,
    family: String,
}

impl NewProduct {
    /// What a launch with this payload says about its platform; `None` if that is already known, or it says nothing.
    pub(crate) fn of(platform: &Platform, payload: &str) -> Option<Self> {
        // Most platforms are known, and some never say it: neither slows a launch down.
        if platform.family.is_some() || !payload.contains("product_family_code") {
            return None;
        }
        let family = OwnWords::of(payload).line("product_family_code", LONGEST)?;
        Some(Self {
            platform_id: platform.id.clone(),
            family,
        })
    }

    /// Stores it, unless another launch was first.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn keep(self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        let kept = platforms::name_family(tx, &self.platform_id, &self.family);
        kept.await.map(drop)
    }
}

//! Which product a platform is. Its registration says so; for platforms that were added by hand, or
//! came from LTIAAS, the first launch that says so counts
//! (docs/decisions/0309-a-platform-is-the-product-it-says.md).

use store::{StoreError, Tx, platforms};

use super::own_words::OwnWords;
use super::platforms::Platform;

/// Longest product family that is stored, in characters.
const LONGEST_FAMILY: usize = 100;

/// The newly learned product of a platform.
pub(crate) struct NewProduct {
    platform_id: String,
    family: String,
}

impl NewProduct {
    /// What a launch with this payload reveals about its platform's product; `None` if that is
    /// known already, or the payload reveals nothing.
    pub(crate) fn of(platform: &Platform, payload: &str) -> Option<Self> {
        // Most platforms are known, and some never say: neither should cost a launch anything.
        if platform.family.is_some() || !payload.contains("product_family_code") {
            return None;
        }
        let family = OwnWords::of(payload).line("product_family_code", LONGEST_FAMILY)?;
        Some(Self {
            platform_id: platform.id.clone(),
            family,
        })
    }

    /// Stores the product, unless another launch was faster.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn keep(self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        let kept = platforms::name_family(tx, &self.platform_id, &self.family);
        kept.await.map(drop)
    }
}

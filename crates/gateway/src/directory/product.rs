//! Which product a platform is. A registration says it; of platforms that were entered by hand, or came from LTIAAS, the first
//! launch that says it does (docs/decisions/0309-a-platform-is-the-product-it-says.md).

use store::{StoreError, Tx, platforms};

use super::own_words::OwnWords;
use super::platforms::Platform;

/// The longest family that is kept, in characters.
const LONGEST: usize = 100;

/// The product of a platform of which none was known.
pub(crate) struct NewProduct {
    platform_id: String,
    family: String,
}

impl NewProduct {
    /// What a launch with this payload tells of its platform; `None` if that is known, or it tells nothing.
    pub(crate) fn of(platform: &Platform, payload: &str) -> Option<Self> {
        // Most platforms are known, and some never say it: neither costs a launch anything.
        if platform.family.is_some() || !payload.contains("product_family_code") {
            return None;
        }
        let family = OwnWords::of(payload).line("product_family_code", LONGEST)?;
        Some(Self {
            platform_id: platform.id.clone(),
            family,
        })
    }

    /// Keeps it, unless another launch was first.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn keep(self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        let kept = platforms::name_family(tx, &self.platform_id, &self.family);
        kept.await.map(drop)
    }
}

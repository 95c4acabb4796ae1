//! Line items that a score names by the application's own name for them (grades.md GR-22): who finds or makes them.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Number;
use url::Url;

use super::details::ScoreHandle;
use super::rules::reason::DeliveryReason;
use crate::directory::platforms::Platform;
use crate::launch::ServicePlace;
use crate::services::platform_failure::CallFailure;

/// Finds line items by their handles, and makes those that don't exist.
pub(crate) trait FindsLineItem: Send + Sync {
    /// The line item of a handle.
    fn find(&self, asked: AskedHandle) -> BoxFuture<'static, Result<FoundLineItem, NoLineItem>>;

    /// The platform doesn't know the line item of a handle any more (GR-24): the one that is there now, which is the same if
    /// something else was not known, or a new one if one may be created; `None` if it is gone.
    fn gone(
        &self,
        asked: AskedHandle,
        url: Url,
        may_create: bool,
    ) -> BoxFuture<'static, Result<Option<FoundLineItem>, NoLineItem>>;
}

/// A handle, and where it is one.
pub(crate) struct AskedHandle {
    pub tool_id: String,
    pub platform: Arc<Platform>,
    pub place: ServicePlace,
    pub handle: ScoreHandle,
}

/// The line item of a handle.
pub(crate) struct FoundLineItem {
    pub url: Url,
    pub score_maximum: Option<Number>,
}

/// Why there is none.
pub(crate) enum NoLineItem {
    /// There won't be one; why, in a sentence.
    Refused(DeliveryReason, String),
    /// A person has to decide first; what, in a sentence.
    Held(DeliveryReason, String),
    /// The platform didn't answer as it should.
    Failed(CallFailure),
    /// Not now, for a reason of our own.
    NotNow(String),
}

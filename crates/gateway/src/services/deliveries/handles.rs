//! Line items for scores that use the application's own name for them (grades.md GR-22): the
//! interface to whatever finds or creates them.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Number;
use url::Url;

use super::details::ScoreHandle;
use super::rules::reason::DeliveryReason;
use crate::directory::platforms::Platform;
use crate::launch::ServicePlace;
use crate::services::platform_failure::CallFailure;

/// Finds line items by their handles, and creates missing ones.
pub(crate) trait FindsLineItem: Send + Sync {
    /// The line item of a handle.
    fn find(&self, asked: AskedHandle) -> BoxFuture<'static, Result<FoundLineItem, NoLineItem>>;

    /// The platform no longer knows the line item of a handle (GR-24). Returns the current one: the
    /// same if something else was unknown, or a new one if it may be created; `None` if it is gone.
    fn gone(
        &self,
        asked: AskedHandle,
        url: Url,
        may_create: bool,
    ) -> BoxFuture<'static, Result<Option<FoundLineItem>, NoLineItem>>;
}

/// A handle, and its course.
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

/// Why there is no line item.
pub(crate) enum NoLineItem {
    /// There will be none; the reason, in a sentence.
    Refused(DeliveryReason, String),
    /// A person has to decide first; what about, in a sentence.
    Held(DeliveryReason, String),
    /// The platform didn't answer properly.
    Failed(CallFailure),
    /// Not now, for a reason on our side.
    NotNow(String),
}

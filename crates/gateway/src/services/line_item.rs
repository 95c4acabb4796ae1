//! A platform's line item: reading it from an answer, and replacing it.

use axum::http::Method;
use lti::ags::{LINE_ITEM as ITEM, LineItem, NewLineItem, Spelling};
use lti::claims::scope::LINE_ITEM;
use lti::json::mended_value;
use serde_json::Value;
use url::Url;

use super::call::Call;
use super::platform_client::PlatformClient;
use super::platform_failure::CallFailure;
use crate::directory::platforms::Platform;
use crate::kit::outbound::Answer;

/// The line item in an answer; `None` if there is none. If the platform leaves out its id, it is
/// the one requested.
pub(super) fn read_line_item(body: &[u8], asked: Option<&Url>) -> Option<LineItem> {
    let mut item = mended_value(body).ok()?;
    if let (Some(url), Some(members)) = (asked, item.as_object_mut())
        && members.get("id").is_none_or(Value::is_null)
    {
        members.insert("id".into(), url.as_str().into());
    }
    LineItem::read(item)
}

/// A line item that is to replace the platform's.
pub(super) struct LineItemPut<'a> {
    pub(super) url: &'a Url,
    pub(super) item: &'a NewLineItem,
    /// How the platform returns names.
    pub(super) spelling: Spelling,
}

impl LineItemPut<'_> {
    /// The request with the line item as given.
    pub(super) fn call(&self) -> Call<'_> {
        self.of(self.item)
    }

    fn of(&self, item: &NewLineItem) -> Call<'_> {
        Call {
            method: Method::PUT,
            body: Some((ITEM, item.to_body())),
            ..Call::get(self.url, LINE_ITEM, ITEM)
        }
    }
}

impl PlatformClient {
    /// Replaces a line item.
    ///
    /// If it was read earlier, its names are in the platform's spelling. Sakai up to version 25
    /// would encode them a second time, and no search would find them; newer versions store them
    /// unchanged. So this first sends them as the tool may have written them. If they come back
    /// different from before, it sends them as they were (docs/decisions/0374-names-at-sakai.md).
    ///
    /// # Errors
    /// The platform refused it, or its answer can't be read.
    pub(super) async fn put_line_item(
        &self,
        platform: &Platform,
        put: &LineItemPut<'_>,
    ) -> Result<Answer, CallFailure> {
        if !put.item.may_be_encoded(put.spelling) {
            return self.try_send(platform, &put.call()).await;
        }
        let before = self.line_item_at(platform, put.url).await?;
        let Some(written) = put.item.under_written_names(&before, put.spelling) else {
            return self.try_send(platform, &put.call()).await;
        };
        let answer = self.try_send(platform, &put.of(&written)).await?;
        let after = self.line_item_at(platform, put.url).await?;
        if after.has_names_of(&before) {
            return Ok(answer);
        }
        self.try_send(platform, &put.call()).await
    }

    /// The line item's current state at the platform.
    async fn line_item_at(&self, platform: &Platform, url: &Url) -> Result<LineItem, CallFailure> {
        let call = Call::get(url, LINE_ITEM, ITEM);
        let answer = self.try_send(platform, &call).await?;
        let item = read_line_item(&answer.body, Some(url));
        item.ok_or(CallFailure::Unreadable(answer.body))
    }
}

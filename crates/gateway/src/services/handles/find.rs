//! Finds the line item of a handle, or creates it.

use axum::http::Method;
use futures_util::future::BoxFuture;
use lti::ags::{LINE_ITEM as ITEM, LineItem, LineItemFilter, NewLineItem};
use serde_json::{Map, Value, json};
use store::line_item_handles::HandleOwner;
use url::Url;

use super::LineItemHandles;
use super::outcome::{by_store, not_granted, not_yet, refused};
use super::scope::writing;
use super::search::HandleSearch;
use super::several::ambiguous;
use crate::launch::GradeAddresses;
use crate::services::call::Call;
use crate::services::deliveries::{AskedHandle, FindsLineItem, FoundLineItem, NoLineItem};
use crate::services::grades::vendor;
use crate::services::line_item::read_line_item;
use crate::services::platform_client::permitted;
use crate::services::platform_failure::CallFailure;
use crate::services::platform_words::is_canvas_throttle;

impl FindsLineItem for LineItemHandles {
    fn find(&self, asked: AskedHandle) -> BoxFuture<'static, Result<FoundLineItem, NoLineItem>> {
        let room = self.clone();
        Box::pin(async move { room.found(&asked).await })
    }

    fn gone(
        &self,
        asked: AskedHandle,
        url: Url,
        may_create: bool,
    ) -> BoxFuture<'static, Result<Option<FoundLineItem>, NoLineItem>> {
        let room = self.clone();
        Box::pin(async move { room.after_gone(&asked, &url, may_create).await })
    }
}

impl LineItemHandles {
    fn handle(&self, asked: &AskedHandle) -> HandleOwner {
        let handle = &asked.handle;
        let (resource_id, tag) = (&handle.resource_id, handle.tag.as_deref());
        self.owner(&asked.tool_id, &asked.place, resource_id, tag)
    }

    async fn found(&self, asked: &AskedHandle) -> Result<FoundLineItem, NoLineItem> {
        let handle = self.handle(asked);
        if let Some(known) = self.by_id(&handle.id).await.map_err(by_store)? {
            return self.in_step(asked, &handle, known).await;
        }
        let Some(search) = self.look(&handle).await.map_err(by_store)? else {
            let known = self.by_id(&handle.id).await.map_err(by_store)?;
            return known.ok_or_else(|| {
                NoLineItem::NotNow("another score has this line item looked for".into())
            });
        };
        let searching = search.during(self.search(asked, &search));
        let searching = tokio::time::timeout(self.patience, searching);
        let found = match searching.await.unwrap_or_else(|_| Err(too_slow())) {
            Ok(found) => found,
            Err(outcome) => {
                search.give_up().await;
                return Err(outcome);
            }
        };
        if search.keep(&found).await.map_err(by_store)? {
            return Ok(found);
        }
        // An application has set it meanwhile.
        let known = self.by_id(&handle.id).await.map_err(by_store)?;
        known.ok_or_else(|| NoLineItem::NotNow("the search for its line item took too long".into()))
    }

    /// The only line item with the handle, or a new one if there is none.
    async fn search(
        &self,
        asked: &AskedHandle,
        search: &HandleSearch<'_>,
    ) -> Result<FoundLineItem, NoLineItem> {
        let grades = grades_of(asked)?;
        match self.candidates(asked, grades).await?.as_slice() {
            [] => self.create(asked, grades, search).await,
            [one] => usable(asked, one),
            several => Err(ambiguous(several)),
        }
    }

    async fn candidates(
        &self,
        asked: &AskedHandle,
        grades: &GradeAddresses,
    ) -> Result<Vec<LineItem>, NoLineItem> {
        let filter = LineItemFilter {
            resource_id: Some(&asked.handle.resource_id),
            tag: asked.handle.tag.as_deref(),
            spelling: vendor(&asked.platform).spelling(),
            ..LineItemFilter::default()
        };
        self.fitting(&asked.platform, grades, filter).await
    }

    /// Creates the line item. If there is no answer, it may exist nevertheless, or soon: the next
    /// search waits half a minute, and will find it.
    async fn create(
        &self,
        asked: &AskedHandle,
        grades: &GradeAddresses,
        search: &HandleSearch<'_>,
    ) -> Result<FoundLineItem, NoLineItem> {
        let handle = &asked.handle;
        let (Some(label), Some(maximum)) = (&handle.label, handle.score_maximum) else {
            return Err(not_yet(
                "no line item has this handle yet, and none is created without label and scoreMaximum",
            ));
        };
        let scope = writing(grades)?;
        let Some(address) = &grades.line_items else {
            return Err(not_granted(
                "the platform offers no list of line items here, so none can be created",
            ));
        };
        let mut item = Map::new();
        item.insert("label".into(), label.as_str().into());
        item.insert("scoreMaximum".into(), json!(maximum));
        item.insert("resourceId".into(), handle.resource_id.as_str().into());
        if let Some(tag) = &handle.tag {
            item.insert("tag".into(), tag.as_str().into());
        }
        let item = NewLineItem::read(Value::Object(item));
        let item = item.map_err(|error| refused(&error.to_string()))?;
        let url = Url::parse(address).map_err(|error| refused(&error.to_string()))?;
        self.takes_over_none(asked, grades, &url, label).await?;
        let call = Call {
            method: Method::POST,
            body: Some((ITEM, item.to_body())),
            by: Some(search.may_create().await?),
            ..Call::get(&url, scope, ITEM)
        };
        let answer = self.client.try_send(&asked.platform, &call).await;
        if !answer.as_ref().is_err_and(may_go_on) {
            search.is_answered();
        }
        let answer = answer.map_err(NoLineItem::Failed)?;
        let created = read_line_item(&answer.body, None);
        let created = created.ok_or_else(|| {
            not_yet("the platform's answer about the new line item can't be read")
        })?;
        let found = usable(asked, &created)?;
        let known = self.launches.line_items();
        known.used(&asked.platform.id, found.url.as_str()).await;
        tracing::info!(
            platform_id = asked.platform.id,
            "a line item was created for a handle"
        );
        Ok(found)
    }

    /// Checks that no other column has the label. On some platforms the new line item would take
    /// over that column: its maximum would be different, and if it belongs to another handle, the
    /// scores of both would be mixed up.
    async fn takes_over_none(
        &self,
        asked: &AskedHandle,
        grades: &GradeAddresses,
        list: &Url,
        label: &str,
    ) -> Result<(), NoLineItem> {
        let platform = &asked.platform;
        if !vendor(platform).has_one_column_per_label() {
            return Ok(());
        }
        let is_taken = |item: &LineItem| item.text("label") == Some(label);
        let taken = self.among(platform, grades, list.clone(), is_taken).await?;
        match taken.as_slice() {
            [] => Ok(()),
            others => Err(ambiguous(others)),
        }
    }

    /// A line item, if the platform still has it under this address.
    async fn still_there(
        &self,
        asked: &AskedHandle,
        grades: &GradeAddresses,
        url: &Url,
    ) -> Result<Option<LineItem>, NoLineItem> {
        match self.item(&asked.platform, grades, url).await {
            Err(NoLineItem::Failed(failure)) if is_unknown(&failure) => Ok(None),
            Ok(None) => Err(not_yet(
                "the platform's answer about its line item can't be read",
            )),
            read => read,
        }
    }

    /// The platform no longer knows the line item of a handle (GR-24). Another one with the handle
    /// replaces it. A new one is created only if that is allowed, so that none reappears behind a
    /// teacher's back.
    async fn after_gone(
        &self,
        asked: &AskedHandle,
        url: &Url,
        may_create: bool,
    ) -> Result<Option<FoundLineItem>, NoLineItem> {
        let (handle, grades) = (self.handle(asked), grades_of(asked)?);
        let looking = tokio::time::timeout(self.patience, self.candidates(asked, grades));
        let there = looking.await.unwrap_or_else(|_| Err(too_slow()))?;
        let is_it = |item: &LineItem| Url::parse(item.id()).is_ok_and(|id| id == *url);
        if let Some(same) = there.iter().find(|item| is_it(item)) {
            // It exists: what the platform doesn't know is something else.
            return usable(asked, same).map(Some);
        }
        // So does one that lacks the handle's names but was chosen by an application, if it can
        // still be read.
        if let Some(same) = self.still_there(asked, grades, url).await? {
            return Ok(Some(FoundLineItem {
                url: url.clone(),
                score_maximum: same.score_maximum(),
            }));
        }
        // An application, or another server, has set another one meanwhile.
        let known = self.by_id(&handle.id).await.map_err(by_store)?;
        if let Some(known) = known.filter(|known| known.url != *url) {
            return Ok(Some(known));
        }
        match there.as_slice() {
            [] if may_create => {
                self.lose(&handle, url).await.map_err(by_store)?;
                self.found(asked).await.map(Some)
            }
            [] => Ok(None),
            [other] => {
                let found = usable(asked, other)?;
                let replaced = self.replace(&handle, url, found).await;
                replaced.map(Some).map_err(by_store)
            }
            several => Err(ambiguous(several)),
        }
    }
}

/// Whether a platform may go on with a request: there was no answer, or a proxy gave it because it
/// had none. 520 to 524 are Cloudflare's.
fn may_go_on(failure: &CallFailure) -> bool {
    match failure {
        CallFailure::NotReached(error) => !error.changed_nothing(),
        CallFailure::Refused(refused) => matches!(refused.status, 408 | 502..=504 | 520..=524),
        _ => false,
    }
}

/// Whether a platform answered that it has no such line item, in whatever wording, rather than that
/// the token has expired or that it is busy.
fn is_unknown(failure: &CallFailure) -> bool {
    let CallFailure::Refused(refused) = failure else {
        return false;
    };
    let is_busy = matches!(refused.status, 401 | 408 | 425 | 429)
        || is_canvas_throttle(&refused.headers, &refused.body);
    (400..500).contains(&refused.status) && !is_busy
}

fn too_slow() -> NoLineItem {
    not_yet("the platform takes too long to list its line items, or to create one")
}

pub(super) fn grades_of(asked: &AskedHandle) -> Result<&GradeAddresses, NoLineItem> {
    let grades = asked.place.grades.as_ref();
    grades.ok_or_else(|| not_granted("the platform offers no assignments and grades here"))
}

/// A line item of the platform, if its address is on the host of the launch's own, because tokens
/// are sent nowhere else.
fn usable(asked: &AskedHandle, item: &LineItem) -> Result<FoundLineItem, NoLineItem> {
    let elsewhere =
        || refused("the platform names a line item on another host than its services are on");
    let url = Url::parse(item.id()).map_err(|_| elsewhere())?;
    Ok(FoundLineItem {
        url: permitted(url, asked.place.addresses()).map_err(|_| elsewhere())?,
        score_maximum: item.score_maximum(),
    })
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;
    use test_case::cases;

    use super::*;
    use crate::kit::outbound::OutboundError;
    use crate::services::platform_failure::RefusedCall;

    #[cases("GR-22")]
    #[test]
    fn only_who_gives_no_answer_may_go_on() {
        let refused = |status| {
            CallFailure::Refused(Box::new(RefusedCall {
                status,
                headers: HeaderMap::new(),
                body: Vec::new(),
            }))
        };
        for (status, expected) in [
            (408, true),
            (502, true),
            (503, true),
            (504, true),
            (520, true),
            (524, true),
            (525, false),
            (500, false),
            (403, false),
        ] {
            assert_eq!(may_go_on(&refused(status)), expected, "{status}");
        }
        assert!(may_go_on(&CallFailure::NotReached(OutboundError::TimedOut)));
        assert!(!may_go_on(&CallFailure::NotReached(OutboundError::Busy)));
        assert!(!may_go_on(&CallFailure::TooLate));
    }

    #[cases("GR-24", "GR-7")]
    #[test]
    fn who_is_busy_has_not_said_that_a_line_item_is_gone() {
        let refused = |status, body: &str| {
            CallFailure::Refused(Box::new(RefusedCall {
                status,
                headers: HeaderMap::new(),
                body: body.into(),
            }))
        };
        for (status, body, expected) in [
            (404, "", true),
            (400, "No such line item", true),
            (403, "", true),
            (403, "403 Forbidden (Rate Limit Exceeded)", false),
            (401, "", false),
            (408, "", false),
            (425, "", false),
            (429, "", false),
            (500, "", false),
        ] {
            let is_gone = is_unknown(&refused(status, body));
            assert_eq!(is_gone, expected, "{status} {body}");
        }
        assert!(!is_unknown(&CallFailure::NotGranted));
        assert!(!is_unknown(&CallFailure::Unreadable(Vec::new())));
    }
}

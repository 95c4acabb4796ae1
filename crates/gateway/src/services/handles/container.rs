//! Reading the line items of a course that have a handle.

use std::collections::HashSet;

use axum::http::StatusCode;
use lti::ags::{LINE_ITEM as ITEM, LINE_ITEM_CONTAINER, LineItem, LineItemFilter};
use lti::json::mended_value;
use url::Url;

use super::LineItemHandles;
use super::scope::{missing, reading};
use super::stopped::by_platform;
use crate::directory::platforms::Platform;
use crate::launch::GradeAddresses;
use crate::services::call::Call;
use crate::services::deliveries::HandleOutcome;
use crate::services::platform_client::{links, list};
use crate::web::problem::Problem;

/// Pages of a list at most.
const MOST_PAGES: usize = 500;
/// Line items with one handle that are told apart: with more of them, something else is wrong.
const MOST_ITEMS: usize = 20;

impl LineItemHandles {
    /// The line items that fit, on all pages.
    pub(super) async fn fitting(
        &self,
        platform: &Platform,
        grades: &GradeAddresses,
        filter: LineItemFilter<'_>,
    ) -> Result<Vec<LineItem>, HandleOutcome> {
        let scope = reading(grades)?;
        let Some(address) = &grades.line_items else {
            return self.only(platform, grades, filter).await;
        };
        let parsed = |address: &str| Url::parse(address).map_err(Problem::internal);
        let first = parsed(address).map_err(by_platform)?;
        let (mut url, mut seen, mut found) = (filter.apply(&first), HashSet::new(), Vec::new());
        while seen.len() < MOST_PAGES && seen.insert(url.clone()) {
            let call = Call::get(&url, scope, LINE_ITEM_CONTAINER);
            let answer = self.client.send(platform, &call).await;
            let answer = answer.map_err(by_platform)?;
            let page = list(&call, &answer, &["lineItems", "lineitems"]).map_err(by_platform)?;
            let page = page.into_iter().filter_map(LineItem::read);
            // Platforms ignore filters, and lose them on the way to the next page.
            found.extend(page.filter(|item| filter.admits(item)));
            let links = links(&url, &answer.headers);
            match links.next {
                Some(next) if found.len() < MOST_ITEMS => url = next,
                None if links.is_cut_off => return Err(by_platform(cut_off())),
                _ => return Ok(found),
            }
        }
        Err(by_platform(cut_off()))
    }

    /// The one line item of a launch that offers no list, if it fits.
    async fn only(
        &self,
        platform: &Platform,
        grades: &GradeAddresses,
        filter: LineItemFilter<'_>,
    ) -> Result<Vec<LineItem>, HandleOutcome> {
        let Some(address) = &grades.line_item else {
            return Err(missing("The platform offers no line items here."));
        };
        let url = Url::parse(address).map_err(Problem::internal);
        let url = url.map_err(by_platform)?;
        let item = self.item(platform, grades, &url).await?;
        Ok(item
            .into_iter()
            .filter(|item| filter.admits(item))
            .collect())
    }

    /// A line item as the platform has it; `None` if the answer can't be read.
    pub(super) async fn item(
        &self,
        platform: &Platform,
        grades: &GradeAddresses,
        url: &Url,
    ) -> Result<Option<LineItem>, HandleOutcome> {
        let call = Call::get(url, reading(grades)?, ITEM);
        let answer = self.client.send(platform, &call).await;
        let answer = answer.map_err(by_platform)?;
        Ok(read(&answer.body, Some(url)))
    }
}

/// The one line item of an answer. Who asked for it knows its id.
pub(super) fn read(body: &[u8], url: Option<&Url>) -> Option<LineItem> {
    let mut item = mended_value(body).ok()?;
    if let (Some(url), Some(members)) = (url, item.as_object_mut())
        && members.get("id").is_none_or(serde_json::Value::is_null)
    {
        members.insert("id".into(), url.as_str().into());
    }
    LineItem::read(item)
}

/// Whether another line item has the handle can't be known, so none is created: it would be a second one.
fn cut_off() -> Problem {
    Problem::new(
        StatusCode::BAD_GATEWAY,
        "LIST_CUT_OFF",
        "The platform's list of line items can't be read to its end.",
    )
}

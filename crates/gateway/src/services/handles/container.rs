//! Reads the line items of a course that have a handle.

use lti::ags::{LINE_ITEM as ITEM, LINE_ITEM_CONTAINER, LineItem, LineItemFilter};
use url::Url;

use super::LineItemHandles;
use super::outcome::{not_granted, not_yet, refused};
use super::scope::reading;
use crate::directory::platforms::Platform;
use crate::launch::GradeAddresses;
use crate::services::call::Call;
use crate::services::deliveries::NoLineItem;
use crate::services::line_item::read_line_item;
use crate::services::list_pages::ListPages;
use crate::services::platform_client::{links, list};
use crate::services::platform_failure::CallFailure;

/// The most pages of a list.
const MOST_PAGES: usize = 500;
/// How many line items with the same handle are collected; with more of them, something else is
/// wrong.
const MOST_ITEMS: usize = 20;

impl LineItemHandles {
    /// The matching line items on all pages.
    pub(super) async fn fitting(
        &self,
        platform: &Platform,
        grades: &GradeAddresses,
        filter: LineItemFilter<'_>,
    ) -> Result<Vec<LineItem>, NoLineItem> {
        let Some(address) = &grades.line_items else {
            return self.only(platform, grades, filter).await;
        };
        let first = filter.apply(&parsed(address)?);
        // Platforms ignore filters, or lose them on the next page.
        let fits = |item: &LineItem| filter.admits(item);
        self.among(platform, grades, first, fits).await
    }

    /// The wanted line items from all pages of a list.
    pub(super) async fn among(
        &self,
        platform: &Platform,
        grades: &GradeAddresses,
        first: Url,
        is_wanted: impl Fn(&LineItem) -> bool,
    ) -> Result<Vec<LineItem>, NoLineItem> {
        let scope = reading(grades)?;
        let mut pages = ListPages::beginning(first, MOST_PAGES);
        let mut found = Vec::new();
        loop {
            let call = Call::get(pages.url(), scope, LINE_ITEM_CONTAINER);
            let answer = self.client.try_send(platform, &call).await;
            let answer = answer.map_err(NoLineItem::Failed)?;
            let Ok(page) = list(&call, &answer, &["lineItems", "lineitems"]) else {
                return Err(NoLineItem::Failed(CallFailure::Unreadable(answer.body)));
            };
            let page = page.into_iter().filter_map(LineItem::read);
            found.extend(page.filter(|item| is_wanted(item)));
            let links = links(pages.url(), &answer.headers);
            let is_enough = found.len() >= MOST_ITEMS && links.next.is_some();
            if is_enough || !pages.turn(&links).map_err(|_| cut_off())? {
                return Ok(found);
            }
        }
    }

    /// The only line item of a launch that offers no list, if it matches.
    async fn only(
        &self,
        platform: &Platform,
        grades: &GradeAddresses,
        filter: LineItemFilter<'_>,
    ) -> Result<Vec<LineItem>, NoLineItem> {
        let Some(address) = &grades.line_item else {
            return Err(not_granted("the platform offers no line items here"));
        };
        let item = self.item(platform, grades, &parsed(address)?).await?;
        Ok(item
            .into_iter()
            .filter(|item| filter.admits(item))
            .collect())
    }

    /// A line item as the platform sent it; `None` if the answer can't be read.
    pub(super) async fn item(
        &self,
        platform: &Platform,
        grades: &GradeAddresses,
        url: &Url,
    ) -> Result<Option<LineItem>, NoLineItem> {
        let call = Call::get(url, reading(grades)?, ITEM);
        let answer = self.client.try_send(platform, &call).await;
        let answer = answer.map_err(NoLineItem::Failed)?;
        Ok(read_line_item(&answer.body, Some(url)))
    }
}

fn parsed(address: &str) -> Result<Url, NoLineItem> {
    Url::parse(address).map_err(|_| refused("the address of the platform's line items is none"))
}

/// Another line item may have the handle, so none is created: it could be a duplicate.
fn cut_off() -> NoLineItem {
    not_yet("the platform's list of line items can't be read to its end")
}

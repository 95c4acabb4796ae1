//! The parameters of a request for deliveries.

use store::deliveries::{DeliveryFilter, DeliveryState};
use url::Url;

use super::viewer::Viewer;
use crate::kit::id::is_id;
use crate::services::deliveries::DeliveryKeys;
use crate::web::paging::{self, wrong};
use crate::web::problem::Problem;

/// The parameters of the list.
#[derive(Debug, Default)]
pub(super) struct DeliveryQuery {
    state: Option<DeliveryState>,
    reason: Option<String>,
    platform: Option<String>,
    context: Option<String>,
    user: Option<String>,
    line_item: Option<String>,
    since: i64,
    cursor: Option<String>,
    /// Deliveries on the page.
    pub limit: i64,
}

impl DeliveryQuery {
    /// Reads a query.
    ///
    /// # Errors
    /// 400 for an unknown parameter or an invalid value.
    pub(super) fn parse(query: &str) -> Result<Self, Problem> {
        let mut asked = Self {
            limit: paging::PAGE_SIZE,
            ..Self::default()
        };
        for (name, value) in paging::parameters(query) {
            let text = || Some(value.clone().into_owned());
            match &*name {
                "state" => {
                    let state = DeliveryState::named(&value);
                    let wrong = || wrong("state", "is no state of a delivery");
                    asked.state = Some(state.ok_or_else(wrong)?);
                }
                "reason" => asked.reason = text(),
                "platform" => asked.platform = text(),
                "context" => asked.context = text(),
                "user" => asked.user = text(),
                "lineItem" => asked.line_item = Some(address(&value)?),
                "since" => asked.since = paging::time("since", &value)?,
                "cursor" if is_id(&value) => asked.cursor = text(),
                "cursor" => return Err(wrong("cursor", "must be a nextCursor")),
                "limit" => asked.limit = paging::limit(&value)?,
                name => {
                    return Err(wrong(
                        name,
                        "is not one of state, reason, platform, context, user, lineItem, since, limit, cursor",
                    ));
                }
            }
        }
        Ok(asked)
    }

    /// Restricts the query to what the viewer may see. Asks for one more delivery than fits on the
    /// page, to find out whether another page follows.
    ///
    /// # Errors
    /// 400 for anything they may not see, and for a person or line item without a platform, because
    /// only the platform makes their ids unambiguous.
    pub(super) fn filter(
        self,
        viewer: &Viewer,
        keys: &DeliveryKeys,
    ) -> Result<DeliveryFilter, Problem> {
        let own = viewer.platform_id().map(str::to_owned);
        if own.is_some() && self.platform.is_some() && self.platform != own {
            return Err(wrong("platform", "is another than that of the key"));
        }
        let platform_id = own.or(self.platform);
        let at = |name: &str| {
            let platform = platform_id.as_deref();
            platform.ok_or_else(|| wrong(name, "needs the parameter 'platform' beside it"))
        };
        let user = match (viewer, self.user) {
            (Viewer::Person { user_id, .. }, Some(user)) if user != *user_id => {
                return Err(wrong("user", "is another than that of the launch"));
            }
            (Viewer::Person { user_id, .. }, _) => Some(user_id.clone()),
            (_, user) => user,
        };
        let user_key = match user {
            Some(user) => Some(keys.user(at("user")?, &user)),
            None => None,
        };
        let line_item_key = match &self.line_item {
            Some(line_item) => Some(keys.line_item(at("lineItem")?, line_item)),
            None => None,
        };
        Ok(DeliveryFilter {
            tool_id: viewer.tool().id.clone(),
            state: self.state,
            reason: self.reason,
            platform_id,
            context_id: self.context,
            user_key,
            line_item_key,
            place_id: match viewer {
                Viewer::Place(services) => Some(services.place.id()),
                _ => None,
            },
            since: self.since,
            before: self.cursor,
            limit: self.limit + 1,
        })
    }
}

/// A line item's address in our normalised form.
fn address(value: &str) -> Result<String, Problem> {
    let url = Url::parse(value).map_err(|_| wrong("lineItem", "must be an address"))?;
    Ok(url.into())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use test_case::cases;

    use super::*;

    #[cases("GR-26")]
    #[test]
    fn a_wrong_parameter_is_named() {
        for wrong in [
            "state=lost",
            "cursor=1",
            "limit=0",
            "since=today",
            "lineItem=7",
            "person=5",
        ] {
            let refused = DeliveryQuery::parse(wrong).unwrap_err();
            let name = wrong.split('=').next().unwrap();
            assert!(refused.description.contains(name), "{refused:?}");
        }
        let asked = "state=held&reason=OTHER&since=2026-09-01T00:00:00Z&lineItem=https%3A%2F%2FLMS.example%2F1";
        let asked = DeliveryQuery::parse(asked).unwrap();
        assert_eq!(asked.line_item.as_deref(), Some("https://lms.example/1"));
        assert_eq!((asked.state, asked.limit), (Some(DeliveryState::Held), 50));
    }
}

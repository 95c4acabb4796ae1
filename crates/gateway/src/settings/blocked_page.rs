//! Addresses in a tool's settings that browsers would refuse to open inside a platform's page.
//!
//! Settings that are stored already may have some, so they are no fault of the settings as such:
//! only new ones are refused.

use std::borrow::Cow;
use std::fmt;

use url::Url;

use super::addresses::{NAMES_USER, names_user, picture_problem};
use super::public_url::PublicUrl;
use super::tool::ToolSettings;
use crate::kit::masked::masked;

const PLAIN_HTTP: &str =
    "is plain http, and browsers show no such page inside a learning platform's https page";

/// An address that browsers would refuse.
#[derive(Debug, PartialEq, Eq)]
pub struct BlockedPage<'s> {
    /// The member of the settings that contains it.
    pub member: Cow<'static, str>,
    /// What is wrong with it, in words that follow its name.
    pub problem: &'static str,
    url: &'s Url,
}

impl BlockedPage<'_> {
    /// Its scheme, host and port, for the log: the rest may be secret.
    pub fn host(&self) -> String {
        masked(self.url.as_str())
    }
}

impl fmt::Display for BlockedPage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.member, self.problem)
    }
}

impl ToolSettings {
    /// The addresses that browsers would refuse to open inside a platform's page. One that was
    /// loaded over https takes no plain http.
    pub fn blocked_pages(&self, public_url: &PublicUrl) -> Vec<BlockedPage<'_>> {
        let pages = self.pages().into_iter().filter_map(|(member, url)| {
            let url = url?;
            let problem = if names_user(url) {
                NAMES_USER
            } else {
                public_url.blocks(url).then_some(PLAIN_HTTP)?
            };
            let member = Cow::Borrowed(member);
            Some(BlockedPage {
                member,
                problem,
                url,
            })
        });
        let pictures = self.pictures().into_iter().filter_map(|(member, url)| {
            let problem = picture_problem(url)?;
            Some(BlockedPage {
                member,
                problem,
                url,
            })
        });
        pages.chain(pictures).collect()
    }

    /// The pictures that platforms show.
    fn pictures(&self) -> Vec<(Cow<'static, str>, &Url)> {
        let mut pictures = Vec::new();
        if let Some(url) = &self.logo_url {
            pictures.push((Cow::Borrowed("logoUrl"), url));
        }
        for (index, message) in self.messages.iter().enumerate() {
            for (member, url) in message.pictures() {
                pictures.push((Cow::Owned(format!("messages[{index}].{member}")), url));
            }
        }
        pictures
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn no_address_in_the_settings_contains_a_password() {
        let public_url = PublicUrl::parse("https://lti.example.com").unwrap();
        let message = |icon: &str, other: &str| {
            json!({
                "type": "LtiResourceLinkRequest", "iconUrl": icon, "placements": ["course_navigation"],
                "placementDetails": {"course_navigation": {"iconUrl": other}},
            })
        };
        let good = "https://app.example.com/a.png";
        let settings = |with: &str| -> Vec<(Value, &'static str)> {
            vec![
                (json!({"launchUrl": with}), "launchUrl"),
                (json!({"deepLinkingUrl": with}), "deepLinkingUrl"),
                (
                    json!({"registration": {"preApproval": {"url": with}}}),
                    "registration.preApproval.url",
                ),
                (json!({"logoUrl": with}), "logoUrl"),
                (
                    json!({"messages": [message(with, good)]}),
                    "messages[0].iconUrl",
                ),
                (
                    json!({"messages": [message(good, with)]}),
                    "messages[0].placementDetails.course_navigation.iconUrl",
                ),
            ]
        };
        for with in [
            "https://me@app.example.com/",
            "https://:pw@app.example.com/",
        ] {
            for (given, member) in settings(with) {
                let given = ToolSettings::from_json(given).unwrap();
                let blocked = given.blocked_pages(&public_url);
                assert_eq!(blocked.len(), 1, "{member}: {blocked:?}");
                let page = blocked.first().unwrap();
                assert_eq!((&*page.member, page.problem), (member, NAMES_USER));
                assert!(!page.host().contains("pw"), "{}", page.host());
            }
        }
        for (given, member) in settings("https://app.example.com/at/me@example.com?a=b:c@d") {
            let given = ToolSettings::from_json(given).unwrap();
            assert!(given.blocked_pages(&public_url).is_empty(), "{member}");
        }
        let data = json!({"messages": [message("data:,x", good)]});
        let data = ToolSettings::from_json(data).unwrap();
        assert_eq!(data.blocked_pages(&public_url).len(), 1);
    }
}

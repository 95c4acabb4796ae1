//! Who opens a link without meaning it: prefetches, and programs that show previews.

use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;

/// Programs that fetch a link to show a preview of it, by a part of their name in lower case.
const UNFURLERS: [&str; 21] = [
    "slackbot",
    "slack-imgproxy",
    "facebookexternalhit",
    "twitterbot",
    "linkedinbot",
    "discordbot",
    "telegrambot",
    "whatsapp",
    "skypeuripreview",
    "microsoftpreview",
    "googlebot",
    "bingpreview",
    "iframely",
    "embedly",
    "applebot",
    "redditbot",
    "pinterestbot",
    "mattermost-bot",
    "zulipurlpreview",
    "google-pagerenderer",
    "viber",
];

/// Whether this is a prefetch or a preview, and no student.
pub(super) fn only_looks(headers: &HeaderMap) -> bool {
    let text = |name: &str| {
        let values = headers.get_all(name).into_iter();
        let values = values.filter_map(|value| value.to_str().ok());
        values.collect::<String>().to_ascii_lowercase()
    };
    let purpose = ["sec-purpose", "purpose", "x-purpose", "x-moz"]
        .iter()
        .any(|name| {
            let value = text(name);
            value.contains("prefetch") || value.contains("prerender") || value.contains("preview")
        });
    let agent = text(USER_AGENT.as_str());
    purpose || UNFURLERS.iter().any(|name| agent.contains(name))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    fn looks(name: &'static str, value: &str) -> bool {
        only_looks(&HeaderMap::from_iter([(
            name.parse().unwrap(),
            value.parse().unwrap(),
        )]))
    }

    #[test]
    fn prefetches_and_previews_are_told_from_students() {
        for (name, value) in [
            ("sec-purpose", "prefetch;prerender"),
            ("purpose", "Preview"),
            ("x-moz", "prefetch"),
            ("user-agent", "Slackbot-LinkExpanding 1.0"),
            ("user-agent", "facebookexternalhit/1.1"),
        ] {
            assert!(looks(name, value), "{name}: {value}");
        }
        for (name, value) in [
            (
                "user-agent",
                "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0",
            ),
            ("sec-purpose", ""),
            ("accept", "prefetch"),
        ] {
            assert!(!looks(name, value), "{name}: {value}");
        }
    }
}

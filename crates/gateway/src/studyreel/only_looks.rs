//! Recognises requests that open a link without meaning to: prefetches and link previews.

use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;

/// How programs that preview or scan links identify themselves, in lower case: first the words most
/// of them use, then names that contain none of these. A person mistaken for a program only has to
/// press a button.
const UNFURLERS: [&str; 13] = [
    "bot",
    "preview",
    "spider",
    "crawl",
    "headless",
    "scan",
    "slack-imgproxy",
    "facebookexternalhit",
    "whatsapp",
    "iframely",
    "embedly",
    "google-pagerenderer",
    "viber",
];

/// Whether this is a prefetch or preview rather than a student.
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
    // A page that embeds the link as an image or fetches it for a preview. Opening a link is a
    // navigation.
    let mode = text("sec-fetch-mode");
    let is_embedded = !matches!(&*mode, "" | "navigate" | "nested-navigate");
    // Cubot is a phone brand, not a bot.
    let agent = text(USER_AGENT.as_str()).replace("cubot", "");
    purpose || is_embedded || UNFURLERS.iter().any(|name| agent.contains(name))
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
            (
                "user-agent",
                "Mozilla/5.0 (compatible; ZoomBot; +https://www.zoom.us/bot)",
            ),
            ("user-agent", "Mozilla/5.0 (compatible; Notionbot/1.0)"),
            (
                "user-agent",
                "Synapse (bot; +https://github.com/matrix-org/synapse)",
            ),
            (
                "user-agent",
                "Mozilla/5.0 (compatible; Yahoo Link Preview; https://help.yahoo.com)",
            ),
            ("user-agent", "Snap URL Preview Service; snapchat"),
            ("user-agent", "BarracudaCentralBot/1.0"),
            (
                "user-agent",
                "Mozilla/5.0 HeadlessChrome/140.0 Safari/537.36",
            ),
            ("sec-fetch-mode", "no-cors"),
            ("sec-fetch-mode", "cors"),
            ("sec-fetch-mode", "same-origin"),
        ] {
            assert!(looks(name, value), "{name}: {value}");
        }
        for (name, value) in [
            (
                "user-agent",
                "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0",
            ),
            (
                "user-agent",
                "Mozilla/5.0 (Linux; Android 11; CUBOT NOTE 20) Chrome/140.0 Mobile",
            ),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-mode", "nested-navigate"),
            // StudyReel's own checks open links so.
            ("user-agent", "curl/8.14.1"),
            ("user-agent", "python-requests/2.32.3"),
            ("user-agent", "Go-http-client/2.0"),
            ("user-agent", ""),
            ("sec-purpose", ""),
            ("accept", "prefetch"),
        ] {
            assert!(!looks(name, value), "{name}: {value}");
        }
    }
}

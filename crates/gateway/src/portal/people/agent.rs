//! Describes a session's browser in a few words, by which people recognise their own. No more of
//! `User-Agent` is stored.

use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;

use crate::traces::Browser;

/// Browser and operating system.
pub(crate) fn agent(headers: &HeaderMap) -> String {
    let agent = headers
        .get(USER_AGENT)
        .and_then(|agent| agent.to_str().ok());
    let agent = agent.unwrap_or_default();
    // A browser also names its forerunners, so look for the rarest word first.
    let systems = [
        ("Android", "Android"),
        ("iPhone", "iOS"),
        ("iPad", "iPadOS"),
        ("CrOS", "ChromeOS"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let system = systems.iter().find(|(word, _)| agent.contains(word));
    let browser = Browser::of(headers).map_or("other", Browser::name);
    match system {
        Some((_, system)) => format!("{browser}, {system}"),
        None => browser.to_owned(),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_known_by_browser_and_system() {
        let of = |agent: &str| {
            super::agent(&HeaderMap::from_iter([(
                USER_AGENT,
                agent.parse().unwrap(),
            )]))
        };
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        assert_eq!(of(firefox), "Firefox, Linux");
        assert_eq!(of("curl/8"), "other");
        assert_eq!(agent(&HeaderMap::new()), "other");
    }
}

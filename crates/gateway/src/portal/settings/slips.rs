//! Reports probable mistakes in addresses that were just saved, along with the success.

use url::Url;

use crate::settings::public_url::is_plain;
use crate::web::language::Language;
use crate::web::texts::{Text, portal_settings as texts};

/// What was done, and which of these addresses deserves a second look.
pub(crate) fn with_slips<'u>(
    done: Text,
    saved: impl IntoIterator<Item = &'u Url>,
    language: Language,
) -> String {
    let mut says = done.to(language).to_owned();
    if let Some(url) = saved.into_iter().find(|url| is_plain(url)) {
        says.push(' ');
        says.push_str(&texts::PLAIN_HTTP.with("url", url.as_str()).to(language));
    }
    says
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_anyone_can_listen_to_is_named() {
        let said = |text: &str| {
            let url = Url::parse(text).unwrap();
            with_slips(texts::SAVED, [&url], Language::English)
        };
        let plain = said("http://app.school.example/launch");
        assert!(
            plain.contains("http://app.school.example/launch"),
            "{plain}"
        );
        for fine in [
            "https://app.school.example/",
            "http://127.0.0.1:8080/",
            "http://localhost/",
        ] {
            assert_eq!(said(fine), texts::SAVED.to(Language::English), "{fine}");
        }
    }
}

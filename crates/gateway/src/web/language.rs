//! The languages of our pages, and which one a request prefers.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::{ACCEPT, ACCEPT_LANGUAGE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};

use crate::kit::media_type::JSON;

/// A language in which our pages are available.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Language {
    /// English, the default.
    #[serde(rename = "en")]
    English,
    /// Spanish.
    #[serde(rename = "es")]
    Spanish,
    /// French.
    #[serde(rename = "fr")]
    French,
    /// German.
    #[serde(rename = "de")]
    German,
    /// Brazilian Portuguese.
    #[serde(rename = "pt")]
    Portuguese,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 5] = [
        Self::English,
        Self::Spanish,
        Self::French,
        Self::German,
        Self::Portuguese,
    ];

    /// The tag for `lang` and `Content-Language`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
            Self::French => "fr",
            Self::German => "de",
            Self::Portuguese => "pt",
        }
    }

    /// A number with a decimal point, as it is written in this language.
    pub(crate) fn decimal(self, number: String) -> String {
        match self {
            Self::English => number,
            _ => number.replace('.', ","),
        }
    }

    /// The language for a tag such as `pt-BR`; platforms also write `pt_BR`.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next()?;
        Self::ALL
            .into_iter()
            .find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    /// The best of our languages according to `Accept-Language`; English if none matches.
    pub fn accepted(headers: &HeaderMap) -> Self {
        let wishes = wishes(headers, &ACCEPT_LANGUAGE);
        let unwanted = |language: Self| {
            let mut refused = wishes.iter().filter(|(_, quality)| *quality == 0);
            refused.any(|(tag, _)| Self::of_tag(tag) == Some(language))
        };
        let any = || Self::ALL.into_iter().find(|language| !unwanted(*language));
        let wanted = wishes.iter().filter(|(_, quality)| *quality > 0);
        wanted
            .filter_map(|(tag, _)| {
                if *tag == "*" {
                    any()
                } else {
                    Self::of_tag(tag)
                }
            })
            .next()
            .unwrap_or(Self::English)
    }
}

/// According to `Accept-Language`.
impl<S: Sync> FromRequestParts<S> for Language {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::accepted(&parts.headers))
    }
}

/// Whether the answer is for a person: HTML is requested explicitly, and not less than JSON.
pub(crate) fn wants_page(headers: &HeaderMap) -> bool {
    let wishes = wishes(headers, &ACCEPT);
    let quality = |name: &str| {
        let named = wishes
            .iter()
            .filter(|(wish, _)| wish.eq_ignore_ascii_case(name));
        named.map(|(_, quality)| *quality).max().unwrap_or(0)
    };
    let page = quality("text/html");
    page > 0 && page >= quality(JSON)
}

/// The preferences in an `Accept…` header, best first, each with its quality in thousandths
/// (RFC 9110 §12.4.2). Skips what it can't read.
fn wishes<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Vec<(&'a str, u16)> {
    const MOST_PREFERENCES: usize = 32;
    let lines = headers.get_all(name).into_iter();
    let mut wishes: Vec<(&str, u16)> = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .take(MOST_PREFERENCES)
        .filter_map(|wish| {
            let mut parts = wish.split(';').map(str::trim);
            let what = parts.next().filter(|what| !what.is_empty())?;
            let quality =
                parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
            Some((what, quality.map_or(Some(1000), thousandths)?))
        })
        .collect();
    // The sort is stable: among equals, the first one wins.
    wishes.sort_by_key(|(_, quality)| std::cmp::Reverse(*quality));
    wishes
}

/// `0` or `1`, with up to three decimals.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let quality = match whole {
        "0" => {
            let digits = fraction.bytes().chain([b'0'; 3]).take(3);
            digits.fold(0, |all, digit| all * 10 + u16::from(digit - b'0'))
        }
        "1" => 1000,
        _ => return None,
    };
    Some(quality)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn headers(name: &HeaderName, lines: &[&'static str]) -> HeaderMap {
        lines
            .iter()
            .map(|line| (name.clone(), HeaderValue::from_static(line)))
            .collect()
    }

    #[test]
    fn the_best_language_we_have_is_chosen() {
        use Language::{English, French, German, Portuguese, Spanish};
        for (lines, language) in [
            (&["pt-BR,pt;q=0.9,en;q=0.8"][..], Portuguese),
            (&["PT-br"], Portuguese),
            (&["de-CH-1996, fr;q=0.9"], German),
            (&["nl, fr;q=0.7, de;q=0.8"], German),
            (&["nl", "es;q=0.5"], Spanish),
            (&["en;q=0.4,fr;q=0.4"], English),
            (&["fr;q=0.4,en;q=0.4"], French),
            (&["de;q=0, fr;q=0.1"], French),
            (&["en;q=0, *"], Spanish),
            (&["*"], English),
            (&["nl"], English),
            (&[""], English),
            (&[], English),
            (&["de;q=2, fr;q=0.1"], French),
            (&["de;q=0.1234, fr;q=0.1"], French),
            (&["de ; q=0.001, en;q=0"], German),
            (&["german, deu, fr;q=0.1"], French),
        ] {
            let found = Language::accepted(&headers(&ACCEPT_LANGUAGE, lines));
            assert_eq!(found, language, "{lines:?}");
        }
        assert_eq!(Language::of_tag("pt_BR"), Some(Portuguese));
        assert_eq!(Language::of_tag("zh-Hant"), None);
        assert_eq!(Language::of_tag(""), None);
    }

    #[test]
    fn a_page_is_for_whoever_asks_for_html_by_name() {
        for (line, page) in [
            (
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                true,
            ),
            ("text/html", true),
            ("text/html;q=0.5", true),
            ("application/json", false),
            ("application/json, text/html;q=0.9", false),
            ("application/json;q=0.1, text/html;q=0.9", true),
            ("text/html;q=0", false),
            ("*/*", false),
            ("text/*", false),
        ] {
            assert_eq!(wants_page(&headers(&ACCEPT, &[line])), page, "{line}");
        }
    }
}

//! An address that programs call, for those who may see no secret: many services put one into it.

use url::Url;

/// Scheme, host and port; what comes after them is hidden.
pub(crate) fn masked(address: &str) -> String {
    let Ok(url) = Url::parse(address) else {
        return "…".to_owned();
    };
    let origin = url.origin().ascii_serialization();
    match url.path() {
        "" | "/" if url.query().is_none() => format!("{origin}/"),
        _ => format!("{origin}/…"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_the_host_is_shown() {
        for (address, shown) in [
            (
                "https://hooks.slack.com/services/T0/B0/secret",
                "https://hooks.slack.com/…",
            ),
            (
                "https://app.example.com:8443/?key=secret",
                "https://app.example.com:8443/…",
            ),
            ("https://app.example.com/", "https://app.example.com/"),
            ("secret", "…"),
        ] {
            assert_eq!(masked(address), shown);
        }
    }
}

//! Addresses on the command line.

/// An http or https URL, as typed.
pub(crate) fn http_url(text: &str) -> Result<String, String> {
    match url::Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(text.to_owned()),
        _ => Err("must be an http or https URL".to_owned()),
    }
}

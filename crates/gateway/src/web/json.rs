//! JSON in requests.

use axum::body::Bytes;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::form_urlencoded;

use super::problem::Problem;

/// A JSON body, or a 400 that says what is wrong with it. Null members count as absent (ltiaas-api.md §2).
///
/// # Errors
/// Not JSON, or not of the form asked for.
pub(crate) fn json_body<T: DeserializeOwned>(body: &Bytes) -> Result<T, Problem> {
    let wrong = |what: String| {
        Problem::bad_request("INVALID_BODY", format!("The request body is wrong: {what}"))
    };
    let value: Value =
        serde_json::from_slice(without_mark(body)).map_err(|error| wrong(not_json(&error)))?;
    // A list would pass for an object whose members come in their order.
    if !value.is_object() {
        return Err(wrong("it must be a JSON object".into()));
    }
    serde_path_to_error::deserialize(value).map_err(|error| match error.path().to_string() {
        // Of the body as a whole: what is wrong names the member itself.
        whole if whole == "." => wrong(error.inner().to_string()),
        member => wrong(format!("{member}: {}", error.inner())),
    })
}

/// Where a text stops being JSON, without the parser's own words for it.
fn not_json(error: &serde_json::Error) -> String {
    if error.is_eof() {
        return "it is not complete JSON: it ends too early".to_owned();
    }
    let (line, column) = (error.line(), error.column());
    format!("it is not valid JSON: look at line {line}, column {column}")
}

/// JSON without the byte order mark that .NET and PowerShell put before it (RFC 8259 §8.1).
pub(crate) fn without_mark(json: &[u8]) -> &[u8] {
    json.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(json)
}

/// Whether a query asks for the original instead of our form of it: `?raw=true`, in the spellings clients use.
pub(crate) fn wants_raw(query: Option<&str>) -> bool {
    form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .any(|(name, value)| name == "raw" && matches!(&*value, "true" | "True" | "TRUE" | "1"))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    struct Wanted {
        #[serde(default)]
        seats: u8,
    }

    fn read(body: &'static str) -> Result<Wanted, String> {
        let read = json_body(&Bytes::from_static(body.as_bytes()));
        read.map_err(|problem| problem.description.into_owned())
    }

    #[test]
    fn a_wrong_body_is_told_where_it_is_wrong() {
        assert_eq!(read(r#"{"seats": 3}"#).unwrap().seats, 3);
        assert_eq!(read("\u{feff}{\"seats\": 3}").unwrap().seats, 3);
        let wrong = "The request body is wrong: ";
        assert_eq!(
            read("[3]").unwrap_err(),
            format!("{wrong}it must be a JSON object")
        );
        let member = read(r#"{"seats": "three"}"#).unwrap_err();
        assert!(member.starts_with(&format!("{wrong}seats: ")), "{member}");
        assert!(read("{").unwrap_err().starts_with(wrong));
    }

    #[test]
    fn the_original_is_asked_for_in_the_spellings_clients_use() {
        for query in ["raw=true", "x=1&raw=True", "raw=TRUE", "raw=1"] {
            assert!(wants_raw(Some(query)), "{query}");
        }
        for query in ["", "raw", "raw=false", "raw=yes", "RAW=true"] {
            assert!(!wants_raw(Some(query)), "{query}");
        }
        assert!(!wants_raw(None));
    }
}

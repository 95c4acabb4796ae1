//! JSON in requests, and in long answers.

use axum::body::Bytes;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use lti::json::{duplicate_member, mended_value};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use url::form_urlencoded;

use super::problem::Problem;
use super::wrong_member::WrongMember;
use crate::kit::media_type;
use crate::kit::shape::in_words;

/// What is wrong with a member that an object has twice.
const TWICE: &str = "must not be given twice";

/// Parses a JSON body, or returns a 400 that says what is wrong with it. Null members count as
/// absent (ltiaas-api.md §2).
///
/// # Errors
/// The body is not JSON, or not of the expected form.
pub(crate) fn json_body<T: DeserializeOwned>(body: &Bytes) -> Result<T, Problem> {
    typed(without_null_members(Value::Object(json_object(body)?)))
}

/// The same for an optional body. An empty list counts as none: PHP encodes an empty object that
/// way.
///
/// # Errors
/// See [`json_body`].
pub(crate) fn json_body_or_default<T: DeserializeOwned + Default>(
    body: &Bytes,
) -> Result<T, Problem> {
    match body.trim_ascii() {
        b"" | b"[]" => Ok(T::default()),
        _ => json_body(body),
    }
}

/// Like [`json_body`], but `null` has a meaning: it removes the current value.
///
/// # Errors
/// See [`json_body`].
pub(crate) fn json_change<T: DeserializeOwned>(body: &Bytes) -> Result<T, Problem> {
    typed(Value::Object(json_object(body)?))
}

/// A JSON object as it was sent, apart from repaired surrogates and numbers too large for a double.
///
/// # Errors
/// The body is not JSON, not an object, or has two members of one name: a proxy that looked at the
/// first may have let through what the last asks for.
pub(crate) fn json_object(body: &Bytes) -> Result<Map<String, Value>, Problem> {
    let value = mended_value(body).map_err(|error| wrong(&not_json(&error)))?;
    let Value::Object(members) = value else {
        // A list would be accepted as an object whose members come in order.
        return Err(wrong("it must be a JSON object"));
    };
    if let Some(name) = duplicate_member(body) {
        let member = WrongMember::new(name.clone(), TWICE);
        return Err(wrong(&format!("{name}: {TWICE}")).naming(vec![member]));
    }
    Ok(members)
}

fn typed<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let problem = in_words(error.inner());
        let (path, said) = match error.path().to_string() {
            // The problem is about the body as a whole and names the member itself.
            whole if whole == "." => (String::new(), wrong(&problem)),
            member => {
                let said = wrong(&format!("{member}: {problem}"));
                (member, said)
            }
        };
        said.naming(vec![WrongMember::new(named(path, &problem), problem)])
    })
}

/// The member that a problem is about: what is missing is not part of the path.
fn named(path: String, problem: &str) -> String {
    match problem.strip_suffix(" is missing") {
        Some(missing) if path.is_empty() => missing.to_owned(),
        Some(missing) => format!("{path}.{missing}"),
        None => path,
    }
}

fn wrong(what: &str) -> Problem {
    Problem::wrong_body(format!("The request body is wrong: {what}"))
}

/// Nulls in lists stay, because they take a place there.
fn without_null_members(value: Value) -> Value {
    match value {
        Value::Object(mut members) => {
            members.retain(|_, member| !member.is_null());
            for member in members.values_mut() {
                *member = without_null_members(member.take());
            }
            Value::Object(members)
        }
        Value::Array(items) => items.into_iter().map(without_null_members).collect(),
        other => other,
    }
}

/// Where a text stops being JSON, without the parser's own message.
fn not_json(error: &serde_json::Error) -> String {
    if error.is_eof() {
        return "it is not complete JSON: it ends too early".to_owned();
    }
    let (line, column) = (error.line(), error.column());
    format!("it is not valid JSON: look at line {line}, column {column}")
}

/// An answer like axum's `Json`, which begins with room for 128 bytes and writes every small piece
/// through a slower writer: worth it for answers of kilobytes. `about` is its approximate size in
/// bytes.
///
/// # Errors
/// It can't be serialised. The caller can do nothing about it.
pub(crate) fn long_answer(answer: &impl Serialize, about: usize) -> Result<Response, Problem> {
    let mut bytes = Vec::with_capacity(about);
    serde_json::to_writer(&mut bytes, answer).map_err(Problem::internal)?;
    let content_type = HeaderValue::from_static(media_type::JSON);
    Ok(([(CONTENT_TYPE, content_type)], bytes).into_response())
}

/// Whether a query asks for the original instead of our format: `?raw=true`, in the spellings that
/// clients use.
pub(crate) fn wants_raw(query: Option<&str>) -> bool {
    form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .any(|(name, value)| name == "raw" && matches!(&*value, "true" | "True" | "TRUE" | "1"))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Default, Deserialize)]
    struct Wanted {
        #[serde(default)]
        seats: u8,
        #[serde(default)]
        name: String,
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
        let number = "must be a whole number from 0 to 255";
        assert_eq!(member, format!("{wrong}seats: {number}"));
        assert!(read("{").unwrap_err().starts_with(wrong));
        let twice = read(r#"{"seats": 3, "\u0073eats": 4}"#).unwrap_err();
        assert_eq!(twice, format!("{wrong}seats: must not be given twice"));
    }

    #[test]
    fn a_wrong_member_is_named_for_programs_and_for_the_log() {
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        #[expect(dead_code, reason = "only read")]
        struct Outer {
            inner: Option<Inner>,
            seats: u8,
        }
        #[derive(Debug, Deserialize)]
        #[expect(dead_code, reason = "only read")]
        struct Inner {
            name: String,
        }
        for (body, member) in [
            (r#"{"seats": "three"}"#, "seats"),
            (r#"{"inner": {"name": 3}, "seats": 3}"#, "inner.name"),
            (r#"{"inner": {}, "seats": 3}"#, "inner.name"),
            ("{}", "seats"),
            (r#"{"seat": 3}"#, "seat"),
        ] {
            let read: Result<Outer, Problem> = json_body(&Bytes::from_static(body.as_bytes()));
            let problem = read.unwrap_err();
            let named = problem.wrong_members().iter().map(|wrong| &*wrong.field);
            assert_eq!(named.collect::<Vec<_>>(), [member], "{body}");
        }
    }

    #[test]
    fn a_body_may_be_left_out_in_several_ways() {
        let read = |body: &'static str| -> Result<u8, Problem> {
            let read: Result<Wanted, Problem> =
                json_body_or_default(&Bytes::from_static(body.as_bytes()));
            read.map(|wanted| wanted.seats)
        };
        for nothing in ["", " \n", "{}", "[]", " [] "] {
            assert_eq!(read(nothing).ok(), Some(0), "{nothing:?}");
        }
        assert_eq!(read(r#"{"seats": 3}"#).ok(), Some(3));
        for wrong in ["[3]", "null", "0", "x"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn nulls_are_absent_unless_they_mean_something() {
        let read = read(r#"{"seats": null, "name": "Ada \ud83d"}"#).unwrap();
        assert_eq!((read.seats, &*read.name), (0, "Ada \u{fffd}"));
        let nulls = Bytes::from_static(br#"{"a": [null, {"b": null}], "c": {"d": null}}"#);
        let body: Value = json_body(&nulls).unwrap();
        assert_eq!(body, serde_json::json!({"a": [null, {}], "c": {}}));
        let change: Map<String, Value> = json_change(&nulls).unwrap();
        assert!(change["c"].get("d").is_some_and(Value::is_null));
    }

    #[tokio::test]
    async fn a_long_answer_is_the_same_as_a_short_one() {
        let value = serde_json::json!({"name": "Ada \"é\"", "list": [1, null]});
        for about in [0, 4096] {
            let long = long_answer(&value, about).unwrap();
            let short = axum::Json(&value).into_response();
            assert_eq!(long.status(), short.status());
            assert_eq!(long.headers(), short.headers());
            let bytes = |answer: Response| axum::body::to_bytes(answer.into_body(), 1024);
            let (long, short) = (bytes(long).await, bytes(short).await);
            assert_eq!(long.unwrap(), short.unwrap());
        }
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

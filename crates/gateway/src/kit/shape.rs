//! Explains what is wrong with the shape of JSON: the parser's own messages speak of structs and
//! integers.

use url::ParseError;

/// What a value must be or what is wrong with it, as a text to follow its name and a colon.
pub(crate) fn in_words(error: &serde_json::Error) -> String {
    let error = error.to_string();
    translated(&error).unwrap_or(error)
}

fn translated(error: &str) -> Option<String> {
    if let Some(name) = error.strip_prefix("missing field ") {
        return Some(format!("{} is missing", name.trim_matches('`')));
    }
    if error.starts_with("unknown field ") {
        let (_, known) = error.rsplit_once(", expected ").unwrap_or(("", "none"));
        let known = known.trim_start_matches("one of ").replace('`', "");
        return Some(format!("is not a known name; known here: {known}"));
    }
    if is_of_addresses(error) {
        return Some(format!("must be {}", kind(error)));
    }
    let (what, wanted) = error.rsplit_once(", expected ")?;
    if what.starts_with("unknown variant ") {
        return Some(format!("must be {}", wanted.replace('`', "")));
    }
    let is_shape = ["invalid type: ", "invalid value: ", "invalid length "]
        .iter()
        .any(|start| what.starts_with(start));
    is_shape.then(|| format!("must be {}", kind(wanted)))
}

fn kind(wanted: &str) -> &str {
    match wanted {
        "a string" | "string or map" | "map with a single key" | "unit variant" => "a text",
        "a boolean" => "true or false",
        "a sequence" => "a list",
        "a map" => "an object",
        "f32" | "f64" => "a number",
        "u8" => "a whole number from 0 to 255",
        "u16" => "a whole number from 0 to 65535",
        "u32" => "a whole number from 0 to 4294967295",
        "u64" | "usize" => "a whole number of 0 or more",
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number",
        other if other.starts_with("struct ") => "an object",
        other if is_of_addresses(other) => "an absolute address, such as https://app.example.com",
        other => other,
    }
}

/// Whether this is a message of the address parser, which adds the input in quotes.
fn is_of_addresses(words: &str) -> bool {
    let words = words.split_once(": \"").map_or(words, |(words, _)| words);
    let errors = [
        ParseError::EmptyHost,
        ParseError::IdnaError,
        ParseError::InvalidPort,
        ParseError::InvalidIpv4Address,
        ParseError::InvalidIpv6Address,
        ParseError::InvalidDomainCharacter,
        ParseError::RelativeUrlWithoutBase,
        ParseError::RelativeUrlWithCannotBeABaseBase,
        ParseError::SetHostOnCannotBeABaseUrl,
        ParseError::Overflow,
    ];
    words == "a string representing an URL" || errors.iter().any(|error| error.to_string() == words)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use serde::Deserialize;
    use serde_json::{Value, json};
    use url::Url;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Wanted {
        text: String,
        flag: Option<bool>,
        list: Option<Vec<u8>>,
        number: Option<f64>,
        word: Option<Word>,
        url: Option<Url>,
        inner: Option<Box<Wanted>>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "camelCase")]
    enum Word {
        Yes,
        No,
        Perhaps,
    }

    fn words_for(name: &str, value: Value) -> String {
        let mut whole = json!({"text": "x"});
        whole[name] = value;
        in_words(&serde_json::from_value::<Wanted>(whole).unwrap_err())
    }

    #[test]
    fn what_a_value_must_be_is_said_in_words() {
        let address = "must be an absolute address, such as https://app.example.com";
        for (name, value, words) in [
            ("text", json!(7), "must be a text"),
            (
                "flag",
                json!("yes, expected a map"),
                "must be true or false",
            ),
            ("list", json!("x"), "must be a list"),
            ("list", json!([-1]), "must be a whole number from 0 to 255"),
            ("list", json!([1.5]), "must be a whole number from 0 to 255"),
            ("number", json!([]), "must be a number"),
            ("word", json!("maybe"), "must be one of yes, no, perhaps"),
            ("word", json!(1), "must be a text"),
            ("url", json!("app.example.com"), address),
            ("url", json!("https://"), address),
            ("url", json!("https://a:b"), address),
            ("url", json!(3), address),
            ("inner", json!("x"), "must be an object"),
            ("inner", json!({}), "text is missing"),
            (
                "other",
                json!(1),
                "is not a known name; known here: text, flag, list, number, word, url, inner",
            ),
        ] {
            assert_eq!(words_for(name, value.clone()), words, "{name}: {value}");
        }
    }

    #[test]
    fn words_that_are_nobodys_stay() {
        let own = <serde_json::Error as serde::de::Error>::custom("must be a day of the week");
        assert_eq!(in_words(&own), "must be a day of the week");
    }
}

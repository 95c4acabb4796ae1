//! The document's types and texts in words.

use serde_json::Value;

/// A type in words, and the named type that it links to.
#[derive(Default)]
pub(super) struct TypeInWords {
    pub(super) words: String,
    pub(super) link: Option<String>,
}

/// A schema in words: `list of Platform`, `text`, `"active" or "blocked"`.
pub(super) fn kind(schema: &Value) -> TypeInWords {
    let words = |words: String| TypeInWords { words, link: None };
    if let Some(name) = schema["$ref"].as_str() {
        return TypeInWords {
            words: String::new(),
            link: name.rsplit('/').next().map(str::to_owned),
        };
    }
    let choices = ["oneOf", "anyOf", "allOf"];
    if let Some(choices) = choices.iter().find_map(|name| schema[name].as_array()) {
        let mut kinds = choices.iter().filter(|one| one["type"] != "null").map(kind);
        let mut first = kinds.next().unwrap_or_default();
        for other in kinds {
            let name = other.link.unwrap_or(other.words);
            let before = first.link.take().unwrap_or_default();
            first.words = format!("{}{before} or {name}", first.words);
        }
        return first;
    }
    if let Some(values) = schema["enum"].as_array() {
        let values: Vec<String> = values.iter().map(Value::to_string).collect();
        return words(values.join(" or "));
    }
    if let Some(value) = schema.get("const") {
        return words(value.to_string());
    }
    let types = match &schema["type"] {
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
        Value::String(one) => vec![one.as_str()],
        _ => Vec::new(),
    };
    let name = types.iter().find(|name| **name != "null");
    match name.copied() {
        Some("array") => kind(&schema["items"]).of("list of "),
        Some("object") if schema["additionalProperties"].is_object() => {
            kind(&schema["additionalProperties"]).of("object of ")
        }
        Some("string") => words(match schema["format"].as_str() {
            Some("date-time") => "time".into(),
            Some("uri") => "address".into(),
            _ => "text".into(),
        }),
        Some("integer") => words("whole number".into()),
        Some("number") => words("number".into()),
        Some("boolean") => words("true or false".into()),
        Some(other) => words(other.into()),
        None => words("anything".into()),
    }
}

impl TypeInWords {
    fn of(self, before: &str) -> Self {
        Self {
            words: format!("{before}{}", self.words),
            link: self.link,
        }
    }
}

/// A part of a text: words, or code.
pub(super) struct Piece {
    pub(super) is_code: bool,
    pub(super) text: String,
}

/// Splits a text into words and the code between backticks.
pub(super) fn rich(text: &Value) -> Vec<Piece> {
    let text = text.as_str().unwrap_or_default();
    let pieces = text.split('`').enumerate().map(|(index, piece)| Piece {
        is_code: index % 2 == 1,
        text: piece.to_owned(),
    });
    pieces.filter(|piece| !piece.text.is_empty()).collect()
}

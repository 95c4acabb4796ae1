//! Changes to a launch.

use std::str::FromStr;

use serde_json::{Map, Value, json};

/// Changes to a launch, member by member. As text, one per line: `age_grade = 5` sets a member
/// (anything that is not JSON is a text), `-jti` removes one, `+sub = "x"` repeats one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overrides(Vec<Change>);

#[derive(Clone, Debug, PartialEq)]
enum Change {
    Set(String, Value),
    Remove(String),
    Repeat(String, Value),
}

impl Overrides {
    /// No changes.
    pub fn none() -> Self {
        Self::default()
    }

    /// Sets a member, in place or at the end.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.push(Change::Set(key.to_owned(), value.into()));
        self
    }

    /// Removes a member.
    #[must_use]
    pub fn without(mut self, key: &str) -> Self {
        self.0.push(Change::Remove(key.to_owned()));
        self
    }

    /// Repeats a member at the end. It appears only in what is sent, because a JSON value can't
    /// represent it.
    #[must_use]
    pub fn repeated(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.push(Change::Repeat(key.to_owned(), value.into()));
        self
    }

    pub(super) fn apply(&self, message: &mut Map<String, Value>) {
        for change in &self.0 {
            match change {
                Change::Set(key, value) => drop(message.insert(key.clone(), value.clone())),
                Change::Remove(key) => drop(message.shift_remove(key)),
                Change::Repeat(..) => {}
            }
        }
    }

    /// The body of a message, including repeated members.
    pub(super) fn body(&self, message: &Value) -> String {
        let mut text = message.to_string();
        for change in &self.0 {
            if let Change::Repeat(key, value) = change {
                text.pop();
                text.push_str(&format!(",{}:{value}}}", json!(key)));
            }
        }
        text
    }
}

impl FromStr for Overrides {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.try_fold(Self::none(), |overrides, line| {
            if let Some(name) = line.strip_prefix('-') {
                return Ok(overrides.without(name.trim()));
            }
            let (name, value) = line.split_once('=').ok_or_else(|| {
                format!("{line:?} is no change: write name = value, -name or +name = value")
            })?;
            let value = value.trim();
            let value = serde_json::from_str(value).unwrap_or_else(|_| json!(value));
            Ok(match name.strip_prefix('+') {
                Some(name) => overrides.repeated(name.trim(), value),
                None => overrides.with(name.trim(), value),
            })
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn changes_are_written_one_a_line() {
        let overrides: Overrides = "age_grade = 7\n\n-jti\n+sub = x\n map_rit_math = {}\n"
            .parse()
            .unwrap();
        let expected = Overrides::none()
            .with("age_grade", 7)
            .without("jti")
            .repeated("sub", "x")
            .with("map_rit_math", json!({}));
        assert_eq!(overrides, expected);
        let mut message = json!({"jti": "1", "age_grade": "5"});
        overrides.apply(message.as_object_mut().unwrap());
        assert_eq!(
            overrides.body(&message),
            r#"{"age_grade":7,"map_rit_math":{},"sub":"x"}"#
        );
        assert!("age_grade 7".parse::<Overrides>().is_err());
    }
}

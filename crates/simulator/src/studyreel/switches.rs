//! Ways in which real launches may differ from the documented form.

use jiff::{Timestamp, tz::Offset};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Ways in which real launches may differ from the documented form.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Switches {
    /// Unknown placement values as JSON `null`, not `"null"`.
    pub json_null: bool,
    /// Numbers as JSON numbers, not as text.
    pub numbers: bool,
    /// How times are written.
    pub times: Times,
    /// The same nonce in every launch.
    pub constant_nonce: Option<String>,
    /// The name of the member for learning blocks; `learning_blocks` in the documentation.
    pub learning_blocks_key: String,
    /// A secret to sign launches with (`X-Launch-Timestamp`, `X-Launch-Signature`), which StudyReel
    /// itself does not do.
    pub hmac_secret: Option<String>,
}

impl Default for Switches {
    /// As documented.
    fn default() -> Self {
        Self {
            json_null: false,
            numbers: false,
            times: Times::Documented,
            constant_nonce: None,
            learning_blocks_key: "learning_blocks".to_owned(),
            hmac_secret: None,
        }
    }
}

impl Switches {
    /// Names of ways to write a launch, each of which occurs somewhere: in StudyReel's
    /// documentation, in EduPaid's, and in the types of other implementers.
    pub const PROFILES: [&'static str; 3] = ["documented", "edupaid", "typed"];

    /// The switches for the way with this name.
    pub fn named(name: &str) -> Option<Self> {
        let documented = Self::default();
        match name {
            "documented" => Some(documented),
            "edupaid" => Some(Self {
                json_null: true,
                ..documented
            }),
            "typed" => Some(Self {
                json_null: true,
                numbers: true,
                times: Times::Epoch,
                ..documented
            }),
            _ => None,
        }
    }

    /// A grade or score. Returns `None` if it is unknown.
    pub(super) fn measure(&self, value: Option<&str>) -> Value {
        match value {
            None if self.json_null => Value::Null,
            None => "null".into(),
            Some(text) if self.numbers => {
                serde_json::from_str(text).unwrap_or_else(|_| text.into())
            }
            Some(text) => text.into(),
        }
    }

    pub(super) fn number(&self, value: u64) -> Value {
        if self.numbers {
            value.into()
        } else {
            value.to_string().into()
        }
    }
}

/// How `iat` and `exp` are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Times {
    /// `2024-09-19 03:14:07`, UTC.
    #[default]
    Documented,
    /// The same format in a time zone this many hours off UTC.
    Zone(i8),
    /// `2024-09-19T03:14:07Z`.
    Iso,
    /// Seconds since 1970 as a number.
    Epoch,
}

impl Times {
    pub(super) fn write(self, time: Timestamp) -> Value {
        const FORM: &str = "%Y-%m-%d %H:%M:%S";
        match self {
            Self::Documented => json!(time.strftime(FORM).to_string()),
            Self::Zone(hours) => {
                let offset = Offset::from_hours(hours).unwrap_or(Offset::UTC);
                json!(offset.to_datetime(time).strftime(FORM).to_string())
            }
            Self::Iso => json!(time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
            Self::Epoch => json!(time.as_second()),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn every_profile_is_there() {
        for name in Switches::PROFILES {
            assert!(Switches::named(name).is_some(), "{name}");
        }
        let typed = Switches::named("typed").unwrap();
        let written = serde_json::to_value(&typed).unwrap();
        assert_eq!(serde_json::from_value::<Switches>(written).unwrap(), typed);
        assert_eq!(
            serde_json::from_value::<Switches>(json!({"times": {"zone": -5}}))
                .unwrap()
                .times,
            Times::Zone(-5)
        );
    }
}

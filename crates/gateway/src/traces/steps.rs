//! The steps of an attempt with their times, in the shortest possible form.

use std::fmt;

use serde::de::{Error, SeqAccess, Visitor};
use serde::ser::SerializeSeq;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::web::texts::{Text, portal_walk as texts};

/// Declares the steps with their stored numbers, which never change, and their words.
macro_rules! steps {
    ($($name:ident = $number:literal $words:literal $text:ident,)+) => {
        /// A completed step.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Step {
            $(#[doc = $words] $name = $number,)+
        }

        impl Step {
            /// What was done.
            pub fn words(self) -> &'static str {
                match self { $(Self::$name => $words,)+ }
            }

            /// The same in every language, for the portal.
            pub(super) fn text(self) -> Text {
                match self { $(Self::$name => texts::$text,)+ }
            }

            fn of_number(number: u32) -> Option<Self> {
                match number { $($number => Some(Self::$name),)+ _ => None }
            }
        }
    };
}

steps! {
    FormRead = 0 "form read" FORM_READ,
    StateOpened = 1 "state opened" STATE_OPENED,
    PlatformFound = 2 "platform found" PLATFORM_FOUND,
    BrowserKnown = 3 "browser known" BROWSER_KNOWN,
    KeyFound = 4 "key found" KEY_FOUND,
    SignatureVerified = 5 "signature verified" SIGNATURE_VERIFIED,
    ClaimsChecked = 6 "claims checked" CLAIMS_CHECKED,
    DeploymentAdmitted = 7 "deployment admitted" DEPLOYMENT_ADMITTED,
    TargetAllowed = 8 "target allowed" TARGET_ALLOWED,
    Admitted = 9 "admitted" ADMITTED,
    ConfigurationRead = 10 "configuration read" CONFIGURATION_READ,
    PlatformAnswered = 11 "platform answered and stored" PLATFORM_ANSWERED,
    BodyRead = 12 "body read" BODY_READ,
    ProofChecked = 13 "proof checked" PROOF_CHECKED,
    StudentFound = 14 "student found" STUDENT_FOUND,
    StudentCreated = 15 "student created" STUDENT_CREATED,
    Stored = 16 "handed to the store" STORED,
}

/// Most steps in a trace; no request takes more.
const MOST_STEPS: usize = 12;

/// The steps so far, with the microseconds after the request's arrival.
#[derive(Clone, Debug)]
pub struct Steps {
    done: [(Step, u32); MOST_STEPS],
    length: usize,
}

impl Default for Steps {
    fn default() -> Self {
        Self {
            done: [(Step::FormRead, 0); MOST_STEPS],
            length: 0,
        }
    }
}

impl Steps {
    pub(super) fn push(&mut self, step: Step, micros: u32) {
        if let Some(entry) = self.done.get_mut(self.length) {
            *entry = (step, micros);
            self.length += 1;
        }
    }

    /// The steps, in order.
    pub fn iter(&self) -> impl Iterator<Item = (Step, u32)> {
        self.done.iter().take(self.length).copied()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.length == 0
    }
}

/// A flat list: step, microseconds, step, microseconds.
impl Serialize for Steps {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.length * 2))?;
        for (step, micros) in self.iter() {
            list.serialize_element(&(step as u8))?;
            list.serialize_element(&micros)?;
        }
        list.end()
    }
}

impl<'de> Deserialize<'de> for Steps {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Flat;
        impl<'de> Visitor<'de> for Flat {
            type Value = Steps;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("steps and their microseconds")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Steps, A::Error> {
                let mut steps = Steps::default();
                while let Some(number) = list.next_element()? {
                    let step =
                        Step::of_number(number).ok_or_else(|| A::Error::custom("unknown step"))?;
                    steps.push(step, list.next_element()?.unwrap_or(0));
                }
                Ok(steps)
            }
        }
        deserializer.deserialize_seq(Flat)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_steps_than_there_is_room_for_do_no_harm() {
        let mut steps = Steps::default();
        for micros in 0..100 {
            steps.push(Step::FormRead, micros);
        }
        assert_eq!(steps.iter().count(), MOST_STEPS);
    }
}

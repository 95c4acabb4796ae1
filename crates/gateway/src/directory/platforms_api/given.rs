//! A platform as described in a file, checked like one sent to the API.

use axum::body::Bytes;
use serde_json::{Map, Value};
use store::StoreError;

use super::input::PlatformInput;
use crate::directory::platforms::Platform;
use crate::kit::outbound::Outbound;
use crate::web::problem::Problem;

/// A platform that is fit to be stored.
pub(crate) struct GivenPlatform(PlatformInput);

impl GivenPlatform {
    /// Reads and checks the members that the API accepts.
    ///
    /// # Errors
    /// Each member that is wrong, with what it must be.
    pub(crate) fn read(
        members: Map<String, Value>,
        outbound: &Outbound,
    ) -> Result<Self, Vec<(String, String)>> {
        let body = Bytes::from(Value::Object(members).to_string());
        let whole = |problem: Problem| vec![(String::new(), problem.description.into_owned())];
        let input = PlatformInput::read(&body).map_err(whole)?;
        let wrong = input.wrong_members(outbound);
        if wrong.is_empty() {
            return Ok(Self(input));
        }
        let pairs = wrong.into_iter();
        let pairs = pairs.map(|wrong| (wrong.field.into_owned(), wrong.message));
        Err(pairs.collect())
    }

    /// Things that are allowed but probably mistakes.
    pub(crate) fn warnings(&self) -> Vec<&'static str> {
        self.0.warnings()
    }

    /// A new platform with this id.
    ///
    /// # Errors
    /// Its rules can't be written.
    pub(crate) fn created(
        self,
        id: String,
        tool_id: String,
        now_ms: i64,
    ) -> Result<Platform, StoreError> {
        self.0.into_platform(id, tool_id, true, now_ms)
    }

    /// The platform in place of its former version.
    ///
    /// # Errors
    /// Its rules can't be written.
    pub(crate) fn replacing(self, before: &Platform, now_ms: i64) -> Result<Platform, StoreError> {
        self.0.replacing(before, now_ms)
    }
}

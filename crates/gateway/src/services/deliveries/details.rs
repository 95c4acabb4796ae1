//! What is stored of a delivery, sealed.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::StoreError;
use store::deliveries::DeliveryRow;
use url::Url;

use super::identities::{body_identity, details_identity, last_identity};
use super::rules::body::ScoreBody;
use super::rules::facts::ScoreOptions;
use super::rules::last::LastDelivered;
use crate::kit::seal::Sealer;
use crate::launch::ServicePlace;

/// What is delivered, and for whom.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DeliveryDetails {
    /// The person, as the platform names them.
    pub user: String,
    pub target: DeliveryTarget,
    /// Whose services are used, with their addresses and scopes at that time.
    pub place: ServicePlace,
    /// As it was accepted, with a time.
    pub score: Map<String, Value>,
    /// Whether that time is ours.
    pub is_our_time: bool,
    pub options: ScoreOptions,
}

/// Where a score goes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum DeliveryTarget {
    /// To this address.
    LineItem(String),
    /// To the line item of this name, which may have to be made first.
    Handle(ScoreHandle),
}

/// The application's own name for a line item in a course, and what it is made with if it has to be (GR-22).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ScoreHandle {
    pub resource_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score_maximum: Option<f64>,
    /// Whether a known line item is changed to this label and maximum.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub sync_line_item: bool,
}

fn sealed<T: Serialize>(rows: &Sealer, identity: &str, value: &T) -> Result<Vec<u8>, StoreError> {
    let plain = serde_json::to_vec(value);
    let plain = plain.map_err(|error| StoreError::Corrupt(error.to_string()))?;
    Ok(rows.seal(identity, &plain))
}

fn opened<T: DeserializeOwned>(
    rows: &Sealer,
    identity: &str,
    sealed: &[u8],
) -> Result<T, StoreError> {
    let corrupt =
        |error: &dyn std::fmt::Display| StoreError::Corrupt(format!("{identity}: {error}"));
    let plain = rows.open(identity, sealed);
    let plain = plain.map_err(|error| corrupt(&error))?;
    serde_json::from_slice(&plain).map_err(|error| corrupt(&error))
}

pub(super) fn seal_details(
    rows: &Sealer,
    id: &str,
    details: &DeliveryDetails,
) -> Result<Vec<u8>, StoreError> {
    sealed(rows, &details_identity(id), details)
}

/// What a row delivers.
///
/// # Errors
/// It can't be opened or read.
pub(super) fn open_details(
    rows: &Sealer,
    row: &DeliveryRow,
) -> Result<DeliveryDetails, StoreError> {
    opened(rows, &details_identity(&row.id), &row.details_sealed)
}

pub(super) fn seal_body(rows: &Sealer, id: &str, body: &ScoreBody) -> Result<Vec<u8>, StoreError> {
    sealed(rows, &body_identity(id), body)
}

/// The bytes of a delivery, once it has any.
///
/// # Errors
/// They can't be opened or read.
pub(super) fn open_body(rows: &Sealer, row: &DeliveryRow) -> Result<Option<ScoreBody>, StoreError> {
    let open = |sealed: &Vec<u8>| opened(rows, &body_identity(&row.id), sealed);
    row.body_sealed.as_ref().map(open).transpose()
}

pub(super) fn seal_last(
    rows: &Sealer,
    lane: &str,
    last: &LastDelivered,
) -> Result<Vec<u8>, StoreError> {
    sealed(rows, &last_identity(lane), last)
}

/// What was last delivered in a lane.
///
/// # Errors
/// It can't be opened or read.
pub(super) fn open_last(
    rows: &Sealer,
    lane: &str,
    sealed: &[u8],
) -> Result<LastDelivered, StoreError> {
    opened(rows, &last_identity(lane), sealed)
}

/// The address of a line item, as it is stored.
///
/// # Errors
/// It is none.
pub(super) fn address(text: &str) -> Result<Url, StoreError> {
    Url::parse(text).map_err(|error| StoreError::Corrupt(format!("a line item's address: {error}")))
}

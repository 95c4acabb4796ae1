//! The sealed parts of a delivery.

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

/// The score and the person.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DeliveryDetails {
    /// The person, by the platform's id.
    pub user: String,
    pub target: DeliveryTarget,
    /// The place whose services are used, with the addresses and scopes it had then.
    pub place: ServicePlace,
    /// The score as accepted, with a timestamp.
    pub score: Map<String, Value>,
    /// Whether we set that timestamp.
    pub is_our_time: bool,
    pub options: ScoreOptions,
}

/// Where a score goes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum DeliveryTarget {
    /// To this address.
    LineItem(String),
    /// To the line item with this handle, which may have to be created first.
    Handle(ScoreHandle),
}

/// The application's own name for a line item in a course, and the values for creating it if
/// necessary (GR-22).
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
    /// Whether to change an existing line item to this label and maximum.
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

/// Opens the details in a row.
///
/// # Errors
/// They can't be opened or read.
pub(super) fn open_details(
    rows: &Sealer,
    row: &DeliveryRow,
) -> Result<DeliveryDetails, StoreError> {
    opened(rows, &details_identity(&row.id), &row.details_sealed)
}

pub(super) fn seal_body(rows: &Sealer, id: &str, body: &ScoreBody) -> Result<Vec<u8>, StoreError> {
    sealed(rows, &body_identity(id), body)
}

/// Opens the request body of a delivery, if it has one already.
///
/// # Errors
/// It can't be opened or read.
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

/// Opens the record of a lane's last delivery.
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

/// Parses a stored line item address.
///
/// # Errors
/// It isn't one.
pub(super) fn address(text: &str) -> Result<Url, StoreError> {
    Url::parse(text).map_err(|error| StoreError::Corrupt(format!("a line item's address: {error}")))
}

//! Changes a line item's maximum to a score's, only on request (grades.md GR-25).

use lti::ags::{LINE_ITEM as ITEM, NewLineItem, Score};
use serde_json::Value;
use url::Url;

use super::{invalid, line_item, offered, put_line_item};
use crate::launch::WithServices;
use crate::services::call::Call;
use crate::services::platform_client::PlatformClient;
use crate::web::problem::Problem;

/// Changes the maximum of a line item to the score's, if they differ. Reads it, changes it and
/// writes it back whole, so that nothing else changes.
///
/// # Errors
/// The launch doesn't grant this, or the platform refused.
pub(super) async fn put_in_step(
    client: &PlatformClient,
    services: &WithServices,
    url: &Url,
    score: &Score,
) -> Result<(), Problem> {
    let Some(Value::Number(wanted)) = score.members().get("scoreMaximum") else {
        return Ok(());
    };
    let grades = offered(services)?;
    let call = Call::get(url, grades.reading()?, ITEM);
    let known = line_item(&call, &client.send(&services.platform, &call).await?)?;
    let maximum = known.score_maximum();
    if maximum.is_some_and(|maximum| maximum.as_f64() == wanted.as_f64()) {
        return Ok(());
    }
    let mut members = known.into_members();
    members.insert("scoreMaximum".into(), wanted.clone().into());
    let item = NewLineItem::read(Value::Object(members)).map_err(invalid)?;
    put_line_item(client, services, url, &item).await.map(drop)
}

//! `/api/deliveries`: the state of scores, for applications, learners and operators (grades.md
//! GR-26, GR-27, GR-30).

mod asked;
mod compare;
mod delivered;
pub(crate) mod list;
pub(crate) mod orders;
pub(crate) mod reconcile;
mod viewer;

pub(crate) use viewer::Viewer;

use std::time::Duration;

use store::Db;

use super::Deliveries;
use crate::directory::platforms::Platforms;
use crate::kit::clock::Clock;
use crate::launch::Launches;
use crate::services::platform_client::PlatformClient;

/// What the handlers need.
#[derive(Clone)]
pub(crate) struct DeliveryDesk {
    pub db: Db,
    pub clock: Clock,
    pub deliveries: Deliveries,
    pub launches: Launches,
    pub platforms: Platforms,
    pub client: PlatformClient,
    /// How long a platform may take to send all results of a line item.
    pub patience: Duration,
}

//! An installation that nobody has used yet, and who begins with it.

use serde_json::json;

use super::PortalWindow;
use crate::portal::{OTHERS, operator, path_of};
use crate::support::{Gateway, Store};

/// A gateway that has neither an owner nor a launch URL, and the path of the address that makes the
/// owner.
pub(super) async fn unused() -> (Gateway, String) {
    let gateway = Gateway::start_with(Store::Sqlite, json!({"name": "Fractions"})).await;
    gateway.patch_tool(json!({"launchUrl": null})).await;
    gateway.meddle("DELETE FROM portal_users").await;
    let operator = operator(&gateway).await;
    let made = operator.portal_address(None).await.unwrap();
    operator.close().await;
    (gateway, path_of(&made.address))
}

impl PortalWindow {
    /// Mara opens the address that makes the owner, and fills in who she is.
    pub(super) async fn become_owner(&self, welcome: &str) {
        self.open(welcome).await;
        self.fill("[name=name]", "Mara Lindqvist").await;
        self.fill("[name=login]", "mara@school.example").await;
        self.fill("[name=password]", OTHERS).await;
        self.follow("main form .primary").await;
        assert_eq!(self.path().await, "/portal");
    }
}

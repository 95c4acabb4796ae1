//! Each tool of an installation has a portal of its own, at its host.

use serde_json::json;
use test_case::cases;

use super::{BOTH, PortalWindow};
use crate::portal::{operator, path_of};
use crate::registered::register;
use crate::support::{Gateway, Store, lms};

/// The second tool's host: this machine's, and not the first tool's.
const QUIZ: &str = "127.0.0.5";

#[cases("PO-10")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_tool_has_a_portal_where_it_is_found() {
    for scripts in BOTH {
        let first = Gateway::start_with(Store::Sqlite, json!({"name": "Fractions"})).await;
        first.new_tool(QUIZ).await;
        let quiz = first.replica_at(QUIZ).await;
        let lms = lms().await;
        register(&first, &lms).await;
        let operator = operator(&first).await;
        let made = operator.portal_address_at(Some(QUIZ), None).await.unwrap();
        operator.close().await;

        let window = PortalWindow::new(&quiz, scripts).await;
        window.become_owner(&path_of(&made.address)).await;
        window.has(&["Quiz", "Mara Lindqvist, Owner", "Four steps"]).await;
        window.lacks(&["Fractions"]).await;
        for path in ["/portal/platforms", "/portal/failures?show=all", "/portal/audit"] {
            window.open(path).await;
            window.lacks(&["Fractions", lms.url()]).await;
        }
        // Who owns the one is a stranger to the other.
        window.chromium.open(&first.at("/portal")).await;
        assert!(window.path().await.starts_with("/portal/sign-in"), "{}", window.path().await);
    }
}

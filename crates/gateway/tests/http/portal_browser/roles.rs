//! What each role is shown can be opened, and what it may not is said on a page.

use test_case::cases;

use super::{BOTH, PortalWindow, Scripts};
use crate::portal::{OTHERS, Visitor};
use crate::support::{Gateway, Store};

/// The status of the page's own answer.
pub(super) const STATUS: &str = "performance.getEntriesByType('navigation')[0].responseStatus";
/// Where the navigation leads.
const LEADS: &str = "[...document.querySelectorAll('#nav a')].map(a => a.getAttribute('href'))";

#[cases("PO-3")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_role_opens_what_it_is_shown_and_nothing_else() {
    let gateway = Gateway::start(Store::Sqlite).await;
    let owner = Visitor::owner(&gateway).await;
    for (role, shown, forbidden) in [
        ("admin", 13, &["/portal/tools"][..]),
        ("registrar", 9, &["/portal/keys", "/portal/people", "/portal/users"]),
        ("support", 9, &["/portal/keys", "/portal/paths", "/portal/users"]),
        ("viewer", 9, &["/portal/keys/webhooks", "/portal/people", "/portal/users"]),
    ] {
        Visitor::invited(&gateway, &owner, role).await;
        for scripts in BOTH {
            let window = PortalWindow::new(&gateway, scripts).await;
            window.sign_in(&format!("{role}@school.example"), OTHERS).await;
            let leads = window.value(LEADS).await;
            let leads: Vec<&str> =
                leads.as_array().unwrap().iter().map(|a| a.as_str().unwrap()).collect();
            assert_eq!(leads.len(), shown, "{role}: {leads:?}");
            for path in leads {
                window.open(path).await;
                assert_eq!(window.value(STATUS).await, 200, "{role} {path}");
            }
            for path in forbidden {
                window.open(path).await;
                assert_eq!(window.value(STATUS).await, 403, "{role} {path}");
                window.has(&["Your role can", "Admin"]).await;
            }
        }
    }
}

#[cases("PO-3")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_button_from_before_does_nothing_for_a_lesser_role() {
    let gateway = Gateway::start(Store::Sqlite).await;
    let owner = Visitor::owner(&gateway).await;
    let admin = Visitor::invited(&gateway, &owner, "admin").await;
    let window = PortalWindow::new(&gateway, Scripts::Off).await;
    window.sign_in("admin@school.example", OTHERS).await;
    window.open("/portal/keys").await;
    window.fill("[name=name]", "nightly report").await;
    // Meanwhile somebody thinks better of it.
    let list = owner.get("/portal/users").await.text();
    let (before, _) = list.split_once("<span class=\"vh\"> The admin</span>").unwrap();
    let (_, id) = before.rsplit_once("/portal/users/").unwrap();
    let id: String = id.chars().take_while(char::is_ascii_alphanumeric).collect();
    let user = owner.get(&format!("/portal/users/{id}")).await;
    owner.post(&user, &format!("/portal/users/{id}/role"), &[("role", "viewer")]).await;
    window.follow("form[action='/portal/keys'] .primary").await;
    assert_eq!(window.value(STATUS).await, 403);
    window.has(&["Your role can"]).await;
    assert_eq!(admin.get("/portal/keys").await.status, 403);
    let keys = gateway.admin("GET", "/admin/api-keys", None).await.json().unwrap();
    assert_eq!(keys["apiKeys"].as_array().unwrap().len(), 1);
}

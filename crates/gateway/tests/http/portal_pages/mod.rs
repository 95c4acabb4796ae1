//! The portal's pages of platforms, failures, keys, settings and students, as a browser without
//! scripts has them (docs/spec/portal.md).

mod access;
mod all_tools;
mod asked;
mod certificate;
mod checking;
mod connecting;
mod deliveries;
pub(crate) mod every_route;
mod failures;
mod health;
mod hostile;
mod hostile_answers;
mod hostile_names;
mod hostile_senders;
mod look;
mod many;
mod platforms;
mod queue;
mod registration;
mod remedies;
mod roles;
mod search;
mod settings;
mod sizes;
mod students;
mod titles;
mod tools;
mod trial;
mod usage;

use serde_json::{Value, json};
use simulator::browser::{Browser, Page};

use crate::portal::{Visitor, entries_on};
use crate::registered::{Registered, login};
use crate::support::{Gateway, Store};

/// The claim that names a deployment.
const DEPLOYMENT: &str = "https://purl.imsglobal.org/spec/lti/claim/deployment_id";

/// An LMS that is registered and active, and the owner of the tool's portal.
struct Portal {
    school: Registered,
    owner: Visitor,
}

impl Portal {
    async fn new(store: Store) -> Self {
        let school = Registered::new(store).await;
        let owner = Visitor::owner(&school.gateway).await;
        Self { school, owner }
    }

    fn gateway(&self) -> &Gateway {
        &self.school.gateway
    }

    /// The address of a page of the platform.
    fn platform(&self, path: &str) -> String {
        format!("/portal/platforms/{}{path}", self.school.platform_id)
    }

    /// The page of a login after the platform was switched off.
    async fn refused_at_login(&self) -> Page {
        let path = format!("/admin/platforms/{}/deactivate", self.school.platform_id);
        let page = self.gateway().admin("POST", &path, None).await;
        assert_eq!(page.status, 200, "{}", page.text());
        login(&self.school.lms, &Browser::new().unwrap(), &self.school.student()).await
    }

    /// The platform as the API has it.
    async fn api(&self) -> Value {
        let path = format!("/admin/platforms/{}", self.school.platform_id);
        let page = self.gateway().admin("GET", &path, None).await;
        assert_eq!(page.status, 200, "{}", page.text());
        page.json().unwrap()
    }
}

/// Opens a page that must be there, and its text.
async fn open(visitor: &Visitor, path: &str) -> (Page, String) {
    let page = visitor.get(path).await;
    let text = page.text();
    assert_eq!(page.status, 200, "{path}: {text}");
    // portal.md PO-2
    assert!(text.len() <= 30_000, "{path}: {} bytes", text.len());
    (page, text)
}

/// Sends a form of this page and gives the page that it leads to.
async fn send(visitor: &Visitor, page: &Page, path: &str, fields: &[(&str, &str)]) -> String {
    let answer = visitor.post(page, path, fields).await;
    let text = answer.text();
    assert_eq!(answer.status, 200, "{path}: {text}");
    text
}

/// The entries of the audit log.
async fn audit(visitor: &Visitor) -> String {
    entries_on(&open(visitor, "/portal/audit").await.0)
}

#[track_caller]
fn has(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "{word}: {text}");
    }
}

#[track_caller]
fn lacks(text: &str, words: &[&str]) {
    for word in words {
        assert!(!text.contains(word), "{word}: {text}");
    }
}

/// A platform as its administrator would enter it.
fn platform(name: &str, client_id: &str) -> Value {
    json!({
        "url": "https://lms.example.edu", "clientId": client_id, "name": name,
        "authenticationEndpoint": "https://lms.example.edu/auth",
        "accesstokenEndpoint": "https://lms.example.edu/token",
        "authConfig": {"method": "JWK_SET", "key": "https://lms.example.edu/keys"},
    })
}

/// Enters a platform over the API; its id.
async fn enter(gateway: &Gateway, platform: Value) -> String {
    let page = gateway.admin("POST", "/admin/platforms", Some(platform)).await;
    assert_eq!(page.status, 200, "{}", page.text());
    page.json().unwrap()["id"].as_str().unwrap().to_owned()
}

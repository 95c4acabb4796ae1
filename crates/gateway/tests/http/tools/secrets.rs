//! No GET shows a secret, or a student, to anyone who may not see them: each is planted, and every
//! address is asked by a key of each scope and by each role of the portal.

use std::collections::BTreeSet;

use gateway::directory::api_keys::scope::Scope;
use serde_json::{Value, json};
use simulator::browser::{Browser, Request};
use test_case::both_stores;

use super::isolation::{Full, schemes};
use crate::openapi::contract::operations;
use crate::portal::{PASSWORD, Visitor};
use crate::studyreel::valid_with;
use crate::support::{API_KEY, Store};
use crate::traces::reference;

/// The claim that names a deployment.
const DEPLOYMENT: &str = "https://purl.imsglobal.org/spec/lti/claim/deployment_id";
const NOWHERE: &str = "00000000000000000000";
const MANAGERS: &str = "owner admin";

/// A text that was planted, and who may see it.
struct Marker {
    name: &'static str,
    text: String,
    scopes: &'static str,
    roles: &'static str,
}

fn marker(
    name: &'static str,
    text: impl Into<String>,
    scopes: &'static str,
    roles: &'static str,
) -> Marker {
    Marker { name, text: text.into(), scopes, roles }
}

fn is_among(who: &str, all: &str) -> bool {
    all.split(' ').any(|one| one == who)
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value}")).to_owned()
}

/// One of everything, with markers in it.
struct Planted {
    full: Full,
    /// By scope.
    keys: Vec<(&'static str, String)>,
    /// By role.
    visitors: Vec<(&'static str, Visitor)>,
    markers: Vec<Marker>,
    /// Of a failed launch.
    reference: String,
}

impl Planted {
    async fn new(store: Store) -> Self {
        let full = Full::new(store).await;
        let (mut keys, mut markers) = (Vec::new(), Vec::new());
        for scope in Scope::ALL.map(Scope::as_str) {
            let asked = json!({"name": scope, "scope": scope});
            let made = full.ask("POST", "/admin/api-keys", Some(asked)).await;
            markers.push(marker("an API key", text_of(&made["key"]), "", ""));
            keys.push((scope, text_of(&made["key"])));
        }
        let mut planted =
            Self { full, keys, visitors: Vec::new(), markers, reference: String::new() };
        planted.plant_a_student().await;
        planted.plant_secrets().await;
        planted.fail_a_launch().await;
        planted.sign_everyone_in().await;
        planted
    }

    fn plant(&mut self, marker: Marker) {
        assert!(marker.text.len() > 5, "{} is no marker", marker.name);
        self.markers.push(marker);
    }

    /// A student, whom the application has changed since.
    async fn plant_a_student(&mut self) {
        let name = json!({"given_name": "Plantedgiven", "family_name": "Plantedfamily"});
        let launch = valid_with("planted-first@example.com", name).to_string();
        let gateway = self.full.gateway();
        let address = gateway.at("/studyreel/launch");
        let request = Request::new("POST".parse().unwrap(), &address).unwrap();
        let request = request.body("application/json", launch);
        let page = Browser::new().unwrap().send(request).await.unwrap();
        assert_eq!(page.status, 200, "{}", page.text());
        let list = self.full.ask("GET", "/api/students", None).await;
        let mut students = list["students"].as_array().unwrap().iter();
        let student = students.find(|student| student.to_string().contains("planted-first"));
        let id = text_of(&student.unwrap()["id"]);
        let (one, external) = (format!("/api/students/{id}"), json!({"externalId": "planted-u1"}));
        self.full.ask("PATCH", &one, Some(external)).await;
        let subject = json!({"subject": "planted-second@example.com"});
        self.full.ask("POST", &format!("{one}/subject"), Some(subject)).await;
        // The portal calls them people.
        self.full.parameters.insert("people", id.clone());
        self.full.parameters.insert("students", id);
        let may = "all services read";
        for (name, text) in [
            ("a student's given name", "Plantedgiven"),
            ("a student's family name", "Plantedfamily"),
            ("a student's subject", "planted-second"),
        ] {
            self.plant(marker(name, text, may, MANAGERS));
        }
        self.plant(marker("a student's subject before", "planted-first", "", ""));
        // People of an LMS are told to their launch's application alone.
        let user = self.full.course.token["user"].clone();
        for member in ["name", "email"] {
            self.plant(marker("a person of an LMS", text_of(&user[member]), "", ""));
        }
    }

    async fn plant_secrets(&mut self) {
        let may = "all manage";
        let hook = format!("/admin/webhooks/{}", self.full.parameters["webhooks"]);
        let address = json!({"url": "http://127.0.0.3:9/hooks/planted-hook"});
        self.full.ask("PATCH", &hook, Some(address)).await;
        self.plant(marker("a webhook's address", "planted-hook", may, MANAGERS));
        let rotated = self.full.ask("POST", &format!("{hook}/rotate"), None).await;
        self.plant(marker("a webhook's secret", text_of(&rotated["secret"]), "", ""));
        let called = json!({"url": "http://127.0.0.3:9/call?key=planted-call"});
        let settings = json!({"studyreel": {"provisioning": called}});
        self.full.gateway().patch_tool(settings).await;
        self.plant(marker("the hook's address", "planted-call", may, MANAGERS));
        let secrets = self.full.ask("GET", "/admin/studyreel", None).await;
        for member in ["capabilityLaunchUrl", "signingSecret", "headerSecret"] {
            let text = text_of(&secrets[member]);
            let text = text.rsplit('/').next().unwrap().to_owned();
            self.plant(marker("a secret of StudyReel", text, may, MANAGERS));
        }
        let text = text_of(&secrets["provisioning"]["secret"]);
        self.plant(marker("the hook's secret", text, may, MANAGERS));
        let invite =
            text_of(&self.full.ask("POST", "/admin/invites", Some(json!({}))).await["url"]);
        let code = invite.rsplit('/').next().unwrap().to_owned();
        self.plant(marker("an invitation", code, "", ""));
        self.plant(marker("the first API key", API_KEY, "", ""));
        self.plant(marker("a password", PASSWORD, "", ""));
        self.plant(marker("an ltik", self.full.course.ltik.clone(), "", ""));
        self.plant(marker("a service key", self.full.course.service_key(), "", ""));
    }

    async fn fail_a_launch(&mut self) {
        let school = &self.full.course.school;
        school.gateway.patch_tool(json!({"launch": {"unknownDeployments": "reject"}})).await;
        let page = school.launch(&school.student().with(DEPLOYMENT, "nowhere")).await;
        self.reference = reference(&page);
    }

    async fn sign_everyone_in(&mut self) {
        let owner = Visitor::owner(self.full.gateway()).await;
        for role in ["admin", "registrar", "support", "viewer"] {
            let visitor = Visitor::invited(self.full.gateway(), &owner, role).await;
            self.visitors.push((role, visitor));
        }
        self.visitors.push(("owner", owner));
    }

    /// Every address that is read with an API key alone, but for the one of a backup, which is the
    /// whole database.
    fn addresses(&self) -> Vec<String> {
        let read = operations().into_iter().filter(|(method, path, operation)| {
            method == "GET" && path != "/admin/backup" && schemes(operation).contains("apiKey")
        });
        let addresses: Vec<String> = read.map(|(_, path, _)| self.full.address(&path)).collect();
        assert!(addresses.len() > 30, "{addresses:?}");
        addresses
    }

    /// Every page of the portal.
    fn pages(&self) -> Vec<String> {
        let sources = concat!(
            include_str!("../../../src/routes/portal.rs"),
            include_str!("../../../src/routes/portal_pages.rs"),
        );
        let routes = sources.split(".route(").skip(1);
        let shown = routes.filter(|route| route.contains("get("));
        let pages = shown.filter_map(|route| {
            let path = route.split('"').nth(1)?;
            let is_outside = ["assets", "oidc", "sign-in", "welcome"];
            let is_outside = is_outside.iter().any(|part| path.contains(&format!("portal/{part}")));
            (path.starts_with("/portal") && !is_outside).then(|| self.page(path))
        });
        let pages: Vec<String> = pages
            .chain(["json", "toml"].map(|form| format!("/portal/settings?as={form}")))
            .collect();
        assert!(pages.len() > 30, "{pages:?}");
        pages
    }

    /// A page about what is there.
    fn page(&self, route: &str) -> String {
        let mut noun = "";
        let mut parts = Vec::new();
        for part in route.split('/') {
            parts.push(match (part.starts_with('{'), noun) {
                (false, _) => part,
                (true, "connect") => "moodle",
                (true, "failures") => self.reference.as_str(),
                (true, noun) => self.full.parameters.get(noun).map_or(NOWHERE, String::as_str),
            });
            noun = part;
        }
        parts.join("/")
    }

    /// Asks every address and every page. Nobody may see what isn't theirs to see; gives which
    /// markers were seen, by keys and on pages.
    async fn look(&self, may_see: bool) -> [BTreeSet<&'static str>; 2] {
        let mut seen = [BTreeSet::new(), BTreeSet::new()];
        let mut note = |at: usize, who: &str, path: &str, text: &str| {
            for marker in &self.markers {
                if !text.contains(&marker.text) {
                    continue;
                }
                let theirs = [marker.scopes, marker.roles][at];
                let is_theirs = may_see && is_among(who, theirs);
                assert!(is_theirs, "{} is shown to {who} at {path}: {text}", marker.name);
                seen[at].insert(marker.name);
            }
        };
        for address in self.addresses() {
            for (scope, key) in &self.keys {
                let page = self.full.gateway().as_key(key, "GET", &address, None).await;
                note(0, scope, &address, &page.text());
            }
        }
        for path in self.pages() {
            for (role, visitor) in &self.visitors {
                note(1, role, &path, &visitor.get(&path).await.text());
            }
        }
        seen
    }
}

#[both_stores("PO-3")]
async fn every_get_shows_what_its_asker_may_see_and_no_more(store: Store) {
    let mut planted = Planted::new(store).await;
    let [by_key, on_pages] = planted.look(true).await;
    // The markers are where they should be seen.
    let students = ["a student's given name", "a student's family name", "a student's subject"];
    let addresses = ["a webhook's address", "the hook's address"];
    let secrets = ["a secret of StudyReel", "the hook's secret"];
    let expected: BTreeSet<_> = students.into_iter().chain(addresses).chain(secrets).collect();
    assert_eq!(by_key, expected);
    for name in students.into_iter().chain(addresses) {
        assert!(on_pages.contains(name), "no page shows {name}");
    }

    // Of a student who is erased, nobody sees anything.
    let one = format!("/api/students/{}", planted.full.parameters["students"]);
    let erased = planted.full.gateway().admin("DELETE", &one, None).await;
    assert_eq!(erased.status, 204, "{}", erased.text());
    planted.markers.retain(|marker| marker.name.starts_with("a student"));
    assert_eq!(planted.look(false).await, [BTreeSet::new(), BTreeSet::new()]);
}

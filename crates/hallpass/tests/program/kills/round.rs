//! One server under load until it is killed: launches, StudyReel's links, platforms, their keys,
//! and API keys.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use simulator::browser::{Browser, Page};
use simulator::lms::{Launch, Lms};
use simulator::studyreel::{Overrides, StudyReel};

use super::acknowledged::{Acknowledged, Kept, MadeKey, Taken};
use super::{Installation, posted};
use crate::support::{PATIENCE, Running};

/// Launches under way at once, from the LMS and from StudyReel.
const AT_ONCE: usize = 4;

/// The name of API keys that are made under load.
pub(super) const KEY_NAME: &str = "made under load";

/// What the load does, one kind each.
#[derive(Clone, Copy)]
enum Kind {
    Launch,
    Link,
    Platform,
    Rotation,
    Removal,
    ApiKey,
    Revocation,
}

/// Their names, in the same order.
pub(super) const KINDS: [&str; 7] = [
    "launches",
    "login links",
    "platforms",
    "key rotations",
    "removed platforms",
    "API keys",
    "revoked API keys",
];

/// How many of each kind were acknowledged.
pub(super) type Counts = [AtomicUsize; KINDS.len()];

/// One server under load until it is killed.
pub(super) struct Round<'a> {
    pub(super) at: &'a Installation,
    pub(super) lms: &'a Lms,
    pub(super) client_id: &'a str,
    pub(super) studyreel: &'a StudyReel,
    pub(super) counts: Counts,
    /// How many of each kind have to be acknowledged before the kill.
    pub(super) of_each: usize,
}

impl Round<'_> {
    fn one_more(&self, kind: Kind) {
        self.counts[kind as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// Whether so many changes were acknowledged, and enough of each kind.
    fn has_done(&self, changes: usize) -> bool {
        let counts = || {
            self.counts
                .iter()
                .map(|count| count.load(Ordering::Relaxed))
        };
        counts().sum::<usize>() >= changes && counts().all(|count| count >= self.of_each)
    }

    /// Launches from the LMS, one after the other, until the server is gone.
    async fn launches(&self) -> Vec<Taken> {
        let mut taken = Vec::new();
        while let Some(launch) = self.launch().await {
            let Some(launch) = launch else { continue };
            self.one_more(Kind::Launch);
            taken.push(launch);
        }
        taken
    }

    /// Nothing inside where it is too busy, nothing where it is gone.
    async fn launch(&self) -> Option<Option<Taken>> {
        let browser = Browser::new().unwrap();
        let login = self
            .lms
            .login_request(&Launch::new(self.client_id))
            .unwrap();
        let page = browser.send(posted(&login.url, &login.fields)).await.ok()?;
        if page.status == 503 {
            return Some(None);
        }
        assert_eq!(page.status, 302, "{}", page.text());
        // The launch clears them.
        let cookies = browser.cookies(&self.at.at("/lti/launch"));
        let cookies = cookies.iter().map(|c| format!("{}={}", c.name, c.value));
        let cookies = cookies.collect::<Vec<_>>().join("; ");
        let page = browser.get(page.location().unwrap().as_str()).await.ok()?;
        let form = page.auto_form().unwrap();
        let field = |name: &str| (name.to_owned(), form.field(name).unwrap().to_owned());
        let form = vec![field("id_token"), field("state")];
        let page = browser
            .send(posted(&self.at.at("/lti/launch"), &form))
            .await
            .ok()?;
        if page.status == 503 {
            return Some(None);
        }
        assert_eq!(page.status, 303, "{}", page.text());
        let to = page.location().unwrap();
        let (_, ltik) = to.query_pairs().find(|(name, _)| name == "ltik").unwrap();
        let ltik = ltik.into_owned();
        Some(Some(Taken {
            ltik,
            form,
            cookies,
            browser,
        }))
    }

    /// Launches of new students from StudyReel, until the server is gone.
    async fn links(&self) -> Vec<String> {
        let mut links = Vec::new();
        let student = self.studyreel.students().remove(0);
        loop {
            let number = STUDENTS.fetch_add(1, Ordering::Relaxed);
            let sub = format!("student-{number}@example.org");
            let verdict = self
                .studyreel
                .launch_with(&student, &Overrides::none().with("sub", sub))
                .await;
            let Some(status) = verdict.status else {
                return links;
            };
            // Too busy.
            if status == 503 {
                continue;
            }
            // The answer may have broken off behind its head.
            let Some(link) = verdict.login_link() else {
                assert!(
                    status == 200 && verdict.json().is_null(),
                    "{}",
                    verdict.body
                );
                return links;
            };
            self.one_more(Kind::Link);
            links.push(link);
        }
    }

    /// Platforms made by hand until the server is gone: a new key is ordered for one, the next is
    /// removed again.
    async fn platforms(&self) -> (Vec<Kept>, Vec<String>) {
        let (mut kept, mut removed) = (Vec::new(), Vec::new());
        for number in 0.. {
            let Some(page) = self
                .change("POST", "/admin/platforms", Some(new_platform()))
                .await
            else {
                break;
            };
            let Some(page) = page else { continue };
            let id = page.json().unwrap()["id"].as_str().unwrap().to_owned();
            let path = format!("/admin/platforms/{id}");
            if number % 2 == 0 {
                let rotated = self
                    .change("POST", &format!("{path}/keys/rotate"), None)
                    .await;
                let kid = rotated.flatten().map(|page| newest_kid(&page));
                self.one_more(Kind::Platform);
                if kid.is_some() {
                    self.one_more(Kind::Rotation);
                }
                kept.push(Kept { id, kid });
            } else if let Some(Some(_)) = self.change("DELETE", &path, None).await {
                self.one_more(Kind::Removal);
                removed.push(id);
            }
        }
        (kept, removed)
    }

    /// API keys until the server is gone: one is made, then the one before it is revoked. Gives the
    /// newest, and those revoked.
    async fn api_keys(&self) -> (Option<MadeKey>, Vec<MadeKey>) {
        let (mut newest, mut revoked) = (None::<MadeKey>, Vec::new());
        let new = json!({"name": KEY_NAME, "scope": "manage"});
        while let Some(page) = self
            .change("POST", "/admin/api-keys", Some(new.clone()))
            .await
        {
            let Some(page) = page else { continue };
            self.one_more(Kind::ApiKey);
            let Some(before) = newest.replace(MadeKey::of(&page)) else {
                continue;
            };
            let path = format!("/admin/api-keys/{}", before.id);
            if let Some(Some(_)) = self.change("DELETE", &path, None).await {
                self.one_more(Kind::Revocation);
                revoked.push(before);
            }
        }
        (newest, revoked)
    }

    /// What the API answers to a change, nothing inside where it is too busy, nothing where it is
    /// gone.
    async fn change(&self, method: &str, path: &str, body: Option<Value>) -> Option<Option<Page>> {
        let page = self.at.admin(method, path, body).await?;
        if page.status == 503 {
            return Some(None);
        }
        assert!(matches!(page.status, 200 | 201 | 204), "{}", page.text());
        Some(Some(page))
    }

    /// Everything at once until so much was acknowledged; then the server dies without a warning.
    pub(super) async fn run(&self, server: Running, changes: usize) -> Acknowledged {
        let launches = futures_util::future::join_all((0..AT_ONCE).map(|_| self.launches()));
        let links = futures_util::future::join_all((0..AT_ONCE).map(|_| self.links()));
        let kill = async {
            let enough = async {
                while !self.has_done(changes) {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
            };
            tokio::time::timeout(PATIENCE, enough).await.unwrap();
            drop(server);
        };
        let (launches, links, (platforms, removed), (newest, revoked), ()) =
            tokio::join!(launches, links, self.platforms(), self.api_keys(), kill);
        Acknowledged {
            launches: launches.into_iter().flatten().collect(),
            links: links.into_iter().flatten().collect(),
            platforms,
            removed,
            newest,
            revoked,
        }
    }
}

fn newest_kid(page: &Page) -> String {
    let keys = page.json().unwrap()["keys"].as_array().unwrap().clone();
    keys.last().unwrap()["kid"].as_str().unwrap().to_owned()
}

/// Students so far, in all rounds and tests: each is new.
static STUDENTS: AtomicUsize = AtomicUsize::new(0);

fn new_platform() -> Value {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    json!({
        "url": "https://lms.example.org", "clientId": format!("client-{number}"), "name": "School",
        "keyDelivery": "url",
        "authenticationEndpoint": "https://lms.example.org/auth",
        "accesstokenEndpoint": "https://lms.example.org/token",
        "authConfig": {"method": "JWK_SET", "key": "https://lms.example.org/keys"},
    })
}

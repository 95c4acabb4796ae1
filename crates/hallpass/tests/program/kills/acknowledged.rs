//! What was acknowledged before a kill, and whether it is there afterwards.

use simulator::browser::{Browser, Page, Request};

use super::round::KEY_NAME;
use super::{API_KEY, Installation, posted};

/// A launch that the browser was sent on from.
pub(super) struct Taken {
    pub(super) ltik: String,
    /// What was posted, and the login's cookies, without which nothing is read of it.
    pub(super) form: Vec<(String, String)>,
    pub(super) cookies: String,
    pub(super) browser: Browser,
}

/// A platform that the API said it keeps, by its id, and the key that was ordered for it.
pub(super) struct Kept {
    pub(super) id: String,
    pub(super) kid: Option<String>,
}

/// An API key, as the answer to its creation has it.
pub(super) struct MadeKey {
    pub(super) id: String,
    key: String,
}

impl MadeKey {
    pub(super) fn of(page: &Page) -> Self {
        let made = page.json().unwrap();
        let member = |name: &str| made[name].as_str().unwrap().to_owned();
        Self {
            id: member("id"),
            key: member("key"),
        }
    }

    /// The status of what it asks for.
    async fn asks(&self, at: &Installation) -> u16 {
        let authorization = format!("Bearer {}", self.key);
        let page = at.ask("GET", "/admin/tool", None, &authorization).await;
        page.unwrap().status
    }
}

/// What was acknowledged before a kill.
pub(super) struct Acknowledged {
    pub(super) launches: Vec<Taken>,
    pub(super) links: Vec<String>,
    pub(super) platforms: Vec<Kept>,
    pub(super) removed: Vec<String>,
    /// The API key made last.
    pub(super) newest: Option<MadeKey>,
    pub(super) revoked: Vec<MadeKey>,
}

impl Acknowledged {
    /// Whether all of it is there, and what was spent is spent.
    pub(super) async fn is_there(&self, at: &Installation, round: usize) {
        for taken in &self.launches {
            taken.is_there(at, round).await;
        }
        for link in &self.links {
            is_good_once(link, round).await;
        }
        for kept in &self.platforms {
            kept.is_there(at, round).await;
        }
        for id in &self.removed {
            let path = format!("/admin/platforms/{id}");
            let page = at.admin("GET", &path, None).await.unwrap();
            assert_eq!(page.status, 404, "round {round}: a platform came back");
        }
        self.api_keys_are_there(at, round).await;
    }

    async fn api_keys_are_there(&self, at: &Installation, round: usize) {
        if let Some(newest) = &self.newest {
            assert_eq!(
                newest.asks(at).await,
                200,
                "round {round}: an API key is lost"
            );
        }
        let page = at.admin("GET", "/admin/api-keys", None).await.unwrap();
        let keys = page.json().unwrap()["apiKeys"].as_array().unwrap().clone();
        for revoked in &self.revoked {
            assert!(
                keys.iter().all(|key| key["id"] != *revoked.id),
                "round {round}: an API key came back"
            );
        }
        // Only one: an address may send 60 wrong keys a minute.
        if let Some(revoked) = self.revoked.last() {
            assert_eq!(
                revoked.asks(at).await,
                401,
                "round {round}: a revoked API key is taken"
            );
        }
        // A tool has 200 at most.
        for key in keys.iter().filter(|key| key["name"] == KEY_NAME) {
            let path = format!("/admin/api-keys/{}", key["id"].as_str().unwrap());
            let page = at.admin("DELETE", &path, None).await.unwrap();
            assert_eq!(page.status, 204, "round {round}: {}", page.text());
        }
    }
}

impl Taken {
    /// Whether its launch can be read, and not be posted again, even with the login's cookies.
    async fn is_there(&self, at: &Installation, round: usize) {
        let authorization = format!("LTIK-AUTH-V2 {API_KEY}:{}", self.ltik);
        let page = at
            .ask("GET", "/api/idtoken", None, &authorization)
            .await
            .unwrap();
        assert_eq!(
            page.status,
            200,
            "round {round}: a launch is lost: {}",
            page.text()
        );
        assert_eq!(page.json().unwrap()["user"]["id"], "5", "round {round}");
        let again = posted(&at.at("/lti/launch"), &self.form).header("cookie", &self.cookies);
        let page = self.browser.fresh().send(again).await.unwrap();
        let text = page.text();
        assert!(
            page.status == 401 && text.contains("<code>NONCE_ALREADY_RECEIVED: "),
            "round {round}: a nonce is forgotten: {} {text}",
            page.status
        );
    }
}

impl Kept {
    async fn is_there(&self, at: &Installation, round: usize) {
        let path = format!("/admin/platforms/{}/keys", self.id);
        let page = at.admin("GET", &path, None).await.unwrap();
        let text = page.text();
        assert_eq!(
            page.status, 200,
            "round {round}: a platform is lost: {text}"
        );
        if let Some(kid) = &self.kid {
            assert!(text.contains(kid), "round {round}: a key is lost: {text}");
        }
    }
}

/// Whether a login link leads to the application, and only for the first browser that opens it.
async fn is_good_once(link: &str, round: usize) {
    let browser = Browser::new().unwrap().wanting_pages();
    let open = Request::new("GET".parse().unwrap(), link)
        .unwrap()
        .no_redirects();
    let page = browser.send(open).await.unwrap();
    let to = page.location().map(String::from).unwrap_or_default();
    assert!(
        to.starts_with("http://127.0.0.3:9/"),
        "round {round}: a link is lost: {to} {}",
        page.text()
    );
    // Someone else's browser.
    let page = Browser::new().unwrap().wanting_pages().get(link).await;
    let page = page.unwrap();
    assert_eq!(page.status, 410, "round {round}: a link was redeemed twice");
}

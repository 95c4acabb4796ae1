//! A second tool at work at its own host name: an LMS registers there and launches.

use serde_json::json;
use simulator::browser::{Browser, Page, Request};
use simulator::lms::{Launch, Lms};
use test_case::both_stores;

use super::{HOST, done};
use crate::registered::{begin, form, login, ltik_of};
use crate::studyreel::{StudyReel, open, valid};
use crate::support::{API_KEY, Gateway, Store, lms};

/// A gateway with a second tool, and a replica that listens where that is found.
struct TwoTools {
    gateway: Gateway,
    quiz: Gateway,
    key: String,
}

impl TwoTools {
    async fn start(store: Store) -> Self {
        let gateway = Gateway::start(store).await;
        let (_, key) = gateway.new_tool(HOST).await;
        let quiz = gateway.replica_at(HOST).await;
        Self { gateway, quiz, key }
    }

    /// An LMS that registered at the second tool's address and is active on both sides; its client
    /// id.
    async fn registered(&self, lms: &Lms) -> String {
        let start = lms.begin_registration(&self.quiz.at("/lti/register")).unwrap();
        let page = Browser::new().unwrap().get(&start.url).await.unwrap();
        assert_eq!(page.status, 200, "{}", page.text());
        lms.activate(&start.client_id).unwrap();
        let page = self.quiz.as_key(&self.key, "GET", "/admin/platforms", None).await;
        let platforms = done(&page, 200)["platforms"].as_array().unwrap().clone();
        assert_eq!(platforms.len(), 1, "{platforms:?}");
        let id = platforms[0]["id"].as_str().unwrap();
        for (member, path) in [("loginUrl", "/lti/login"), ("keysetUrl", "/lti/keys")] {
            assert_eq!(platforms[0][member], self.quiz.at(&format!("{path}/{id}")), "{member}");
        }
        let activate = format!("/admin/platforms/{id}/activate");
        done(&self.quiz.as_key(&self.key, "POST", &activate, None).await, 200);
        start.client_id
    }

    async fn idtoken(&self, key: &str, ltik: &str) -> Page {
        let header = format!("LTIK-AUTH-V2 {key}:{ltik}");
        self.quiz.with_authorization("GET", "/api/idtoken", None, &header).await
    }
}

#[both_stores]
async fn an_lms_registers_and_launches_at_the_second_tools_host(store: Store) {
    let tools = TwoTools::start(store).await;
    let lms = lms().await;
    let client_id = tools.registered(&lms).await;
    assert!(tools.gateway.platforms().await.is_empty(), "the first tool knows nothing of it");
    let browser = Browser::new().unwrap();
    let launch = Launch::new(&client_id).teacher();
    let posted = begin(&lms, &browser, &launch).await;
    let page = browser.send(form(&tools.quiz.at("/lti/launch"), &posted.fields())).await.unwrap();
    let to = page.location().unwrap();
    assert!(to.as_str().starts_with("http://127.0.0.3:9/quiz?ltik="), "{to}");
    let ltik = ltik_of("quiz", &page);
    let read = done(&tools.idtoken(&tools.key, &ltik).await, 200);
    assert_eq!(read["user"]["role"], "instructor");
    // The first tool's key is another's.
    assert_eq!(tools.idtoken(API_KEY, &ltik).await.status, 401);
}

#[both_stores]
async fn a_login_at_another_tools_host_finds_no_platform(store: Store) {
    let tools = TwoTools::start(store).await;
    let lms = lms().await;
    let client_id = tools.registered(&lms).await;
    let launch = Launch::new(&client_id);
    let request = lms.login_request(&launch).unwrap();
    assert!(request.url.starts_with(&tools.quiz.url), "{}", request.url);
    let fields: Vec<(&str, &str)> =
        request.fields.iter().map(|(name, value)| (&**name, &**value)).collect();
    let elsewhere = request.url.replace(&tools.quiz.url, &tools.gateway.url);
    let page = Browser::new().unwrap().send(form(&elsewhere, &fields)).await.unwrap();
    assert_eq!(page.status, 400, "{}", page.text());
    let page = login(&lms, &Browser::new().unwrap(), &launch).await;
    assert!(matches!(page.status, 200 | 302), "{}", page.text());
    // The key set of the host is the tool's, for platforms added by hand.
    let by_hand = json!({
        "url": "https://lms.example.org", "clientId": "c", "name": "School",
        "authenticationEndpoint": "https://lms.example.org/authorize",
        "accesstokenEndpoint": "https://lms.example.org/token",
        "authConfig": {"method": "JWK_SET", "key": "https://lms.example.org/jwks"},
    });
    let added = tools.gateway.as_key(&tools.key, "POST", "/admin/platforms", Some(by_hand)).await;
    done(&added, 200);
    let browser = Browser::new().unwrap();
    let keys = async |gateway: &Gateway| {
        let page = browser.get(&gateway.at("/lti/keys")).await.unwrap();
        page.json().unwrap()["keys"].as_array().unwrap().len()
    };
    assert_eq!((keys(&tools.gateway).await, keys(&tools.quiz).await), (0, 1));
}

#[both_stores]
async fn a_removed_tool_takes_no_launch(store: Store) {
    let tools = TwoTools::start(store).await;
    let lms = lms().await;
    let client_id = tools.registered(&lms).await;
    let (browser, launch) = (Browser::new().unwrap(), Launch::new(&client_id));
    let posted = begin(&lms, &browser, &launch).await;
    let all = done(&tools.quiz.admin("GET", "/admin/tools", None).await, 200);
    let path = format!("/admin/tools/{}", all["tools"][1]["id"].as_str().unwrap());
    assert_eq!(all["tools"][1]["host"], json!(HOST));
    assert_eq!(tools.quiz.admin("DELETE", &path, None).await.status, 204);
    // Its host leads to the first tool now, which knows no such platform.
    let page = login(&lms, &Browser::new().unwrap(), &launch).await;
    assert_eq!(page.status, 400, "{}", page.text());
    // Neither does a new tool with its host.
    tools.quiz.new_tool(HOST).await;
    let page = browser.send(form(&tools.quiz.at("/lti/launch"), &posted.fields())).await.unwrap();
    assert_eq!(page.status, 400, "{}", page.text());
}

#[both_stores]
async fn a_login_link_opens_at_its_own_tools_host_only(store: Store) {
    let tools = TwoTools::start(store).await;
    let studyreel = StudyReel::at(tools.gateway);
    let link = studyreel.ok(&valid("a")).await.link;
    let elsewhere = link.replace(&studyreel.gateway.url, &tools.quiz.url);
    assert_ne!(elsewhere, link);
    let page = open(&studyreel.browser(), &elsewhere).await;
    assert_eq!(page.status, 410, "{}", page.text());
    studyreel.redeem(&link).await;
}

/// StudyReel sends from one address for every tool, and a school's students open their links from
/// one.
#[both_stores]
async fn each_tool_takes_as_much_of_one_source_as_it_says(store: Store) {
    let limits = json!({"studyreel": {"limits": {"perSource": 2}}});
    let gateway = Gateway::start_with(store, limits.clone()).await;
    let (_, key) = gateway.new_tool(HOST).await;
    done(&gateway.as_key(&key, "PATCH", "/admin/tool", Some(limits)).await, 200);
    // One server, at both names.
    let listener = tokio::net::TcpListener::bind("0.0.0.0:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let _both = gateway.replica_on(listener, None).await;
    for (method, path, status) in
        [("POST", "/studyreel/launch", 415), ("GET", "/studyreel/learn?token=x", 410)]
    {
        for host in ["127.0.0.2", HOST] {
            for expected in [status, status, 429] {
                let url = format!("http://{host}:{port}{path}");
                let request = Request::new(method.parse().unwrap(), &url).unwrap();
                let request = request.body("text/plain", "x");
                let page = Browser::new().unwrap().send(request).await.unwrap();
                assert_eq!(page.status, expected, "{method} at {host}: {}", page.text());
            }
        }
    }
}

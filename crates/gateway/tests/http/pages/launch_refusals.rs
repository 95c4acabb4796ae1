//! Every refusal of a launch as people and programs read it, in one snapshot: to be read as a text,
//! and to be seen in a diff when a sentence or a status changes.

use serde_json::{Value, json};
use simulator::browser::{Browser, Page};
use simulator::faults::Fault;
use simulator::jose::SigningKey;
use simulator::lms::{Endpoint, Launch};
use test_case::cases;

use crate::registered::{Posted, Registered, form};
use crate::support::Store;

/// A gateway, and what its refusals looked like so far: each page, and the reasons that led to it.
struct Album {
    school: Registered,
    pages: Vec<(String, Vec<String>)>,
}

impl Album {
    async fn launch(&mut self, launch: Launch) {
        self.changed(launch, |_| {}).await;
    }

    /// A launch whose form is changed on its way to us.
    async fn changed(&mut self, launch: Launch, change: impl Fn(&mut Posted)) {
        let browser = Browser::new().unwrap();
        let mut forms = Vec::new();
        for _ in 0..2 {
            let mut posted = self.school.begin(&browser, &launch).await;
            change(&mut posted);
            forms.push(fields(&posted));
        }
        self.show(&browser, &forms[0], &forms[1]).await;
    }

    /// What a browser reads in answer to one form, and a program in answer to the other.
    async fn show(&mut self, browser: &Browser, read: &[Field], told: &[Field]) {
        let page = self.send(browser, read, "text/html").await;
        let answer = self.send(browser, told, "application/json").await;
        let details = &answer.json().unwrap()["details"];
        assert_eq!(answer.status, page.status, "{details}");
        let text = self.without_addresses(&page.text());
        let (reasons, mut lines): (Vec<String>, Vec<String>) =
            words(&text).into_iter().partition(|line| is_reason(line));
        let [reason] = &reasons[..] else { panic!("{reasons:?}: {text}") };
        let reason = format!("{} {reason}", page.status);
        let (code, sentence) = (&details["message"], &details["description"]);
        lines.push(format!("as JSON: {}", code.as_str().unwrap()));
        let sentence = self.without_addresses(sentence.as_str().unwrap());
        if !lines.contains(&sentence) {
            lines.push(sentence);
        }
        let page = lines.join("\n    ");
        match self.pages.iter_mut().find(|(known, _)| *known == page) {
            Some((_, reasons)) => reasons.push(reason),
            None => self.pages.push((page, vec![reason])),
        }
    }

    fn text(&self) -> String {
        let pages = self.pages.iter();
        let texts = pages.map(|(page, reasons)| format!("{}\n    {page}\n", reasons.join("\n")));
        texts.collect::<Vec<_>>().join("\n")
    }

    async fn send(&self, browser: &Browser, fields: &[Field], accept: &str) -> Page {
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (*name, &**value)).collect();
        let mut request = form(&self.school.gateway.at("/lti/launch"), &fields);
        request.headers.remove("accept");
        let request = request.header("accept", accept).header("accept-language", "en");
        browser.send(request).await.unwrap()
    }

    fn without_addresses(&self, text: &str) -> String {
        text.replace(self.school.lms.url(), "{platform}")
            .replace(&self.school.gateway.url, "{gateway}")
            .replace(&self.school.platform_id, "{id}")
    }
}

type Field = (&'static str, String);

fn fields(posted: &Posted) -> [Field; 2] {
    [("id_token", posted.id_token.clone()), ("state", posted.state.clone())]
}

/// The texts of a page's main part, one a line, without the reference.
fn words(page: &str) -> Vec<String> {
    let main = page.split_once("<main>").unwrap().1.split_once("</main>").unwrap().0;
    let texts = main.split('<').map(|part| match part.split_once('>') {
        Some((tag, _)) if tag.starts_with("script") => "",
        Some((_, text)) => text,
        None => part,
    });
    let texts =
        texts.map(|text| text.replace("&#39;", "'").replace("&#34;", "\"").trim().to_owned());
    let lines = texts.filter(|text| !text.is_empty());
    lines.take_while(|text| !text.starts_with("Reference for support")).collect()
}

/// Whether a line is the technical one: `NO_KID_HEADER: the token's header has no key id`.
fn is_reason(line: &str) -> bool {
    let code = line.split_once(": ").map_or("", |(code, _)| code);
    code.len() > 4 && !code.bytes().any(|byte| byte.is_ascii_lowercase() || byte == b' ')
}

async fn album() -> Album {
    Album { school: Registered::new(Store::Sqlite).await, pages: Vec::new() }
}

#[cases("B-03")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refusals_of_a_token_read_like_this() {
    let mut album = album().await;
    let (ok, kid) = (album.school.student(), album.school.lms.key().kid().to_owned());
    for (name, value) in [
        ("alg", Value::Null),
        ("alg", json!("none")),
        ("typ", json!("at+jwt")),
        ("kid", json!("")),
        ("kid", json!(7)),
        ("kid", json!("nobody")),
        ("crit", json!(["exp"])),
        ("b64", json!(false)),
        ("jku", json!("https://evil.test/jwks")),
    ] {
        let mut header = json!({"typ": "JWT", "alg": "RS256", "kid": kid});
        header[name] = value;
        album.launch(ok.clone().header(header)).await;
    }
    let stranger = SigningKey::generate().unwrap().with_kid(&kid);
    album.launch(ok.clone().signed_by(stranger)).await;
    let hello = |posted: &mut Posted| posted.id_token = "hello".to_owned();
    album.changed(ok.clone(), hello).await;
    let huge = |posted: &mut Posted| posted.id_token = "A".repeat(70_000);
    album.changed(ok, huge).await;
    insta::assert_snapshot!("refusals_of_a_token", album.text());
}

#[cases("B-03")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refusals_of_standard_claims_read_like_this() {
    let mut album = album().await;
    let (ok, now) = (album.school.student(), album.school.lms.clock().seconds());
    let client = album.school.client_id.clone();
    for (name, value) in [
        ("iss", json!("https://other.test")),
        ("aud", json!(1)),
        ("aud", json!("other")),
        ("aud", json!([client, "other"])),
        ("azp", json!("other")),
        ("exp", json!("soon")),
        ("iat", json!("now")),
        ("iat", json!(now + 600)),
        ("nbf", json!("later")),
        ("nbf", json!(now + 600)),
        ("nonce", json!("another")),
    ] {
        album.launch(ok.clone().with("exp", now + 900).with(name, value)).await;
    }
    for name in ["iss", "aud", "exp", "iat", "nonce"] {
        album.launch(ok.clone().without(name)).await;
    }
    album.launch(ok.clone().with("iat", now - 200).with("exp", now - 100)).await;
    album.launch(ok.with("iat", now - 86_400).with("exp", now + 900)).await;
    insta::assert_snapshot!("refusals_of_standard_claims", album.text());
}

#[cases("B-03")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refusals_of_lti_claims_read_like_this() {
    let mut album = album().await;
    let ok = album.school.student();
    for name in [
        "version",
        "message_type",
        "deployment_id",
        "target_link_uri",
        "roles",
        "sub",
        "resource_link",
    ] {
        album.launch(ok.clone().without(name)).await;
    }
    for (name, value) in [
        ("version", json!("1.2")),
        ("message_type", json!("LtiFooRequest")),
        ("message_type", json!("LtiEulaRequest")),
        ("deployment_id", json!(1)),
        ("target_link_uri", json!(1)),
        ("target_link_uri", json!("https://evil.test/")),
        ("target_link_uri", json!(album.school.gateway.at("/lti/launch?other"))),
        ("roles", json!("Instructor")),
        ("sub", json!(5)),
        ("resource_link", json!("1")),
        ("resource_link", json!({"title": "Week 1"})),
        ("resource_link", json!({"id": ""})),
    ] {
        album.launch(ok.clone().with(name, value)).await;
    }
    let choosing = album.school.teacher().deep_linking();
    album.launch(choosing.clone().without("deep_linking_settings")).await;
    let settings = |value: Value| choosing.clone().with("deep_linking_settings", value);
    let back = format!("{}/return", album.school.lms.url());
    for value in [
        json!("none"),
        json!({}),
        json!({
            "deep_link_return_url": back, "accept_types": 7,
            "accept_presentation_document_targets": ["frame"],
        }),
        json!({
            "deep_link_return_url": "javascript:alert(1)", "accept_types": ["link"],
            "accept_presentation_document_targets": ["frame"],
        }),
    ] {
        album.launch(settings(value)).await;
    }
    album.school.gateway.patch_tool(json!({"services": {"deepLinking": false}})).await;
    album.launch(choosing.clone()).await;
    insta::assert_snapshot!("refusals_of_lti_claims", album.text());
}

#[cases("B-03", "A-50", "A-51")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refusals_around_a_login_read_like_this() {
    let mut album = album().await;
    let student = album.school.student();
    let browser = Browser::new().unwrap();
    for error in ["login_required", "launch_no_longer_valid", "access_denied", "<b>odd</b>"] {
        let mut forms = Vec::new();
        for _ in 0..2 {
            let state = album.school.begin(&browser, &student).await.state;
            forms.push([("error", error.to_owned()), ("state", state)]);
        }
        album.show(&browser, &forms[0], &forms[1]).await;
    }
    album.show(&browser, &[], &[]).await;
    album.changed(student.clone(), |posted| posted.state = "unknown".to_owned()).await;
    let posted = album.school.begin(&browser, &student).await;
    let form = fields(&posted);
    album.show(&browser.fresh(), &form, &form).await;
    assert_eq!(album.school.post(&browser, &posted).await.status, 303);
    album.show(&browser, &form, &form).await;
    let late = album.school.begin(&browser, &student).await;
    album.school.advance(601);
    let form = fields(&late);
    album.show(&browser, &form, &form).await;
    insta::assert_snapshot!("refusals_around_a_login", album.text());
}

#[cases("B-03")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refusals_by_an_operators_decision_read_like_this() {
    let mut album = album().await;
    let student = album.school.student();
    album.school.lms.faults().set(Endpoint::Jwks, Fault::Status(500));
    album.launch(student.clone()).await;
    album.school.lms.faults().clear_all();
    album.school.advance(4);
    album.school.accepts("the key set is back", student.clone()).await;
    let platform = format!("/admin/platforms/{}", album.school.platform_id);
    let deployments = format!("{platform}/deployments");
    let listed = album.school.gateway.admin("GET", &deployments, None).await.json().unwrap();
    let known = listed["deployments"][0]["deploymentId"].as_str().unwrap().to_owned();
    for (policy, deployment) in [("reject", "new"), ("pending", "new"), ("auto", &*known)] {
        album.school.gateway.patch_tool(json!({"launch": {"unknownDeployments": policy}})).await;
        let renamed = deployment.to_owned();
        let client = album.school.client_id.clone();
        album.school.lms.change_tool(&client, |tool| tool.deployment_id = renamed).unwrap();
        if policy == "auto" {
            let disabled = Some(json!({"status": "disabled"}));
            let one = format!("{deployments}/{known}");
            assert_eq!(album.school.gateway.admin("PATCH", &one, disabled).await.status, 200);
        }
        album.launch(student.clone()).await;
    }
    let active = Some(json!({"status": "active"}));
    let one = format!("{deployments}/{known}");
    assert_eq!(album.school.gateway.admin("PATCH", &one, active).await.status, 200);
    let person = format!("{platform}/blocked/5");
    assert_eq!(album.school.gateway.admin("PUT", &person, None).await.status, 204);
    album.launch(student.clone()).await;
    let browser = Browser::new().unwrap();
    let posted = album.school.begin(&browser, &student).await;
    let form = fields(&posted);
    for (method, path) in [("POST", format!("{platform}/deactivate")), ("DELETE", platform)] {
        assert!(album.school.gateway.admin(method, &path, None).await.status < 300);
        album.show(&browser, &form, &form).await;
    }
    insta::assert_snapshot!("refusals_by_an_operator", album.text());
}

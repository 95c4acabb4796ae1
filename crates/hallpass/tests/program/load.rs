//! Launches of both kinds against a server that a test starts, stops and kills, and what was
//! acknowledged of them.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};
use simulator::Error;
use simulator::browser::{Browser, Page, Request};
use simulator::clock::Clock;
use simulator::lms::{Launch, Lms};

use crate::support::{Running, hallpass, own_port};

pub(crate) const API_KEY: &str = "test-api-key-0123456789";

/// A server with the default data folder.
pub(crate) struct Installation {
    pub(crate) server: Option<Running>,
    pub(crate) url: String,
}

impl Installation {
    pub(crate) fn new(folder: &Path, database: Option<&str>) -> Self {
        let listen = format!("127.0.0.2:{}", own_port());
        let url = format!("http://{listen}");
        let database = database.map(|url| format!("database_url = \"{url}\"\n"));
        let settings = format!(
            "listen = \"{listen}\"\npublic_url = \"{url}\"\nbootstrap_api_key = \"{API_KEY}\"\n{}\
             [tool]\nlaunchUrl = \"http://127.0.0.3:9/\"\n[tool.registration]\nautoActivate = true\n",
            database.unwrap_or_default()
        );
        std::fs::write(folder.join("hallpass.toml"), settings).unwrap();
        let mut installation = Self { server: None, url };
        installation.start(folder);
        installation
    }

    pub(crate) fn start(&mut self, folder: &Path) {
        let mut server = Running::start(hallpass(folder, &["serve"]));
        server.line();
        self.server = Some(server);
    }

    /// As the power does.
    pub(crate) fn kill(&mut self) {
        self.server = None;
    }
}

/// The status and the JSON of an answer of the API.
pub(crate) async fn ask(method: &str, url: &str, authorization: &str) -> (u16, Value) {
    let request = Request::new(method.parse().unwrap(), url).unwrap();
    let request = request.header("authorization", authorization);
    let page = Browser::new().unwrap().send(request).await.unwrap();
    (page.status, page.json().unwrap_or_default())
}

/// The service key of a launch.
pub(crate) async fn service_key(url: &str, ltik: &str) -> String {
    let header = format!("LTIK-AUTH-V2 {API_KEY}:{ltik}");
    let (status, token) = ask("GET", &format!("{url}/api/idtoken"), &header).await;
    assert_eq!(status, 200, "{token}");
    token["services"]["serviceKey"].as_str().unwrap().to_owned()
}

/// A service key still opens the roster.
pub(crate) async fn opens_the_roster(url: &str, service_key: &str) {
    let header = format!("SERVICE-AUTH-V1 {API_KEY}:{service_key}");
    let (status, roster) = ask("GET", &format!("{url}/api/memberships"), &header).await;
    assert_eq!(status, 200, "{roster}");
    assert!(
        !roster["members"].as_array().unwrap().is_empty(),
        "{roster}"
    );
}

/// What was acknowledged.
#[derive(Default)]
pub(crate) struct Acknowledged {
    pub(crate) students: Vec<String>,
    pub(crate) ltiks: Vec<String>,
}

/// A StudyReel launch; the student's id if it was acknowledged, or what came instead.
pub(crate) async fn study(url: &str, number: usize) -> Result<String, String> {
    let now = Clock::default().seconds();
    let launch = json!({
        "messageType": "LtiResourceLinkRequest", "version": "1.3.0", "resourceLink": {"id": "default"},
        "iss": "https://studyreel.alpha1edtech.com", "deployment_id": "U3BhcnNoJ3MgdGVzdCBhcHAgNjoxLjM=",
        "target_link_uri": "studyreel://learn", "role": "Student", "sub": format!("student-{number}"),
        "given_name": "Ada", "family_name": "Moss", "nonce": format!("nonce-{number:08}"),
        "iat": now, "exp": now + 3600, "jti": format!("jti-{number}"),
        "studyreel_grade_math": "null", "studyreel_grade_language": "null", "studyreel_grade_science": "null",
        "studyreel_grade_reading": "null", "age_grade": "5", "user_acquisition_source": "StudyReel",
        "map_rit_math": "null", "map_rit_language": "null", "map_rit_science": "null", "map_rit_reading": "null",
    });
    let page = Browser::new()
        .unwrap()
        .post_json(&format!("{url}/studyreel/launch"), &launch)
        .await
        .map_err(|error| error.to_string())?;
    let answer = page.json().unwrap_or_default();
    match answer["userID"].as_str() {
        Some(student) => Ok(student.to_owned()),
        None => Err(format!("{}: {}", page.status, page.text())),
    }
}

/// A form as a person's browser sends it.
fn post<N: AsRef<str>, V: AsRef<str>>(url: &str, fields: &[(N, V)]) -> Request {
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let request = Request::new("POST".parse().unwrap(), url)
        .unwrap()
        .no_redirects();
    request.body("application/x-www-form-urlencoded", body)
}

/// An LTI launch; its `ltik` if it was acknowledged, or what came instead.
pub(crate) async fn visit(lms: &Lms, client_id: &str) -> Result<String, String> {
    let instead = |page: &Page| format!("{}: {}", page.status, page.text());
    let failed = |error: Error| error.to_string();
    let browser = Browser::new().unwrap();
    let login = lms.login_request(&Launch::new(client_id)).unwrap();
    let page = browser
        .send(post(&login.url, &login.fields))
        .await
        .map_err(failed)?;
    let to = page.location().ok_or_else(|| instead(&page))?;
    let page = browser.get(to.as_str()).await.map_err(failed)?;
    let form = page.auto_form().ok_or_else(|| instead(&page))?;
    let fields = ["id_token", "state"].map(|name| (name, form.field(name).unwrap().to_owned()));
    let page = browser
        .send(post(form.action.as_str(), &fields))
        .await
        .map_err(failed)?;
    let to = page.location().ok_or_else(|| instead(&page))?;
    let ltik = to.query_pairs().find(|(name, _)| name == "ltik");
    ltik.map(|(_, value)| value.into_owned())
        .ok_or_else(|| instead(&page))
}

pub(crate) async fn registered(url: &str, lms: &Lms) -> String {
    let start = lms
        .begin_registration(&format!("{url}/lti/register"))
        .unwrap();
    let page = Browser::new().unwrap().get(&start.url).await.unwrap();
    assert_eq!(page.status, 200, "{}", page.text());
    lms.activate(&start.client_id).unwrap();
    start.client_id
}

impl Acknowledged {
    /// Everything of it is there.
    pub(crate) async fn is_at(&self, url: &str) {
        for student in &self.students {
            let path = format!("{url}/api/students/{student}");
            let (status, _) = ask("GET", &path, &format!("Bearer {API_KEY}")).await;
            assert_eq!(status, 200, "the student {student} is gone");
        }
        for ltik in &self.ltiks {
            let header = format!("LTIK-AUTH-V2 {API_KEY}:{ltik}");
            let (status, _) = ask("GET", &format!("{url}/api/idtoken"), &header).await;
            assert_eq!(status, 200, "a launch is gone");
        }
    }
}

/// Launches of both kinds until it has to stop. What was acknowledged, and what came instead.
pub(crate) async fn launches(
    url: String,
    lms: Arc<Lms>,
    client_id: String,
    from: usize,
    stop: Arc<AtomicBool>,
) -> (Acknowledged, Vec<String>) {
    let (mut acknowledged, mut failures) = (Acknowledged::default(), Vec::new());
    for number in from.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        match study(&url, number).await {
            Ok(student) => acknowledged.students.push(student),
            Err(failure) => failures.push(failure),
        }
        match visit(&lms, &client_id).await {
            Ok(ltik) => acknowledged.ltiks.push(ltik),
            Err(failure) => failures.push(failure),
        }
    }
    (acknowledged, failures)
}

//! An installation with something on every page of its portal.

use serde_json::{Value, json};
use simulator::browser::{Browser, Page, Request};
use simulator::faults::ScoreRefusal;
use simulator::lms::{Endpoint, Lms, Tool};

use crate::platform_services::Course;
use crate::platform_services::background::graded;
use crate::portal::Visitor;
use crate::registered::{form, login};
use crate::studyreel::valid_with;
use crate::support::{Gateway, Store, lms};
use crate::traces::reference;

/// What a page is called here, and its path.
pub(super) type PathOf = (&'static str, String);

/// A school that runs, and others that wait.
pub(super) struct PortalWorld {
    pub(super) course: Course,
    /// Pages of who is signed in.
    pub(super) pages: Vec<PathOf>,
    /// More of them, which need no picture: questions before something is done, and lists that are
    /// narrowed.
    pub(super) questions: Vec<PathOf>,
    /// Pages of who isn't.
    pub(super) outside: Vec<PathOf>,
    _waiting: [Lms; 2],
}

/// The id behind this on a page.
fn id_behind(page: &Page, before: &str) -> String {
    let text = page.text();
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("{before}: {text}"));
    rest.chars().take_while(char::is_ascii_alphanumeric).collect()
}

async fn done(gateway: &Gateway, method: &str, path: &str, body: Option<Value>) -> Value {
    let page = gateway.admin(method, path, body).await;
    assert!(page.status < 300, "{method} {path}: {}", page.text());
    page.json().unwrap_or_default()
}

/// An LMS that registers itself.
async fn registers(gateway: &Gateway) -> Lms {
    let lms = lms().await;
    let start = lms.begin_registration(&gateway.at("/lti/register")).unwrap();
    let request = Request::new("GET".parse().unwrap(), &start.url).unwrap();
    let page = Browser::new().unwrap().send(request.no_redirects()).await.unwrap();
    assert!(page.status < 400, "{}", page.text());
    lms
}

/// A grade that the LMS refused; its id.
async fn refused_grade(course: &Course) -> String {
    let fault = ScoreRefusal::CanvasConcluded.fault();
    course.school.lms.faults().next(Endpoint::Scores, 1, fault);
    let delivery = course.hand_in(graded("5", 7.0)).await;
    course.comes_to(&delivery["id"], "refused").await;
    delivery["id"].as_str().unwrap().to_owned()
}

/// A login with this issuer, under a client id that no platform has here; its reference.
pub(super) async fn mistyped(gateway: &Gateway, issuer: &str) -> String {
    let to = gateway.at("/lti/launch");
    let fields = [
        ("iss", issuer),
        ("client_id", "mistyped"),
        ("login_hint", "1"),
        ("target_link_uri", to.as_str()),
    ];
    let request = form(&gateway.at("/lti/login"), &fields);
    reference(&Browser::new().unwrap().send(request).await.unwrap())
}

/// Failures of launches; the reference of one that is mended.
async fn failures(course: &Course) -> String {
    let (school, id) = (&course.school, &course.school.platform_id);
    school.launch(&school.student().with("nonce", json!("another"))).await;
    let path = |what: &str| format!("/admin/platforms/{id}/{what}");
    done(&school.gateway, "POST", &path("deactivate"), None).await;
    // It is refused at the login already.
    let refused = login(&school.lms, &Browser::new().unwrap(), &school.student()).await;
    let found = reference(&refused);
    done(&school.gateway, "POST", &path("activate"), None).await;
    found
}

/// A launch of a deployment that nobody has allowed yet; its reference.
async fn not_allowed_yet(course: &Course) -> String {
    let school = &course.school;
    let deployed_as = |mut id: String| {
        let change = |tool: &mut Tool| std::mem::swap(&mut tool.deployment_id, &mut id);
        school.lms.change_tool(&school.client_id, change).unwrap();
        id
    };
    let before = deployed_as("12".to_owned());
    let found = reference(&school.launch(&school.student()).await);
    deployed_as(before);
    found
}

/// Names that schools have, something that waits on each list, and something to look at.
async fn furnish(course: &Course, owner: &Visitor) {
    let (gateway, id) = (&course.school.gateway, &course.school.platform_id);
    let words = json!({"name": "Fractions", "description": "Halves, thirds and quarters"});
    gateway.patch_tool(words).await;
    let path = format!("/admin/platforms/{id}");
    let mut platform = gateway.platforms().await.remove(0);
    platform["name"] = json!("Kestrel College");
    platform["unknownDeployments"] = json!("pending");
    done(gateway, "PUT", &path, Some(platform)).await;
    let deployment = json!({"deploymentId": "7", "status": "pending"});
    done(gateway, "POST", &format!("{path}/deployments"), Some(deployment)).await;
    let hook = json!({"url": "http://127.0.0.3:9/hook", "events": ["platform.pending"]});
    done(gateway, "POST", "/admin/webhooks", Some(hook)).await;
    let key = json!({"name": "nightly report", "scope": "read"});
    done(gateway, "POST", "/admin/api-keys", Some(key)).await;
    for (sub, given, family) in [("ada", "Ada", "Moss"), ("ben", "Ben", "Okoro")] {
        let named =
            json!({"given_name": given, "family_name": family, "studyreel_grade_math": "4"});
        let launch = valid_with(&format!("{sub}@school.example"), named);
        let request = Request::new("POST".parse().unwrap(), &gateway.at("/studyreel/launch"));
        let request = request.unwrap().body("application/json", launch.to_string());
        let page = Browser::new().unwrap().send(request).await.unwrap();
        assert_eq!(page.status, 200, "{}", page.text());
    }
    Visitor::invited(gateway, owner, "support").await;
    let page = owner.get(&format!("/portal/platforms/{id}")).await;
    let blocked = format!("/portal/platforms/{id}/blocked");
    owner.post(&page, &blocked, &[("do", "block"), ("user", "41")]).await;
    let invited = [
        ("platformName", "Osterby Gymnasium"),
        ("uses", "1"),
        ("ends", "72"),
        ("mode", "approval"),
    ];
    owner.post(&page, "/portal/connect/invites", &invited).await;
}

/// Questions before something is done, for those who have a learning path of their own, and lists
/// that are narrowed.
async fn questions(course: &Course, owner: &Visitor, hook: &str, user: &str) -> Vec<PathOf> {
    let (gateway, platform) = (&course.school.gateway, &course.school.platform_id);
    let path =
        json!({"id": "fractions", "subject": "math", "title": "Fractions", "grades": [3, 4, 5]});
    done(gateway, "POST", "/admin/learning-paths", Some(path)).await;
    let keys = owner.get("/portal/keys").await;
    let places = owner.get("/portal/keys/services").await;
    let key = id_behind(&keys, "<a class=\"button danger\" href=\"/portal/keys/");
    let place = id_behind(&places, "<a class=\"button danger\" href=\"/portal/keys/services/");
    let mut pages = vec![
        ("key-revoke", format!("/portal/keys/{key}/revoke")),
        ("place-revoke", format!("/portal/keys/services/{place}/revoke")),
        ("webhook-delete", format!("/portal/keys/webhooks/{hook}/delete")),
        ("user-remove", format!("/portal/users/{user}/remove")),
        ("keys-now", format!("/portal/platforms/{platform}/keys/now")),
        ("deactivate", format!("/portal/platforms/{platform}/deactivate")),
        ("stop", format!("/portal/platforms/{platform}/deployments/stop?deployment=7")),
        ("forget", format!("/portal/platforms/{platform}/deployments/forget?deployment=7")),
    ];
    for &(name, path) in NARROWED {
        pages.push((name, path.to_owned()));
    }
    pages
}

impl PortalWorld {
    pub(super) async fn new() -> Self {
        let course = Course::in_background(Store::Sqlite, json!({})).await;
        let owner = Visitor::owner(&course.school.gateway).await;
        furnish(&course, &owner).await;
        let delivery = refused_grade(&course).await;
        let mended = failures(&course).await;
        let failure = not_allowed_yet(&course).await;
        let issuer = course.school.lms.endpoints().issuer;
        let other = mistyped(&course.school.gateway, &issuer).await;
        let gateway = &course.school.gateway;
        let waiting = registers(gateway).await;
        let newest = gateway.platforms().await.pop().unwrap();
        let registered = newest["id"].as_str().unwrap();
        let asked = json!({"registration": {"preApproval": {"enabled": true, "url": "https://app.example.com/approve"}}});
        gateway.patch_tool(asked).await;
        let waiting = [waiting, registers(gateway).await];

        let people = owner.get("/portal/people").await;
        let hooks = owner.get("/portal/keys/webhooks").await;
        let users = owner.get("/portal/users").await;
        let student = id_behind(&people, "href=\"/portal/people/");
        let hook = id_behind(&hooks, "href=\"/portal/keys/webhooks/");
        let user = id_behind(&users, "href=\"/portal/users/");
        let (tool, _) = gateway.new_tool("127.0.0.6").await;
        let welcome = owner.invite("viewer", "ines@school.example").await;
        let id = &course.school.platform_id;
        let mut pages: Vec<PathOf> = Vec::new();
        for &(name, path) in STANDING {
            pages.push((name, path.to_owned()));
        }
        for &(name, tab) in TABS {
            pages.push((name, format!("/portal/platforms/{id}{tab}")));
        }
        pages.extend([
            ("connect-moodle", format!("/portal/connect/moodle?platform={registered}")),
            ("failure", format!("/portal/failures/{failure}")),
            ("report", format!("/portal/failures/{failure}/report")),
            ("delivery", format!("/portal/deliveries/{delivery}")),
            ("webhook", format!("/portal/keys/webhooks/{hook}")),
            ("student", format!("/portal/people/{student}")),
            ("erase", format!("/portal/people/{student}/erase")),
            ("user", format!("/portal/users/{user}")),
            ("tool", format!("/portal/tools/{tool}")),
            ("tool-remove", format!("/portal/tools/{tool}/remove")),
        ]);
        let mut questions = questions(&course, &owner, &hook, &user).await;
        questions.push(("failure-compared", format!("/portal/failures/{other}")));
        questions.push(("failure-mended", format!("/portal/failures/{mended}")));
        let gone = "/portal/welcome/nonsense".to_owned();
        let outside =
            vec![("sign-in", "/portal/sign-in".to_owned()), ("welcome", welcome), ("gone", gone)];
        Self { course, pages, questions, outside, _waiting: waiting }
    }
}

/// The tabs of a platform.
const TABS: &[(&str, &str)] = &[
    ("platform", ""),
    ("registration", "/registration"),
    ("deployments", "/deployments"),
    ("keys", "/keys"),
    ("rules", "/settings"),
    ("blocked", "/blocked"),
    ("launches", "/launches"),
    ("delete", "/delete"),
];

/// The others without a picture.
const NARROWED: &[(&str, &str)] = &[
    ("path-change", "/portal/paths?change=fractions"),
    ("path-delete", "/portal/paths/delete?id=fractions"),
    ("settings-json", "/portal/settings?as=json"),
    ("settings-file", "/portal/settings?as=toml"),
    ("second-step-off", "/portal/account/second-step/off"),
    ("disconnect", "/portal/account/oidc/disconnect"),
    ("failures-each", "/portal/failures?show=each&reason=PLATFORM_INACTIVE"),
    ("deliveries-refused", "/portal/deliveries?state=refused"),
    ("people-disabled", "/portal/people?status=disabled"),
    ("audit-none", "/portal/audit?action=nothing"),
    ("mistyped", "/portal/nosuch"),
];

/// Pages whose addresses are always the same.
const STANDING: &[(&str, &str)] = &[
    ("home", "/portal"),
    ("platforms", "/portal/platforms"),
    ("waiting", "/portal/platforms/waiting"),
    ("connect", "/portal/connect"),
    ("connect-canvas", "/portal/connect/canvas"),
    ("connect-brightspace", "/portal/connect/brightspace"),
    ("connect-blackboard", "/portal/connect/blackboard"),
    ("connect-sakai", "/portal/connect/sakai"),
    ("connect-schoology", "/portal/connect/schoology"),
    ("connect-openedx", "/portal/connect/openedx"),
    ("connect-other", "/portal/connect/other"),
    ("by-hand", "/portal/connect/canvas/by-hand"),
    ("by-hand-host", "/portal/connect/moodle/by-hand?host=lms.school.example"),
    ("failures", "/portal/failures"),
    ("attempts", "/portal/failures?show=all"),
    ("deliveries", "/portal/deliveries"),
    ("deliveries-reason", "/portal/deliveries?reason=COURSE_CONCLUDED"),
    ("people", "/portal/people"),
    ("paths", "/portal/paths"),
    ("settings", "/portal/settings"),
    ("api-keys", "/portal/keys"),
    ("service-keys", "/portal/keys/services"),
    ("webhooks", "/portal/keys/webhooks"),
    ("events", "/portal/keys/events"),
    ("users", "/portal/users"),
    ("usage", "/portal/usage"),
    ("tools", "/portal/tools"),
    ("audit", "/portal/audit"),
    ("audit-check", "/portal/audit/check"),
    ("account", "/portal/account"),
    ("confirm", "/portal/confirm"),
    ("found", "/portal/find?q=school"),
    ("not-found", "/portal/failures/AAAAAAAAAA"),
];

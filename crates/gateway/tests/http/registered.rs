//! A gateway with an LMS registered at it, and a launch step by step.

use serde_json::{Map, Value, json};
use simulator::browser::{Browser, Page, Request};
use simulator::jose;
use simulator::lms::{Launch, Lms, LoginRequest};
use url::Url;

use crate::support::{Gateway, Store, lms};

/// An LMS that has registered itself, activated on both sides. Refusals name their reason on the
/// page.
pub struct Registered {
    pub gateway: Gateway,
    pub lms: Lms,
    pub client_id: String,
    pub platform_id: String,
}

/// What the platform makes the browser post to the gateway.
#[derive(Clone, Debug)]
pub struct Posted {
    pub id_token: String,
    pub state: String,
}

impl Posted {
    /// The claims of the token, not verified.
    pub fn claims(&self) -> Map<String, Value> {
        let decoded = jose::decode(&self.id_token).unwrap();
        decoded.claims.as_object().unwrap().clone()
    }

    pub fn fields(&self) -> [(&str, &str); 2] {
        [("id_token", &self.id_token), ("state", &self.state)]
    }
}

/// A form as the browser of a person sends it.
pub fn form(url: &str, fields: &[(&str, &str)]) -> Request {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    Request::new("POST".parse().unwrap(), url)
        .unwrap()
        .no_redirects()
        .header("accept", "text/html,application/xhtml+xml,*/*;q=0.8")
        .body("application/x-www-form-urlencoded", body)
}

/// A page that says why: this status, this rule, nowhere to go.
#[track_caller]
pub fn assert_refused(case: &str, page: &Page, status: u16, code: &str) {
    let text = page.text();
    assert_eq!(page.status, status, "{case}: {text}");
    assert!(text.contains(&format!("<code>{code}: ")), "{case}: {text}");
    assert!(text.contains("Reference for support"), "{case}: {text}");
    assert_eq!(page.location(), None, "{case}");
}

/// Where a login's answer leads: by its header, or by the page that goes on in its place.
pub fn leads_to(page: &Page) -> Url {
    if let Some(location) = page.location() {
        return location;
    }
    let text = page.text();
    let link = text.split_once("id=\"onward\" href=\"").unwrap_or_else(|| panic!("{text}")).1;
    page.url.join(&link.split_once('"').unwrap().0.replace("&#38;", "&")).unwrap()
}

/// Registers the gateway's tool with an LMS and activates it on both sides; client id and platform
/// id.
pub async fn register(gateway: &Gateway, lms: &Lms) -> (String, String) {
    register_at(gateway, lms, &gateway.at("/lti/register")).await
}

/// The same at this address, such as an invitation's.
pub async fn register_at(gateway: &Gateway, lms: &Lms, url: &str) -> (String, String) {
    let start = lms.begin_registration(url).unwrap();
    let page = Browser::new().unwrap().get(&start.url).await.unwrap();
    assert_eq!(page.status, 200, "{}", page.text());
    lms.activate(&start.client_id).unwrap();
    let platforms = gateway.platforms().await;
    let platform =
        platforms.iter().find(|platform| platform["clientId"] == start.client_id.as_str()).unwrap();
    let id = platform["id"].as_str().unwrap().to_owned();
    let page = gateway.admin("POST", &format!("/admin/platforms/{id}/activate"), None).await;
    assert_eq!(page.status, 200, "{}", page.text());
    (start.client_id, id)
}

/// The fields of the LMS's form.
pub fn fields(login: &LoginRequest) -> Vec<(&str, &str)> {
    let fields = login.fields.iter();
    fields.map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

/// The login: from the LMS's form to the gateway's answer.
pub async fn login(lms: &Lms, browser: &Browser, launch: &Launch) -> Page {
    let login = lms.login_request(launch).unwrap();
    browser.send(form(&login.url, &fields(&login))).await.unwrap()
}

/// Login and authentication at any LMS that is registered.
pub async fn begin(lms: &Lms, browser: &Browser, launch: &Launch) -> Posted {
    let page = login(lms, browser, launch).await;
    let mut page = browser.get(leads_to(&page).as_str()).await.unwrap();
    // By way of the look at the cookies, where the rest is too long for a header.
    if page.auto_form().is_none() {
        page = browser.get(leads_to(&page).as_str()).await.unwrap();
    }
    let form = page.auto_form().unwrap_or_else(|| panic!("{}", page.text()));
    let field = |name| form.field(name).unwrap().to_owned();
    Posted { id_token: field("id_token"), state: field("state") }
}

impl Registered {
    pub async fn new(store: Store) -> Self {
        Self::with(store, json!({})).await
    }

    /// With these tool settings beside the usual ones.
    pub async fn with(store: Store, mut settings: Value) -> Self {
        settings["launch"]["showReasons"] = true.into();
        Self::join(Gateway::start_with(store, settings).await, lms().await).await
    }

    pub async fn join(gateway: Gateway, lms: Lms) -> Self {
        let (client_id, platform_id) = register(&gateway, &lms).await;
        Self { gateway, lms, client_id, platform_id }
    }

    /// A right launch by the student, for a test to spoil.
    pub fn student(&self) -> Launch {
        Launch::new(&self.client_id)
    }

    /// A right launch by the teacher.
    pub fn teacher(&self) -> Launch {
        self.student().teacher()
    }

    /// Lets time pass on both sides.
    pub fn advance(&self, seconds: u64) {
        self.gateway.clock.advance(std::time::Duration::from_secs(seconds));
        self.set_the_lms_by_the_gateway();
    }

    /// Sets the date on both sides; no time passes.
    pub fn set_date_by(&self, seconds: i64) {
        self.gateway.clock.set_by(seconds * 1000);
        self.set_the_lms_by_the_gateway();
    }

    fn set_the_lms_by_the_gateway(&self) {
        let ahead = self.gateway.clock.now_seconds() - simulator::clock::Clock::default().seconds();
        self.lms.clock().set_offset(ahead);
    }

    /// Login and authentication: everything up to what the browser shall post to the gateway.
    pub async fn begin(&self, browser: &Browser, launch: &Launch) -> Posted {
        begin(&self.lms, browser, launch).await
    }

    pub async fn post(&self, browser: &Browser, posted: &Posted) -> Page {
        let request = form(&self.gateway.at("/lti/launch"), &posted.fields());
        browser.send(request).await.unwrap()
    }

    /// A whole launch in a fresh browser, up to the gateway's answer.
    pub async fn launch(&self, launch: &Launch) -> Page {
        let browser = Browser::new().unwrap();
        let posted = self.begin(&browser, launch).await;
        self.post(&browser, &posted).await
    }

    /// A launch that must be refused by this rule and leave nothing that could be read.
    pub async fn refuses(&self, case: &str, launch: Launch, status: u16, code: &str) {
        let before = self.gateway.launches().await;
        assert_refused(case, &self.launch(&launch).await, status, code);
        assert_eq!(self.gateway.launches().await, before, "{case}");
    }

    /// The same where the token is made from the right one by hand.
    pub async fn refuses_token(
        &self,
        case: &str,
        make: impl FnOnce(&Posted) -> String,
        status: u16,
        code: &str,
    ) {
        let (before, browser) = (self.gateway.launches().await, Browser::new().unwrap());
        let mut posted = self.begin(&browser, &self.student()).await;
        posted.id_token = make(&posted);
        assert_refused(case, &self.post(&browser, &posted).await, status, code);
        assert_eq!(self.gateway.launches().await, before, "{case}");
    }

    /// A launch that must be accepted; what the application then reads.
    pub async fn accepts(&self, case: &str, launch: Launch) -> Value {
        let ltik = ltik_of(case, &self.launch(&launch).await);
        self.read(&ltik).await
    }

    /// What the application reads of a launch.
    pub async fn read(&self, ltik: &str) -> Value {
        let answer = self.gateway.idtoken(ltik, "").await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json().unwrap()
    }
}

/// The `ltik` of an accepted launch.
#[track_caller]
pub fn ltik_of(case: &str, page: &Page) -> String {
    assert_eq!(page.status, 303, "{case}: {}", page.text());
    let to = page.location().unwrap();
    assert_eq!(to.host_str(), Some("127.0.0.3"), "{case}");
    let ltik = to.query_pairs().find(|(name, _)| name == "ltik").unwrap();
    ltik.1.into_owned()
}

/// A right launch by the student, changed in this way, is refused with 401 by this rule.
pub async fn refused(store: Store, code: &str, change: impl FnOnce(Launch) -> Launch) {
    let school = Registered::new(store).await;
    let launch = change(school.student());
    school.refuses(code, launch, 401, code).await;
}

/// A right launch by the student, changed in this way, is accepted all the same.
pub async fn accepted(store: Store, change: impl FnOnce(Launch) -> Launch) {
    let school = Registered::new(store).await;
    let launch = change(school.student());
    school.accepts("accepted", launch).await;
}

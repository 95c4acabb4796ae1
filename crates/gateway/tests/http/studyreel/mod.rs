//! StudyReel launches: the cases of studyreel.md §12, by their numbers.

mod dialects;
mod gates;
mod hook;
mod identity;
mod late;
mod links;
mod optional;
mod owner;
mod placing;
mod replay;
mod required;
mod rules;
mod standing;
mod subjects;
mod transport;

use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use serde_json::{Value, json};
use simulator::browser::{Browser, Page, Request};

use crate::support::{Gateway, Store, random};

/// The issuer of the documentation, which is allowed unless settings say otherwise.
pub(crate) const ISSUER: &str = "https://studyreel.alpha1edtech.com";

/// A gateway, and StudyReel's server before it.
pub(crate) struct StudyReel {
    pub(crate) gateway: Gateway,
    pub(crate) path: String,
    client: Browser,
}

/// The time as StudyReel writes it, so many seconds from now.
pub(crate) fn time(seconds: i64) -> Value {
    #[expect(clippy::disallowed_methods, reason = "StudyReel's clock, not ours")]
    let now = Timestamp::now();
    let time = Timestamp::from_second(now.as_second() + seconds).unwrap();
    json!(time.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

/// **V**: a fresh valid launch of the student, in the documented form, with nothing known for
/// placement but age.
pub(crate) fn valid(sub: &str) -> Value {
    static JTI: AtomicU64 = AtomicU64::new(1000);
    json!({
        "messageType": "LtiResourceLinkRequest", "version": "1.3.0",
        "resourceLink": {"id": "default"},
        "iss": ISSUER, "deployment_id": "U3BhcnNoJ3MgdGVzdCBhcHAgNjoxLjM=",
        "target_link_uri": "studyreel://learn", "role": "Student", "sub": sub,
        "given_name": "Ada", "family_name": "Moss", "nonce": random(),
        "iat": time(0), "exp": time(3600), "jti": JTI.fetch_add(1, Ordering::Relaxed).to_string(),
        "studyreel_grade_math": "null", "studyreel_grade_language": "null",
        "studyreel_grade_science": "null",
        "studyreel_grade_reading": "null", "age_grade": "5", "user_acquisition_source": "StudyReel",
        "map_rit_math": "null", "map_rit_language": "null", "map_rit_science": "null",
        "map_rit_reading": "null",
    })
}

/// V with members replaced; a JSON `null` is one like any other.
pub(crate) fn valid_with(sub: &str, members: Value) -> Value {
    let mut launch = valid(sub);
    let Value::Object(members) = members else {
        panic!("members are an object");
    };
    launch.as_object_mut().unwrap().extend(members);
    launch
}

/// V without a member.
pub(crate) fn valid_without(sub: &str, member: &str) -> Value {
    let mut launch = valid(sub);
    launch.as_object_mut().unwrap().shift_remove(member);
    launch
}

impl StudyReel {
    pub(crate) async fn start(store: Store) -> Self {
        Self::start_with(store, json!({})).await
    }

    /// With these members of the tool's `studyreel` settings.
    pub(crate) async fn start_with(store: Store, settings: Value) -> Self {
        Self::start_behind(store, settings, "").await
    }

    /// The same behind these proxies.
    pub(crate) async fn start_behind(store: Store, settings: Value, proxies: &str) -> Self {
        let settings = json!({"studyreel": settings});
        let more = [("trusted_proxies", proxies)];
        Self::at(Gateway::start_configured(store, settings, &more).await)
    }

    /// Before a gateway that runs already.
    pub(crate) fn at(gateway: Gateway) -> Self {
        Self { gateway, path: "/studyreel/launch".to_owned(), client: Browser::new().unwrap() }
    }

    pub(crate) async fn post(&self, content_type: &str, body: impl Into<Vec<u8>>) -> Page {
        self.send("POST", content_type, body).await
    }

    pub(crate) async fn send(
        &self,
        method: &str,
        content_type: &str,
        body: impl Into<Vec<u8>>,
    ) -> Page {
        let request = Request::new(method.parse().unwrap(), &self.gateway.at(&self.path)).unwrap();
        let request = request.no_redirects().body(content_type, body);
        self.client.send(request).await.unwrap()
    }

    pub(crate) async fn launch(&self, launch: &Value) -> Page {
        self.post("application/json", launch.to_string()).await
    }

    /// Launches, and expects the answer called OK.
    pub(crate) async fn ok(&self, launch: &Value) -> Accepted {
        Accepted::read(&self.launch(launch).await)
    }

    /// Launches, and expects a refusal; gives its code.
    pub(crate) async fn refused(&self, launch: &Value) -> String {
        refusal(&self.launch(launch).await)
    }

    /// A browser of one more person.
    pub(crate) fn browser(&self) -> Browser {
        self.client.fresh().wanting_pages()
    }

    /// Opens a login link in a new browser; gives the `ltik` it leads to.
    pub(crate) async fn redeem(&self, link: &str) -> String {
        ltik(&open(&self.browser(), link).await)
    }

    /// Launches, opens the link, and reads the launch as the application does.
    pub(crate) async fn seen(&self, launch: &Value) -> Value {
        let accepted = self.ok(launch).await;
        self.seen_behind(&accepted.link).await
    }

    /// Opens a link and reads the launch as the application does.
    pub(crate) async fn seen_behind(&self, link: &str) -> Value {
        let page = self.gateway.idtoken(&self.redeem(link).await, "").await;
        assert_eq!(page.status, 200, "{}", page.text());
        page.json().unwrap()
    }

    /// How many rows a table of the store has.
    pub(crate) async fn rows(&self, table: &str) -> i64 {
        use store::Db;
        let sql = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
        match &self.gateway.app.db {
            Db::Sqlite { read, .. } => sqlx::query_scalar(sql).fetch_one(read).await.unwrap(),
            Db::Postgres { pool, .. } => sqlx::query_scalar(sql).fetch_one(pool).await.unwrap(),
        }
    }

    /// Everything in a column, as text, bytes that are no text replaced.
    pub(crate) async fn texts(&self, table: &str, column: &str) -> String {
        use store::Db;
        let cast = |of: &str| format!("SELECT CAST({column} AS {of}) FROM {table}");
        let rows: Vec<Vec<u8>> = match &self.gateway.app.db {
            Db::Sqlite { read, .. } => {
                let sql = sqlx::AssertSqlSafe(cast("BLOB"));
                sqlx::query_scalar(sql).fetch_all(read).await.unwrap()
            }
            Db::Postgres { pool, .. } => {
                // PostgreSQL gives bytes only of bytes.
                let sql = if column.ends_with("_sealed") || column.ends_with("_hash") {
                    format!("SELECT {column} FROM {table}")
                } else {
                    format!("SELECT CONVERT_TO({column}, 'UTF8') FROM {table}")
                };
                sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(pool).await.unwrap()
            }
        };
        rows.iter().map(|row| String::from_utf8_lossy(row).into_owned()).collect()
    }

    /// Expects that no one was created and no link was made.
    pub(crate) async fn nothing_is_stored(&self) {
        for table in
            ["students", "enrolments", "placements", "login_links", "launches", "studyreel_seen"]
        {
            assert_eq!(self.rows(table).await, 0, "{table}");
        }
    }
}

/// The answer called OK.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Accepted {
    pub(crate) user: String,
    pub(crate) is_new: bool,
    pub(crate) link: String,
}

impl Accepted {
    pub(crate) fn read(page: &Page) -> Self {
        assert_eq!(page.status, 200, "{}", page.text());
        assert_eq!(page.header("content-type"), Some("application/json"));
        assert_eq!(page.header("cache-control"), Some("no-store"));
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
        assert!(
            page.header("set-cookie").is_none()
                && page.header("access-control-allow-origin").is_none()
        );
        let answer = page.json().unwrap();
        // Of the one dialect that has more, the more is pinned where its answer is written.
        let documented = answer.as_object().unwrap().keys().filter(|name| *name != "user");
        assert_eq!(documented.count(), 5, "{answer}");
        assert_eq!(answer["status"], "success");
        let is_new = match answer["userType"].as_str().unwrap() {
            "new" => true,
            "existing" => false,
            other => panic!("userType {other}"),
        };
        let message = answer["message"].as_str().unwrap();
        assert_eq!(message.contains("signed up"), is_new, "{message}");
        Self {
            user: answer["userID"].as_str().unwrap().to_owned(),
            is_new,
            link: answer["loginLink"].as_str().unwrap().to_owned(),
        }
    }
}

/// Expects the answer called Refused; gives its code.
pub(crate) fn refusal(page: &Page) -> String {
    assert!((400..500).contains(&page.status), "{} {}", page.status, page.text());
    failure(page)
}

/// Expects an error in StudyReel's shape; gives its code.
pub(crate) fn failure(page: &Page) -> String {
    assert_eq!(page.header("content-type"), Some("application/json"));
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert!(
        page.header("set-cookie").is_none() && page.header("access-control-allow-origin").is_none()
    );
    let answer = page.json().unwrap();
    let members = answer.as_object().unwrap().keys();
    let members: Vec<&String> = members.filter(|name| *name != "error").collect();
    assert_eq!(members, ["status", "message", "code", "requestId"]);
    assert_eq!(answer["status"], "error");
    assert_eq!(answer["requestId"].as_str().unwrap().len(), 10);
    answer["code"].as_str().unwrap().to_owned()
}

/// Opens a link; gives the first answer.
pub(crate) async fn open(browser: &Browser, link: &str) -> Page {
    let request = Request::new("GET".parse().unwrap(), link).unwrap();
    browser.send(request.no_redirects()).await.unwrap()
}

/// The `ltik` of an answer that sends the browser into the application, at its address without the
/// token.
pub(crate) fn ltik(page: &Page) -> String {
    assert_eq!(page.status, 303, "{}", page.text());
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    let application = page.location().unwrap();
    assert_eq!(application.host_str(), Some("127.0.0.3"), "{application}");
    let found = application.query_pairs().find(|(name, _)| name == "ltik");
    assert!(!application.query_pairs().any(|(name, _)| name == "token"));
    found.unwrap().1.into_owned()
}

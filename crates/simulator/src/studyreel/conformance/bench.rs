//! What every case works with: valid launches, requests, and the answers called OK and Refused.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use serde_json::{Map, Value, json};
use url::Url;

use super::{
    Census, End, Insight, Options, Seen,
    checks::{Checks, Step, Stop, expect, not_run},
};
use crate::{
    Error,
    browser::{Browser, Page, Request},
    clock::Clock,
    html, random,
    studyreel::{Student, Switches, Times, judge::link_problem, payload, signature},
};

const JSON: &str = "application/json";
const NEEDS_INSIGHT: &str = "accepted; what became of it needs a look inside";

/// The bench on which all cases are run.
pub(super) struct Bench {
    pub(super) options: Options,
    pub(super) clock: Clock,
    client: Browser,
}

/// A launch before it is sent.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Message(pub(super) Map<String, Value>);

impl Message {
    /// A member set, where it stands or at the end.
    pub(super) fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.insert(key.to_owned(), value.into());
        self
    }

    /// A member left out.
    pub(super) fn without(mut self, key: &str) -> Self {
        self.0.shift_remove(key);
        self
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        self.text().into_bytes()
    }

    pub(super) fn text(&self) -> String {
        Value::Object(self.0.clone()).to_string()
    }
}

/// The answer called OK.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Accepted {
    pub(super) user: String,
    pub(super) is_new: bool,
    pub(super) link: String,
}

impl Bench {
    pub(super) fn new(options: Options) -> Result<Self, Error> {
        Ok(Self {
            options,
            clock: Clock::default(),
            client: Browser::new()?.wanting_pages(),
        })
    }

    pub(super) fn insight(&self) -> Option<&dyn Insight> {
        self.options.insight.as_ref().map(Arc::as_ref)
    }

    /// A browser of somebody new.
    pub(super) fn browser(&self) -> Browser {
        self.client.fresh()
    }

    /// Whether an address is on one of the application's known origins.
    pub(super) fn is_own(&self, url: &Url) -> bool {
        let launch = Url::parse(&self.options.launch_url);
        let origin = url.origin().ascii_serialization();
        launch.is_ok_and(|launch| launch.origin() == url.origin())
            || self.options.origins.contains(&origin)
    }

    /// A student whom nobody has seen before.
    pub(super) fn sub(&self) -> String {
        let name = random::alphanumeric(16).to_ascii_lowercase();
        format!("check-{name}@example.com")
    }

    /// **V**: a fresh valid launch, of which only the age says anything for placement.
    pub(super) fn valid(&self, sub: &str) -> Message {
        let student = Student {
            age_grade: Some("5".to_owned()),
            ..Student::new(sub, "Ada", "Moss")
        };
        let sender = &self.options.sender;
        Message(payload::write(
            &student,
            &Switches::default(),
            &sender.issuer,
            &sender.deployment_id,
            random::digits(15).parse().unwrap_or_default(),
            self.clock.now(),
        ))
    }

    /// V of a student whom nobody has seen before.
    pub(super) fn fresh(&self) -> Message {
        self.valid(&self.sub())
    }

    /// V issued and expiring so many seconds from now.
    pub(super) fn at(&self, sub: &str, iat: i64, exp: i64) -> Message {
        self.valid(sub)
            .with("iat", self.time(iat))
            .with("exp", self.time(exp))
    }

    /// So many seconds from now, as StudyReel writes it.
    pub(super) fn time(&self, seconds: i64) -> Value {
        Times::Documented.write(self.moment(seconds))
    }

    pub(super) fn moment(&self, seconds: i64) -> Timestamp {
        let from_now = SignedDuration::from_secs(seconds);
        self.clock
            .now()
            .saturating_add(from_now)
            .unwrap_or(Timestamp::MAX)
    }

    /// The request that launches `body`, without a signature.
    pub(super) fn unsigned(&self, body: Vec<u8>) -> Step<Request> {
        let request = Request::new(Method::POST, &self.options.launch_url)?;
        Ok(request.no_redirects().body(JSON, body))
    }

    /// The request that launches `body`, signed if the application wants that.
    pub(super) fn request(&self, body: Vec<u8>) -> Step<Request> {
        match &self.options.hmac_secret {
            Some(secret) => self.signed(secret, self.clock.seconds(), body),
            None => self.unsigned(body),
        }
    }

    pub(super) fn signed(&self, secret: &str, time: i64, body: Vec<u8>) -> Step<Request> {
        let time = time.to_string();
        let signature = format!("v1={}", signature(secret, &time, &body));
        let request = self.unsigned(body)?;
        Ok(request
            .header("x-launch-timestamp", &time)
            .header("x-launch-signature", &signature))
    }

    /// Sends a request as StudyReel's server does: without any student's cookies.
    pub(super) async fn send(&self, request: Request) -> Step<Page> {
        Ok(self.browser().send(request).await?)
    }

    /// Sends a launch.
    pub(super) async fn post(&self, message: &Message) -> Step<Page> {
        self.post_raw(message.bytes()).await
    }

    /// Sends any body as a launch.
    pub(super) async fn post_raw(&self, body: Vec<u8>) -> Step<Page> {
        self.send(self.request(body)?).await
    }

    /// Sends a launch that has to be answered OK.
    pub(super) async fn ok(&self, message: &Message) -> Step<Accepted> {
        self.accepted(&self.post(message).await?)
    }

    /// OK: 200, the five members, `status` of `success`, and a link that the browser may be sent to.
    pub(super) fn accepted(&self, page: &Page) -> Step<Accepted> {
        if page.status != 200 {
            return Err(Stop::Failed(unexpected(page, "200")));
        }
        let Ok(Value::Object(answer)) = page.json() else {
            return Err(Stop::Failed("the answer is no JSON object".to_owned()));
        };
        let text = |name: &str| {
            let value = answer.get(name).and_then(Value::as_str);
            value
                .filter(|text| !text.is_empty())
                .ok_or_else(|| Stop::Failed(format!("{name} is missing or no text")))
        };
        expect(text("status")? == "success", "status is not success")?;
        text("message")?;
        let is_new = match text("userType")? {
            "new" => true,
            "existing" => false,
            other => {
                let why = format!("userType is {other:?}, neither new nor existing");
                return Err(Stop::Failed(why));
            }
        };
        let link = text("loginLink")?;
        match link_problem(link, &self.options.launch_url, &self.options.origins) {
            Some(problem) => Err(Stop::Failed(problem.to_owned())),
            None => Ok(Accepted {
                user: text("userID")?.to_owned(),
                is_new,
                link: link.to_owned(),
            }),
        }
    }

    /// Sends a launch that has to be refused.
    pub(super) async fn refused(&self, message: &Message) -> Step<Page> {
        refusal(self.post(message).await?)
    }

    /// Each of the launches has to be refused, and all of them must leave nothing behind: `sub` is unknown afterwards.
    pub(super) async fn refuse_each(
        &self,
        checks: &mut Checks,
        sub: &str,
        launches: Vec<(String, Message)>,
    ) -> Step {
        let before = self.census().await?;
        for (label, launch) in launches {
            checks.sub(&label, self.refused(&launch).await);
        }
        expect(
            self.census().await? == before,
            "refused launches have left something in the store",
        )?;
        let after = self.ok(&self.valid(sub)).await;
        let after = after.and_then(|after| {
            expect(
                after.is_new,
                "the refused launches have created the account",
            )
        });
        checks.sub("the next valid launch", after);
        Ok(())
    }

    /// What is stored, where the application counts.
    pub(super) async fn census(&self) -> Step<Option<Census>> {
        match self.insight().and_then(Insight::census) {
            None => Ok(None),
            Some(later) => later.await.map(Some).map_err(inside),
        }
    }

    /// What the application knows of the student behind a link. Not run without a look inside.
    pub(super) async fn seen(&self, link: &str) -> Step<Seen> {
        if self.options.insight.is_none() {
            return not_run(NEEDS_INSIGHT);
        }
        let end = self.visit(link).await?;
        match self.look(&end).await? {
            Some(seen) => Ok(seen),
            None => not_run(NEEDS_INSIGHT),
        }
    }

    /// What the application knows of the student whose link ended so.
    pub(super) async fn look(&self, end: &End) -> Step<Option<Seen>> {
        if !end.signed_in() {
            let why = unexpected(&end.page, "a page with a session");
            return Err(Stop::Failed(format!("the login link: {why}")));
        }
        match self.insight().and_then(|insight| insight.seen(end)) {
            None => Ok(None),
            Some(later) => later.await.map(Some).map_err(inside),
        }
    }

    /// Launches, and tells what the application made of it.
    pub(super) async fn placed(&self, message: &Message) -> Step<Seen> {
        self.seen(&self.ok(message).await?.link).await
    }

    /// Launches a student of this name and expects that the application shows it.
    pub(super) async fn shows(&self, sub: &str, given: &str, family: &str) -> Step<String> {
        let launch = self
            .valid(sub)
            .with("given_name", given)
            .with("family_name", family);
        let accepted = self.ok(&launch).await?;
        let end = self.visit(&accepted.link).await?;
        let page = end.page.text();
        let name = format!("{given} {family}");
        let name = name.trim();
        match self.look(&end).await? {
            Some(seen) if seen.name == name => Ok(page),
            Some(seen) => Err(Stop::Failed(format!("the name is {:?}", seen.name))),
            None if html::visible_text(&page).contains(name) => Ok(page),
            None => not_run("accepted; the page shows no name, so this needs a look inside"),
        }
    }
}

/// What the application's own side reports as gone wrong.
pub(super) fn inside(mut why: String) -> Stop {
    why.insert_str(0, "inside the app: ");
    Stop::Failed(why)
}

/// Refused: a 4xx, no login link, no `status` of `success`.
pub(super) fn refusal(page: Page) -> Step<Page> {
    if page.status == 429 {
        let why = "429: the app's rate limit is in the way of the cases";
        return Err(Stop::Failed(why.to_owned()));
    }
    if !(400..500).contains(&page.status) {
        return Err(Stop::Failed(unexpected(&page, "a refusal with 4xx")));
    }
    no_success(&page)?;
    Ok(page)
}

/// No login link and no `status` of `success`, whatever the HTTP status.
pub(super) fn no_success(page: &Page) -> Step {
    let answer = page.json().unwrap_or(Value::Null);
    expect(
        !page.text().contains("loginLink"),
        "the refusal holds a login link",
    )?;
    expect(
        answer["status"] != json!("success"),
        "the refusal's status is success",
    )
}

/// An answer that is not the one that was wanted, with its own words if it has any.
pub(super) fn unexpected(page: &Page, wanted: &str) -> String {
    let answer = page.json().unwrap_or(Value::Null);
    let said = answer["message"].as_str().or(answer["error"].as_str());
    let said: String = said.unwrap_or_default().chars().take(120).collect();
    if said.is_empty() {
        format!("{} instead of {wanted}", page.status)
    } else {
        format!("{} ({said:?}) instead of {wanted}", page.status)
    }
}

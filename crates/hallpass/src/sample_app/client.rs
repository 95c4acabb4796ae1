//! How the application talks to Hallpass.

use axum::http::Method;
use serde_json::{Value, json};
use simulator::browser::{Browser, Page, Request};

use super::{Facts, Failure, list, text};

/// Sends requests to Hallpass, with the application's API key.
pub(super) struct Client {
    pub(super) browser: Browser,
    pub(super) gateway: String,
    pub(super) api_key: String,
}

impl Client {
    /// `GET /api/idtoken`: who launched, from where, in which role.
    pub(super) async fn who(&self, ltik: &str) -> Result<Facts, Failure> {
        let authorization = format!("LTIK-AUTH-V2 {}:{ltik}", self.api_key);
        let page = self
            .ask(Method::GET, "/api/idtoken", &authorization)
            .await?;
        match page.status {
            200 => Ok(Facts::of(&answered(&page)?)),
            401 | 403 => Err(Failure::NoLaunch),
            status => Err(Failure::Gateway(format!("it answered {status}"))),
        }
    }

    /// `POST /api/deeplinking`: the signed message, and where the browser must post it.
    pub(super) async fn answer(
        &self,
        ltik: &str,
        answer: &Value,
    ) -> Result<(String, String), Failure> {
        let answer = self.post(ltik, "/api/deeplinking", answer).await?;
        Ok((text(&answer["message"]), text(&answer["target"])))
    }

    /// `GET /api/memberships`: the course's members, page by page.
    pub(super) async fn members(&self, ltik: &str) -> Result<Vec<Value>, Failure> {
        let (mut path, mut members) = ("/api/memberships".to_owned(), Vec::new());
        loop {
            let page = self.read(ltik, &path).await?;
            members.extend(list(&page["members"]));
            match page["next"].as_str() {
                Some(next) => path = format!("/api/memberships?url={}", encoded(next)),
                None => return Ok(members),
            }
        }
    }

    /// `GET /api/lineitems/<id>/scores`: the results in a gradebook column.
    pub(super) async fn results(&self, ltik: &str, line_item: &str) -> Result<Vec<Value>, Failure> {
        let path = format!("/api/lineitems/{}/scores", encoded(line_item));
        let page = self.read(ltik, &path).await?;
        Ok(list(&page["scores"]))
    }

    /// `GET /api/lineitems/<id>`: a gradebook column's maximum, if the platform tells it.
    pub(super) async fn maximum(
        &self,
        ltik: &str,
        line_item: &str,
    ) -> Result<Option<f64>, Failure> {
        let path = format!("/api/lineitems/{}", encoded(line_item));
        Ok(self.read(ltik, &path).await?["scoreMaximum"].as_f64())
    }

    /// `POST /api/lineitems/<id>/scores`: a final grade, out of the line item's maximum. Hallpass
    /// stores it and delivers it later, so the request doesn't wait for the platform. Thanks to the
    /// key, pressing the button twice gives one grade. Returns the delivery.
    pub(super) async fn grade(
        &self,
        ltik: &str,
        line_item: &str,
        user: &str,
        points: f64,
        key: &str,
    ) -> Result<Value, Failure> {
        let path = format!("/api/lineitems/{}/scores", encoded(line_item));
        let score = json!({
            "userId": user, "scoreGiven": points, "activityProgress": "Completed", "gradingProgress": "FullyGraded",
        });
        let authorization = format!("LTIK-AUTH-V2 {}:{ltik}", self.api_key);
        let request = self
            .request(Method::POST, &path, &authorization)?
            .header("prefer", "respond-async")
            .header("idempotency-key", key)
            .body("application/json", score.to_string());
        told(&self.send(request).await?)
    }

    /// `GET /api/deliveries`: the latest grade of the launch's person in one gradebook column, and
    /// its state.
    pub(super) async fn grade_state(
        &self,
        ltik: &str,
        line_item: &str,
    ) -> Result<Option<Value>, Failure> {
        let path = format!("/api/deliveries?limit=1&lineItem={}", encoded(line_item));
        let page = self.read(ltik, &path).await?;
        Ok(list(&page["deliveries"]).into_iter().next())
    }

    /// `GET /api/deliveries/<id>`: a grade that was given, and its state. A launch only sees the
    /// grades of its own person, so it takes the key.
    pub(super) async fn delivery(&self, id: &str) -> Result<Value, Failure> {
        let path = format!("/api/deliveries/{}", encoded(id));
        told(&self.ask(Method::GET, &path, &self.bearer()).await?)
    }

    async fn read(&self, ltik: &str, path: &str) -> Result<Value, Failure> {
        let authorization = format!("LTIK-AUTH-V2 {}:{ltik}", self.api_key);
        told(&self.ask(Method::GET, path, &authorization).await?)
    }

    async fn post(&self, ltik: &str, path: &str, body: &Value) -> Result<Value, Failure> {
        let authorization = format!("LTIK-AUTH-V2 {}:{ltik}", self.api_key);
        let request = self.request(Method::POST, path, &authorization)?;
        let request = request.body("application/json", body.to_string());
        told(&self.send(request).await?)
    }

    /// `GET /admin/platforms`.
    pub(super) async fn platforms(&self) -> Result<Vec<Value>, Failure> {
        let page = self
            .ask(Method::GET, "/admin/platforms", &self.bearer())
            .await?;
        if page.status != 200 {
            return Err(Failure::Gateway(format!("it answered {}", page.status)));
        }
        let mut answer = answered(&page)?;
        match answer["platforms"].take() {
            Value::Array(platforms) => Ok(platforms),
            _ => Err(Failure::Gateway("its list holds no platforms".to_owned())),
        }
    }

    /// `GET /admin/traces/<reference>`: the outcome of a launch.
    pub(super) async fn trace(&self, reference: &str) -> Result<Value, Failure> {
        let path = format!("/admin/traces/{}", encoded(reference));
        let page = self.ask(Method::GET, &path, &self.bearer()).await?;
        match page.status {
            200 => answered(&page),
            404 => Err(Failure::NoTrace),
            status => Err(Failure::Gateway(format!("it answered {status}"))),
        }
    }

    /// `POST /admin/platforms/<id>/activate` or `deactivate`.
    pub(super) async fn switch(&self, id: &str, on: bool) -> Result<(), Failure> {
        let verb = if on { "activate" } else { "deactivate" };
        let path = format!("/admin/platforms/{}/{verb}", encoded(id));
        let page = self.ask(Method::POST, &path, &self.bearer()).await?;
        match page.status {
            200 => Ok(()),
            status => Err(Failure::Gateway(format!("it answered {status}"))),
        }
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.api_key)
    }

    async fn ask(&self, method: Method, path: &str, authorization: &str) -> Result<Page, Failure> {
        self.send(self.request(method, path, authorization)?).await
    }

    fn request(&self, method: Method, path: &str, authorization: &str) -> Result<Request, Failure> {
        let request = Request::new(method, &format!("{}{path}", self.gateway)).map_err(failed)?;
        Ok(request
            .header("authorization", authorization)
            .no_redirects())
    }

    async fn send(&self, request: Request) -> Result<Page, Failure> {
        // Uses a client without cookies each time: it acts for the application, never for a person.
        self.browser.fresh().send(request).await.map_err(failed)
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it is what map_err hands over"
)]
fn failed(error: simulator::Error) -> Failure {
    Failure::Gateway(error.to_string())
}

/// Encodes a text for a path or query.
fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// The gateway's answer, or why it failed.
fn told(page: &Page) -> Result<Value, Failure> {
    match page.status {
        200..=202 => answered(page),
        204 => Ok(Value::Null),
        401 => Err(Failure::NoLaunch),
        400..500 => Err(Failure::Refused(text(
            &answered(page)?["details"]["description"],
        ))),
        status => Err(Failure::Gateway(format!("it answered {status}"))),
    }
}

fn answered(page: &Page) -> Result<Value, Failure> {
    page.json()
        .map_err(|error| Failure::Gateway(error.to_string()))
}

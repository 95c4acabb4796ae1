//! The two ways to a platform's services: straight to the LMS, and through the server.

use std::net::SocketAddr;

use anyhow::Context;
use serde_json::{Value, json};
use simulator::browser::Browser;
use simulator::jose::SigningKey;
use simulator::lms::{Launch, Lms, ManualTool, claim_name};
use simulator::profiles::{AGS_SCOPES, NRPS_SCOPE};
use url::{Url, form_urlencoded};

use crate::client::{Ask, Client};
use crate::server::{API_KEY, Server};

/// Where to ask, and by which right.
#[derive(Clone)]
pub(crate) struct Way {
    pub(crate) to: SocketAddr,
    pub(crate) authorization: String,
    roster: String,
    pub(crate) scores: String,
    content_type: &'static str,
}

impl Way {
    /// Straight to the LMS, as a tool with its own key.
    pub(crate) async fn to_the_lms(lms: &Lms) -> anyhow::Result<Self> {
        let key = SigningKey::generate()?;
        let mut tool = ManualTool::new("http://127.0.0.1:9/", "http://127.0.0.1:9/", "");
        tool.facts.public_key = Some(key.jwk());
        let client_id = lms.register_tool(tool).client_id;
        let endpoint = lms.endpoints().token;
        let now = lms.clock().seconds();
        let claims = json!({
            "iss": client_id, "sub": client_id, "aud": endpoint, "iat": now, "exp": now + 60, "jti": "bench",
        });
        let assertion = key.sign(&key.header(), &claims)?;
        let scopes = [AGS_SCOPES.join(" "), NRPS_SCOPE.to_owned()].join(" ");
        let fields = [
            ("grant_type", "client_credentials"),
            (
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ),
            ("client_assertion", &assertion),
            ("scope", &scopes),
        ];
        let granted = Browser::new()?
            .post_form(&endpoint, &fields)
            .await?
            .json()?;
        let token = granted["access_token"].as_str();
        let claims = lms.claims(&Launch::new(&client_id).teacher())?;
        let address = |claim: &str, member: &str| {
            let address = claims[claim_name(claim)][member].as_str();
            let url = Url::parse(address.context("the launch has no services")?)?;
            anyhow::Ok(url[url::Position::BeforePath..].to_owned())
        };
        Ok(Self {
            to: lms.url().trim_start_matches("http://").parse()?,
            authorization: format!("Bearer {}", token.context("no access token")?),
            roster: address("namesroleservice", "context_memberships_url")?,
            scores: address("endpoint", "lineitem")?.replace("/lineitem?", "/lineitem/scores?"),
            content_type: "application/vnd.ims.lis.v1.score+json",
        })
    }

    /// Through the server, by the `ltik` of a teacher's launch.
    pub(crate) async fn through(server: &Server, lms: &Lms) -> anyhow::Result<Self> {
        // The launch ends at some page that is there.
        let home = json!({"launchUrl": format!("{}/", lms.url())});
        server.admin("PATCH", "/admin/tool", &home).await?;
        let browser = Browser::new()?;
        let start = lms.begin_registration(&format!("{}/lti/register", server.url))?;
        let page = browser.get(&start.url).await?;
        anyhow::ensure!(page.status == 200, "registering: {}", page.text());
        lms.activate(&start.client_id)?;
        let query = format!("/admin/platforms?clientId={}", start.client_id);
        let found = server.admin("GET", &query, &Value::Null).await?;
        let id = found["platforms"][0]["id"].as_str();
        let id = id.context("the registration is not there")?;
        let activate = format!("/admin/platforms/{id}/activate");
        server.admin("POST", &activate, &Value::Null).await?;
        let page = lms
            .launch(&browser, &Launch::new(&start.client_id).teacher())
            .await?;
        let ltik = page.url.query_pairs().find(|(name, _)| name == "ltik");
        let (_, ltik) = ltik.with_context(|| format!("no launch: {}", page.text()))?;
        let authorization = format!("LTIK-AUTH-V2 {API_KEY}:{ltik}");
        let mut client = Client::connect(server.address).await?;
        let ask = Ask {
            target: "/api/idtoken",
            authorization: Some(&authorization),
            ..Ask::default()
        };
        let token: Value = serde_json::from_slice(&client.ask(ask).await?.body)?;
        let line_item = token["launch"]["lineItemId"].as_str();
        let line_item = line_item.context("the launch has no line item")?;
        let encoded: String = form_urlencoded::byte_serialize(line_item.as_bytes()).collect();
        Ok(Self {
            to: server.address,
            authorization,
            roster: "/api/memberships".to_owned(),
            scores: format!("/api/lineitems/{encoded}/scores"),
            content_type: "application/json",
        })
    }

    /// Reads the whole roster, which has at least this many members.
    pub(crate) async fn read(&self, client: &mut Client, least: usize) -> anyhow::Result<()> {
        let ask = Ask {
            target: &self.roster,
            authorization: Some(&self.authorization),
            ..Ask::default()
        };
        let answer = client.ask(ask).await?;
        let text = String::from_utf8_lossy(&answer.body);
        let members = text.matches("\"userId\":").count() + text.matches("\"user_id\":").count();
        anyhow::ensure!(members >= least, "{}: {members} members", answer.status);
        Ok(())
    }

    /// Takes the roster for an application that has stored the version `since`, which at least so
    /// many members joined after; the version it has then.
    pub(crate) async fn take(&self, since: Option<&str>, least: usize) -> anyhow::Result<String> {
        let mut client = Client::connect(self.to).await?;
        let asked = since.map_or_else(|| json!({}), |since| json!({"since": since}));
        let ask = Ask {
            target: "/api/memberships/sync",
            body: Some(("application/json", asked.to_string().into())),
            authorization: Some(&self.authorization),
            ..Ask::default()
        };
        let answer = client.ask(ask).await?;
        let told: Value = serde_json::from_slice(&answer.body)?;
        let added = told["added"].as_array().map_or(0, Vec::len);
        let version = told["version"].as_str();
        anyhow::ensure!(
            answer.status == 200 && added >= least,
            "{}: {added} members added",
            answer.status
        );
        Ok(version.context("the answer has no version")?.to_owned())
    }

    /// Sends a student's score.
    pub(crate) async fn score(&self, client: &mut Client, number: usize) -> anyhow::Result<()> {
        let score = json!({
            "userId": format!("student-{number}"), "scoreGiven": 83, "scoreMaximum": 100, "activityProgress": "Completed",
            "gradingProgress": "FullyGraded", "timestamp": "2026-11-29T12:00:00.000Z",
        });
        let ask = Ask {
            target: &self.scores,
            body: Some((self.content_type, score.to_string().into())),
            authorization: Some(&self.authorization),
            ..Ask::default()
        };
        let answer = client.ask(ask).await?;
        let text = String::from_utf8_lossy(&answer.body);
        anyhow::ensure!(
            matches!(answer.status, 200 | 204),
            "{}: {text}",
            answer.status
        );
        Ok(())
    }
}

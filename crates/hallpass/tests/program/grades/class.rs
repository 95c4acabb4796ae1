//! A course at an LMS of its own, by whose launch scores are sent.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use simulator::browser::Page;
use simulator::jose::SigningKey;
use simulator::lms::{Launch, Lms, ManualTool, Options, Tool};
use simulator::profiles::Profile;

use super::cluster::Cluster;
use crate::load::API_KEY;
use crate::support::PATIENCE;

/// Between two attempts to register, or to launch.
const PAUSE: Duration = Duration::from_millis(500);

/// A registered LMS, and a teacher's launch there.
pub(super) struct Class {
    pub(super) lms: Lms,
    pub(super) client_id: String,
    /// The platform's id at the gateway.
    pub(super) platform: String,
    /// The number of the link's line item at the LMS.
    pub(super) item: u64,
    /// Its address.
    pub(super) line_item: String,
    authorization: String,
    /// Where scores of the line item are posted.
    scores: String,
}

impl Class {
    pub(super) async fn at(cluster: &Cluster, profile: Profile) -> Self {
        let lms = lms_of(profile).await;
        let undisturbed = cluster.enter().await;
        let tool = match lms.profile().manual {
            Some(_) => by_hand(cluster, &lms).await,
            None => by_registration(cluster, &lms).await,
        };
        let platform = platform_of(cluster, &lms, &tool).await;
        let authorization = launch(cluster, &lms, &tool.client_id).await;
        drop(undisturbed);
        let header = [("authorization", authorization.as_str())];
        let page = cluster.ask("GET", "/api/idtoken", &header, None).await;
        let token = page.json().unwrap();
        let line_item = token["launch"]["lineItemId"].as_str();
        let line_item = line_item.unwrap_or_else(|| panic!("no line item: {token}"));
        let id: String = url::form_urlencoded::byte_serialize(line_item.as_bytes()).collect();
        Self {
            item: lms.line_items(&tool.client_id)[0].id,
            line_item: line_item.to_owned(),
            client_id: tool.client_id,
            platform,
            authorization,
            scores: format!("/api/lineitems/{id}/scores"),
            lms,
        }
    }

    /// Hands a score over; the delivery, once it is stored.
    pub(super) async fn send(&self, cluster: &Cluster, score: &Value, key: &str) -> Value {
        self.post(cluster, &self.scores, score, key).await
    }

    /// The same for a score that may be refused; what the gateway answers.
    pub(super) async fn try_send(&self, cluster: &Cluster, score: &Value) -> Page {
        let headers = [
            ("authorization", self.authorization.as_str()),
            ("prefer", "respond-async"),
        ];
        cluster
            .ask("POST", &self.scores, &headers, Some(score))
            .await
    }

    /// The same for a line item that is named by a handle, and may have to be made.
    pub(super) async fn send_by_handle(
        &self,
        cluster: &Cluster,
        resource: &str,
        score: &Value,
        key: &str,
    ) -> Value {
        let body = json!({
            "handle": {"resourceId": resource}, "label": "Essay", "scoreMaximum": 100, "score": score,
        });
        self.post(cluster, "/api/scores", &body, key).await
    }

    async fn post(&self, cluster: &Cluster, path: &str, body: &Value, key: &str) -> Value {
        let headers = [
            ("authorization", self.authorization.as_str()),
            ("prefer", "respond-async"),
            ("idempotency-key", key),
        ];
        let page = cluster.ask("POST", path, &headers, Some(body)).await;
        assert_eq!(page.status, 202, "{body}: {}", page.text());
        let delivery = page.json().unwrap();
        assert!(delivery["id"].is_string(), "{delivery}");
        delivery
    }

    /// How many of the LMS's deliveries are in each state.
    pub(super) async fn counts(&self, cluster: &Cluster) -> BTreeMap<String, u64> {
        let path = format!("/api/deliveries?platform={}&limit=1", self.platform);
        let listed = cluster.admin("GET", &path, None).await;
        let counts = listed["counts"].as_object().unwrap();
        let counts = counts.iter();
        counts
            .map(|(state, number)| (state.clone(), number.as_u64().unwrap()))
            .collect()
    }

    /// Waits until every delivery has come to an end; those that are held count as one where `held`
    /// says so, and have to go on by themselves otherwise.
    pub(super) async fn settle(&self, cluster: &Cluster, held: bool, patience: Duration) {
        let settled = async {
            loop {
                let counts = self.counts(cluster).await;
                let of = |state: &str| counts.get(state).copied().unwrap_or_default();
                let open: u64 = ["queued", "sending", "unknown"].map(of).iter().sum();
                if open == 0 && (held || of("held") == 0) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(300)).await;
            }
        };
        if tokio::time::timeout(patience, settled).await.is_err() {
            let path = format!("/api/deliveries?platform={}&limit=5", self.platform);
            let listed = cluster.admin("GET", &path, None).await;
            panic!("deliveries don't come to an end: {listed:#}");
        }
    }

    /// Has all of the LMS's deliveries with this reason tried again.
    pub(super) async fn retry_all(&self, cluster: &Cluster, reason: &str) {
        let all = json!({"platform": self.platform, "reason": reason});
        cluster
            .admin("POST", "/api/deliveries/retry", Some(&all))
            .await;
    }

    /// Has the gradebook compared with what was delivered, and what it lost delivered again; gives
    /// whose that was.
    pub(super) async fn repair(&self, cluster: &Cluster) -> Value {
        let body = json!({"platform": self.platform, "lineItem": self.line_item, "repair": true});
        let compared = cluster
            .admin("POST", "/api/deliveries/reconcile", Some(&body))
            .await;
        compared["repaired"].clone()
    }

    /// What became of a delivery. One that is held is tried again now and then; it is read once it
    /// isn't on its way.
    pub(super) async fn delivery(&self, cluster: &Cluster, id: &str) -> Value {
        let path = format!("/api/deliveries/{id}");
        let at_rest = async {
            loop {
                let delivery = cluster.admin("GET", &path, None).await;
                if delivery["state"] != "sending" {
                    return delivery;
                }
                tokio::time::sleep(PAUSE).await;
            }
        };
        let read = tokio::time::timeout(PATIENCE, at_rest).await;
        read.unwrap_or_else(|_| panic!("{id} stays on its way"))
    }
}

/// An LMS of this profile whose pages keep nothing for tools, so that a launch needs no scripts.
async fn lms_of(mut profile: Profile) -> Lms {
    static KEY: OnceLock<SigningKey> = OnceLock::new();
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    profile.launch.storage = None;
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let key = KEY.get_or_init(|| SigningKey::generate().unwrap());
    let options = Options {
        // An address of its own, whose ports nobody else takes while it is down.
        addr: SocketAddr::from(([127, 0, 0, 4], 0)),
        profile,
        key: Some(key.with_kid(&format!("lms-{number}"))),
        ..Options::default()
    };
    Lms::start(options).await.unwrap()
}

async fn by_registration(cluster: &Cluster, lms: &Lms) -> Tool {
    let register = format!("{}/lti/register", cluster.url);
    let registered = async {
        loop {
            let start = lms.begin_registration(&register).unwrap();
            match cluster.browser.fresh().get(&start.url).await {
                Ok(page) if page.status == 200 => return start.client_id,
                // On a machine that is busy with other tests, something may take too long: begin
                // again.
                Ok(page) => assert!(page.status >= 500, "{}: {}", page.status, page.text()),
                Err(_) => {}
            }
            tokio::time::sleep(PAUSE).await;
        }
    };
    let registered = tokio::time::timeout(2 * PATIENCE, registered).await;
    let client_id = registered.unwrap_or_else(|_| panic!("no registration at {}", cluster.url));
    lms.activate(&client_id).unwrap();
    lms.tool(&client_id).unwrap()
}

/// The LMS and the tool, entered in each other by hand.
async fn by_hand(cluster: &Cluster, lms: &Lms) -> Tool {
    let at = |path: &str| format!("{}{path}", cluster.url);
    let tool = ManualTool::new(&at("/lti/login"), &at("/lti/launch"), &at("/lti/keys"));
    let tool = lms.register_tool(tool);
    let endpoints = lms.endpoints_of(&tool.client_id).unwrap();
    let platform = json!({
        "url": endpoints.issuer, "clientId": tool.client_id, "name": lms.profile().title,
        "authenticationEndpoint": endpoints.authorization, "accesstokenEndpoint": endpoints.token,
        "authConfig": {"method": "JWK_SET", "key": endpoints.jwks},
        "keyDelivery": "url",
    });
    let header = format!("Bearer {API_KEY}");
    let header = [("authorization", header.as_str())];
    let page = cluster
        .ask("POST", "/admin/platforms", &header, Some(&platform))
        .await;
    // If the answer got lost, it is there already.
    assert!(matches!(page.status, 200 | 201 | 409), "{}", page.text());
    let answer = entered(cluster, lms, &tool.client_id).await;
    lms.change_tool(&tool.client_id, |tool| {
        for (member, own) in [
            ("loginUrl", &mut tool.facts.login_url),
            ("keysetUrl", &mut tool.facts.jwks_url),
        ] {
            if let Some(url) = answer[member].as_str() {
                url.clone_into(own);
            }
        }
    })
    .unwrap();
    tool
}

/// The platform as the gateway has it.
async fn entered(cluster: &Cluster, lms: &Lms, client_id: &str) -> Value {
    let query = format!("/admin/platforms?clientId={client_id}");
    let found = cluster.admin("GET", &query, None).await;
    let platforms = found["platforms"].as_array().unwrap();
    // Client ids of different LMSs may be the same.
    let issuer = lms.endpoints().issuer;
    let own = platforms.iter().find(|one| one["url"] == issuer.as_str());
    own.unwrap_or_else(|| panic!("{found}")).clone()
}

/// The platform's id, with everything switched on there.
async fn platform_of(cluster: &Cluster, lms: &Lms, tool: &Tool) -> String {
    let platform = entered(cluster, lms, &tool.client_id).await;
    let id = platform["id"].as_str().unwrap().to_owned();
    let path = format!("/admin/platforms/{id}");
    cluster
        .admin("POST", &format!("{path}/activate"), None)
        .await;
    let deployment = json!({"deploymentId": tool.deployment_id, "status": "active"});
    let header = format!("Bearer {API_KEY}");
    let header = [("authorization", header.as_str())];
    let deployments = format!("{path}/deployments");
    // Some registrations name it, and it is there already.
    let page = cluster
        .ask("POST", &deployments, &header, Some(&deployment))
        .await;
    assert!(matches!(page.status, 201 | 409), "{}", page.text());
    id
}

/// A teacher's launch; the header that the application goes on with.
async fn launch(cluster: &Cluster, lms: &Lms, client_id: &str) -> String {
    let launch = Launch::new(client_id).teacher();
    let launched = async {
        loop {
            // A server that dies meanwhile takes the launch with it.
            if let Ok(page) = lms.launch(&cluster.browser.fresh(), &launch).await
                && let Some((_, ltik)) = page.url.query_pairs().find(|(name, _)| name == "ltik")
            {
                return format!("LTIK-AUTH-V2 {API_KEY}:{ltik}");
            }
            tokio::time::sleep(PAUSE).await;
        }
    };
    let launched = tokio::time::timeout(2 * PATIENCE, launched).await;
    launched.unwrap_or_else(|_| panic!("no launch from {}", lms.profile().name))
}

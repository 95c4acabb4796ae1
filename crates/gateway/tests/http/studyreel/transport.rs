//! F. Transport and abuse.

use serde_json::{Value, json};
use simulator::browser::{Browser, Request};
use store::StoreError;
use store::tools::{self, ToolRow};
use test_case::both_stores;
use url::Url;

use super::{Accepted, ISSUER, StudyReel, failure, refusal, time, valid, valid_with};
use crate::http2::Http2;
use crate::support::{Gateway, Store};

impl StudyReel {
    /// What the owner registers with StudyReel.
    pub(super) async fn owner(&self) -> Value {
        let page = self.gateway.admin("GET", "/admin/studyreel", None).await;
        assert_eq!(page.status, 200, "{}", page.text());
        page.json().unwrap()
    }

    /// The path of the launch URL with a capability.
    pub(super) async fn capability_path(&self) -> String {
        let owner = self.owner().await;
        let url = owner["capabilityLaunchUrl"].as_str().unwrap();
        url.strip_prefix(&self.gateway.url).unwrap().to_owned()
    }

    pub(super) async fn signed(
        &self,
        launch: &Value,
        headers: &[(&str, &str)],
    ) -> simulator::browser::Page {
        let request = Request::new("POST".parse().unwrap(), &self.gateway.at(&self.path)).unwrap();
        let mut request = request.body("application/json", launch.to_string());
        for (name, value) in headers {
            request = request.header(name, value);
        }
        self.browser().send(request).await.unwrap()
    }
}

#[both_stores("STUDYREEL-58")]
async fn only_post_is_accepted(store: Store) {
    let mut studyreel = StudyReel::start(store).await;
    let capable = studyreel.capability_path().await;
    for path in ["/studyreel/launch", "/launch", &capable] {
        path.clone_into(&mut studyreel.path);
        for method in ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"] {
            let page = studyreel.send(method, "application/json", valid("a").to_string()).await;
            assert_eq!((page.status, page.header("allow")), (405, Some("POST")), "{method} {path}");
            if method != "HEAD" {
                assert_eq!(refusal(&page), "method_not_allowed");
            }
            assert!(page.header("access-control-allow-origin").is_none());
        }
    }
    studyreel.nothing_is_stored().await;
}

#[both_stores("STUDYREEL-59")]
async fn other_media_types_are_refused(store: Store) {
    let studyreel = StudyReel::start(store).await;
    for other in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/jsonp",
    ] {
        let page = studyreel.post(other, valid("a").to_string()).await;
        assert_eq!(
            (page.status, refusal(&page).as_str()),
            (415, "unsupported_media_type"),
            "{other}"
        );
    }
    studyreel.nothing_is_stored().await;
}

#[both_stores("STUDYREEL-60")]
async fn a_body_that_is_not_one_object_is_refused(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let whole = valid("a").to_string();
    let twice = whole.replacen('{', "{\"sub\":\"b\",", 1);
    let bodies: [&[u8]; 7] = [
        b"",
        b"[]",
        b"\"x\"",
        &whole.as_bytes()[..100],
        b"{\"sub\":\"\xff\"}",
        twice.as_bytes(),
        b"null",
    ];
    for body in bodies {
        let page = studyreel.post("application/json", body).await;
        assert_eq!((page.status, refusal(&page).as_str()), (400, "malformed_json"));
    }
    studyreel.nothing_is_stored().await;
}

#[both_stores("STUDYREEL-61")]
async fn large_and_deeply_nested_bodies_are_refused(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let large = valid_with("a", json!({"x": "y".repeat(5 * 1024 * 1024)})).to_string();
    let page = studyreel.post("application/json", large).await;
    assert_eq!((page.status, refusal(&page).as_str()), (413, "too_large"));
    let deep = format!("{{\"x\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    let page = studyreel.post("application/json", deep).await;
    assert_eq!((page.status, refusal(&page).as_str()), (400, "malformed_json"));
    studyreel.nothing_is_stored().await;
}

#[both_stores("STUDYREEL-62")]
async fn the_capability_is_required(store: Store) {
    let mut studyreel = StudyReel::start_with(store, json!({"requireCapability": true})).await;
    let right = studyreel.capability_path().await;
    let wrong = format!("{}x", &right[..right.len() - 1]);
    for path in ["/studyreel/launch", "/launch", "/studyreel/launch/x", &wrong] {
        path.clone_into(&mut studyreel.path);
        let page = studyreel.launch(&valid("a")).await;
        assert_eq!((page.status, refusal(&page).as_str()), (404, "not_found"), "{path}");
    }
    studyreel.nothing_is_stored().await;
    studyreel.path.clone_from(&right);
    studyreel.ok(&valid("a")).await;
    // Changing over: first both, then the new one alone.
    studyreel.gateway.patch_tool(json!({"studyreel": {"secrets": [1, 2]}})).await;
    let newer = studyreel.capability_path().await;
    assert_ne!(newer, right);
    for path in [&right, &newer] {
        studyreel.path.clone_from(path);
        studyreel.ok(&valid("a")).await;
    }
    studyreel.gateway.patch_tool(json!({"studyreel": {"secrets": [2]}})).await;
    studyreel.ok(&valid("a")).await;
    studyreel.path = right;
    assert_eq!(studyreel.launch(&valid("a")).await.status, 404);
    let page = studyreel.browser().get(&studyreel.gateway.at("/admin/studyreel")).await.unwrap();
    assert_eq!(page.status, 401, "the owner's alone");
}

#[both_stores("STUDYREEL-62")]
async fn the_plain_address_is_closed_where_strangers_reach_it(store: Store) {
    let public = [("public_url", "https://lti.example.com")];
    let gateway = Gateway::start_configured(store, json!({}), &public).await;
    let mut studyreel = StudyReel { gateway, path: String::new(), client: Browser::new().unwrap() };
    let owner = studyreel.owner().await;
    let capable = Url::parse(owner["capabilityLaunchUrl"].as_str().unwrap()).unwrap();
    let closed = async |studyreel: &mut StudyReel| {
        for path in ["/studyreel/launch", "/launch"] {
            path.clone_into(&mut studyreel.path);
            let page = studyreel.launch(&valid("a")).await;
            assert_eq!((page.status, refusal(&page).as_str()), (404, "not_found"), "{path}");
        }
    };
    closed(&mut studyreel).await;
    studyreel.nothing_is_stored().await;
    capable.path().clone_into(&mut studyreel.path);
    studyreel.ok(&valid("a")).await;
    // The one setting that opens it, and the way back.
    studyreel.gateway.patch_tool(json!({"studyreel": {"requireCapability": false}})).await;
    for path in ["/studyreel/launch", "/launch", capable.path()] {
        path.clone_into(&mut studyreel.path);
        studyreel.ok(&valid("a")).await;
    }
    studyreel.gateway.patch_tool(json!({"studyreel": {"requireCapability": null}})).await;
    closed(&mut studyreel).await;
}

#[both_stores]
async fn over_http_2_the_tool_is_found_by_the_authority(store: Store) {
    use tower::ServiceExt;
    let studyreel = StudyReel::start(store).await;
    let app = studyreel.gateway.app.clone();
    let second = ToolRow {
        id: "second00000000000001".into(),
        host: None,
        settings: json!({"name": "Second", "studyreel": {"enabled": false}}).to_string(),
    };
    // The oldest is that of every other host.
    let later = app.clock.now_ms() + 1;
    let insert = app.db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { tools::insert(&mut tx, second, later).await })
    });
    insert.await.unwrap();
    let named = "UPDATE tools SET host = 'second.example' WHERE id = 'second00000000000001'";
    studyreel.gateway.meddle(named).await;
    app.tools.reload().await.unwrap();
    let service = gateway::routes::router(app);
    let first = "https://first.example/studyreel/launch";
    let second = "https://second.example/studyreel/launch";
    for (address, host, status) in [
        // HTTP/2 has the host in the address alone, HTTP/1 in a header.
        (first, None, 200),
        (second, None, 404),
        ("/studyreel/launch", Some("first.example"), 200),
        ("/studyreel/launch", Some("second.example:8443"), 404),
        // If both are there, the address counts.
        (second, Some("first.example"), 404),
        (first, Some("second.example"), 200),
    ] {
        let mut request =
            axum::http::Request::post(address).header("content-type", "application/json");
        if let Some(host) = host {
            request = request.header("host", host);
        }
        let request = request.body(axum::body::Body::from(valid("a").to_string())).unwrap();
        let answer = service.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{address} {host:?}");
    }
    // The same over a connection: the address of a real request has no host, its :authority has.
    for (authority, says) in [("first.example", "success"), ("second.example:443", "not_found")] {
        let mut client = Http2::connect(&studyreel.gateway, authority).await;
        let json = [("content-type", "application/json")];
        let stream = client.begin("POST", "/studyreel/launch", &json).await;
        client.finish(stream, &valid("b").to_string()).await;
        let answer = client.answer(stream).await;
        assert!(answer.contains(says), "{authority}: {answer}");
    }
}

#[both_stores("STUDYREEL-62")]
async fn a_valid_signature_is_required(store: Store) {
    let studyreel = StudyReel::start_with(store, json!({"signature": "required"})).await;
    let secret = studyreel.owner().await["signingSecret"].as_str().unwrap().to_owned();
    let sign = |launch: &Value, time: i64| {
        use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
        let tag =
            sign(&Key::new(HMAC_SHA256, secret.as_bytes()), format!("{time}.{launch}").as_bytes());
        let hex: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        (time.to_string(), format!("v1={hex}"))
    };
    let now = studyreel.gateway.clock.now_seconds();
    let launch = valid("a");
    let (time, signature) = sign(&launch, now);
    let headers =
        [("x-launch-timestamp", time.as_str()), ("x-launch-signature", signature.as_str())];
    let stale = sign(&launch, now - 400);
    for (refused, what) in [
        (studyreel.signed(&launch, &[]).await, "none"),
        (studyreel.signed(&valid("a"), &headers).await, "another body"),
        (studyreel.signed(&launch, &headers[1..]).await, "no timestamp"),
        (
            studyreel
                .signed(
                    &launch,
                    &[("x-launch-timestamp", &stale.0), ("x-launch-signature", &stale.1)],
                )
                .await,
            "stale",
        ),
    ] {
        assert_eq!((refused.status, refusal(&refused).as_str()), (401, "bad_signature"), "{what}");
    }
    studyreel.nothing_is_stored().await;
    Accepted::read(&studyreel.signed(&launch, &headers).await);
    studyreel.gateway.patch_tool(json!({"studyreel": {"signature": "optional"}})).await;
    studyreel.ok(&valid("a")).await;
    let page = studyreel.signed(&valid("a"), &headers).await;
    assert_eq!(refusal(&page), "bad_signature", "wrong, though none is needed");
}

#[both_stores("STUDYREEL-63")]
async fn a_burst_from_one_student_does_not_affect_others(store: Store) {
    let studyreel = StudyReel::start_with(store, json!({"limits": {"perStudent": 5}})).await;
    for _ in 0..5 {
        studyreel.ok(&valid("a@example.com")).await;
    }
    let page = studyreel.launch(&valid("A@example.com")).await;
    assert_eq!((page.status, refusal(&page).as_str()), (429, "rate_limited"));
    let wait: u64 = page.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=12).contains(&wait), "{wait}");
    studyreel.ok(&valid("b@example.com")).await;
    studyreel.gateway.clock.advance(std::time::Duration::from_secs(12));
    studyreel.ok(&valid("a@example.com")).await;
    studyreel
        .gateway
        .patch_tool(json!({"studyreel": {"limits": {"perStudent": null, "perSource": 3}}}))
        .await;
    let mut codes = Vec::new();
    for _ in 0..20 {
        codes.push(studyreel.post("text/plain", "x").await.status);
    }
    assert_eq!(codes.last(), Some(&429), "{codes:?}");
}

#[both_stores("STUDYREEL-63")]
async fn only_a_trusted_proxy_reports_the_clients_address(store: Store) {
    let settings = json!({"limits": {"perSource": 2}});
    for (proxies, believed) in
        [("", false), ("192.0.2.1", false), ("10.0.0.0/8, 127.0.0.0/8", true)]
    {
        let studyreel = StudyReel::start_behind(store, settings.clone(), proxies).await;
        let status = async |client: &str| {
            studyreel.signed(&valid("a"), &[("x-forwarded-for", client)]).await.status
        };
        let statuses = [
            status("192.0.2.7").await,
            status("192.0.2.7").await,
            // Another client, whatever it writes in front; then the first again.
            status("192.0.2.7, 192.0.2.8").await,
            status("192.0.2.8, 192.0.2.7, 10.1.2.3").await,
            // Neighbours in one IPv6 network, and another network.
            status("2001:db8:0:1::1").await,
            status("2001:db8:0:1::2").await,
            status("2001:db8:0:1::3").await,
            status("2001:db8:0:2::1").await,
        ];
        let expected = if believed {
            [200, 200, 200, 429, 200, 200, 429, 200]
        } else {
            [200, 200, 429, 429, 429, 429, 429, 429]
        };
        assert_eq!(statuses, expected, "{proxies}");
    }
}

#[both_stores("STUDYREEL-64")]
async fn errors_reveal_nothing_of_the_payload_or_of_us(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let secret = "secret-marker@example.com";
    for broken in [
        json!({"role": secret}),
        json!({"iss": secret}),
        json!({"deployment_id": ""}),
        json!({"version": secret}),
        json!({"iat": secret}),
        json!({"nonce": "x"}),
        json!({"resourceLink": secret}),
        json!({"messageType": secret}),
    ] {
        let page = studyreel.launch(&valid_with(secret, broken)).await;
        refusal(&page);
        let text = page.text().to_lowercase();
        for word in [secret, "ada", "moss", "select", "sqlx", "panicked", ".rs"] {
            assert!(!text.contains(word), "{word}: {text}");
        }
    }
}

#[both_stores("STUDYREEL-65")]
async fn a_store_that_fails_halfway_leaves_nothing_behind(store: Store) {
    let studyreel = StudyReel::start(store).await;
    studyreel.gateway.meddle("ALTER TABLE login_links RENAME TO login_links_away").await;
    let launch = valid("a");
    let page = studyreel.launch(&launch).await;
    assert_eq!((page.status, failure(&page).as_str()), (503, "unavailable"));
    assert!(page.header("retry-after").is_some() && !page.text().contains("login_links"));
    studyreel.gateway.meddle("ALTER TABLE login_links_away RENAME TO login_links").await;
    studyreel.nothing_is_stored().await;
    assert!(studyreel.ok(&launch).await.is_new, "the same launch, since nothing was spent");
    assert!(!studyreel.ok(&valid("a")).await.is_new);
}

#[both_stores]
async fn two_replicas_make_one_student(store: Store) {
    // One file has one writer; replicas share a server.
    if store == Store::Sqlite {
        return;
    }
    let first = StudyReel::start(store).await;
    let second = first.gateway.replica().await;
    let path = "/studyreel/launch";
    let launches: Vec<(String, Value)> = (0..20)
        .map(|n| (if n % 2 == 0 { first.gateway.at(path) } else { second.at(path) }, valid("a")))
        .collect();
    let browser = first.browser();
    let pages = launches.iter().map(|(url, launch)| browser.post_json(url, launch));
    let pages = futures_util::future::join_all(pages).await;
    let answers: Vec<Accepted> =
        pages.into_iter().map(|page| Accepted::read(&page.unwrap())).collect();
    assert_eq!(answers.iter().filter(|answer| answer.is_new).count(), 1);
    assert!(answers.iter().all(|answer| answer.user == answers[0].user));
}

#[both_stores]
async fn stored_rows_do_not_reveal_students(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let sub = "secret-marker@example.com";
    let answer = studyreel.ok(&valid_with(sub, json!({"given_name": "Xanthippe"}))).await;
    let token = answer.link.split_once("token=").unwrap().1;
    for column in ["profile_sealed", "issuer", "status"] {
        let found = studyreel.texts("students", column).await;
        assert!(!found.contains("marker") && !found.contains("Xanthippe"), "{column}");
    }
    for (table, column) in [
        ("placements", "placement_sealed"),
        ("launches", "document_sealed"),
        ("login_links", "token_hash"),
    ] {
        let found = studyreel.texts(table, column).await;
        assert!(
            !found.is_empty() && !found.contains("studyreel") && !found.contains(token),
            "STUDYREEL-76: {column}"
        );
    }
    assert_eq!(studyreel.texts("students", "issuer").await, ISSUER);
}

#[both_stores]
async fn oddities_of_a_senders_json_writer_are_no_reason_to_refuse(store: Store) {
    let studyreel = StudyReel::start(store).await;
    // .NET and PowerShell put a byte order mark before it.
    let marked = format!("\u{feff}{}", valid("marked"));
    let page = studyreel.post("application/json", marked).await;
    studyreel.redeem(&Accepted::read(&page).link).await;
    // Programs that cut names by UTF-16 length leave half a pair.
    let halved = valid_with("halved", json!({"given_name": "HALF"}));
    let halved = halved.to_string().replace("\"HALF\"", r#""Ada \ud83d""#);
    let page = studyreel.post("application/json", halved).await;
    let ltik = studyreel.redeem(&Accepted::read(&page).link).await;
    let seen = studyreel.gateway.idtoken(&ltik, "").await.json().unwrap();
    assert_eq!(seen["user"]["givenName"], "Ada \u{fffd}", "{seen}");
    // Ruby, Rails and Go print times with a blank before the zone.
    for zone in [" UTC", " +0000"] {
        let time = |seconds| json!(format!("{}{zone}", time(seconds).as_str().unwrap()));
        let launch = valid_with("ruby", json!({"iat": time(0), "exp": time(3600)}));
        studyreel.ok(&launch).await;
    }
}

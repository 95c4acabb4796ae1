//! The platforms and deployments API, manual platforms, and our own key sets (ltiaas-api.md §2.9,
//! lti.md G.1).

use std::time::Duration;

use serde_json::{Value, json};
use simulator::browser::{Browser, Page, Request};
use simulator::lms::{Launch, ManualTool};
use test_case::both_stores;

use crate::registered::{Registered, assert_refused, begin, ltik_of};
use crate::settings::assert_no_parsers_words;
use crate::support::{Gateway, Store, lms};
use crate::waits::Lock;

fn input(client_id: &str) -> Value {
    json!({
        "url": "https://platform.example.org", "clientId": client_id, "name": "Platform 1",
        "authenticationEndpoint": "https://platform.example.org/authorize",
        "accesstokenEndpoint": "https://platform.example.org/token",
        "authConfig": {"method": "JWK_SET", "key": "https://platform.example.org/jwks"},
    })
}

#[track_caller]
fn done(page: &Page, status: u16) -> Value {
    assert_eq!(page.status, status, "{}", page.text());
    page.json().unwrap_or_default()
}

#[both_stores]
async fn platforms_can_be_managed_under_both_prefixes(store: Store) {
    let gateway = Gateway::start(store).await;
    for prefix in ["/admin/platforms", "/api/platforms"] {
        let created = done(&gateway.admin("POST", prefix, Some(input("c1"))).await, 200);
        let id = created["id"].as_str().unwrap();
        let one = format!("{prefix}/{id}");
        for (member, value) in input("c1").as_object().unwrap() {
            assert_eq!(created[member], *value, "{member}");
        }
        assert_eq!(created["active"], true);
        for (member, path) in [("loginUrl", "/lti/login"), ("keysetUrl", "/lti/keys")] {
            assert_eq!(created[member], gateway.at(&format!("{path}/{id}")), "{member}");
        }
        let pem = created["publicKey"].as_str().unwrap();
        assert!(lti::key::KeySet::from_pasted(pem).unwrap().get("any").is_some());
        assert!(
            pem.starts_with("-----BEGIN PUBLIC KEY-----\n")
                && pem.ends_with("-----END PUBLIC KEY-----\n")
        );
        assert_eq!(done(&gateway.admin("GET", &one, None).await, 200), created);
        assert_eq!(gateway.platforms().await, std::slice::from_ref(&created));

        let mut other = input("c1");
        other["name"] = "Renamed".into();
        other["authorizationServer"] = "https://platform.example.org/server".into();
        let replaced = done(&gateway.admin("PUT", &one, Some(other)).await, 200);
        assert_eq!(
            (&replaced["name"], &replaced["publicKey"]),
            (&json!("Renamed"), &created["publicKey"])
        );
        assert_eq!(replaced["authorizationServer"], "https://platform.example.org/server");
        for (switch, active) in [("deactivate", false), ("deactivate", false), ("activate", true)] {
            assert_eq!(
                done(&gateway.admin("POST", &format!("{one}/{switch}"), None).await, 200)["active"],
                active
            );
            assert_eq!(done(&gateway.admin("GET", &one, None).await, 200)["active"], active);
        }
        assert_eq!(gateway.admin("DELETE", &one, None).await.status, 204);
        for (method, path) in
            [("GET", one.clone()), ("DELETE", one.clone()), ("POST", format!("{one}/activate"))]
        {
            let body = done(&gateway.admin(method, &path, None).await, 404);
            assert_eq!(body["details"]["message"], "PLATFORM_NOT_FOUND", "{method}");
        }
        assert_eq!(gateway.admin("PUT", &one, Some(input("c1"))).await.status, 404);
        let rows = gateway.rows().await;
        assert_eq!((rows["platforms"], rows["signing_keys"]), (0, 0));
    }
}

#[both_stores]
async fn the_pair_of_url_and_client_id_is_unique(store: Store) {
    let gateway = Gateway::start(store).await;
    done(&gateway.admin("POST", "/admin/platforms", Some(input("c1"))).await, 200);
    let second = done(&gateway.admin("POST", "/admin/platforms", Some(input("c2"))).await, 200);
    let before = gateway.rows().await;
    let taken = "URL_CLIENT_ID_COMBINATION_ALREADY_EXISTS";
    let body = done(&gateway.admin("POST", "/admin/platforms", Some(input("c1"))).await, 409);
    assert_eq!(body["details"]["message"], taken);
    let says = body["details"]["description"].as_str().unwrap();
    assert!(says.contains("further developer key") && says.contains("lti_iss"), "{says}");
    let one = format!("/admin/platforms/{}", second["id"].as_str().unwrap());
    let body = done(&gateway.admin("PUT", &one, Some(input("c1"))).await, 409);
    assert_eq!(body["details"]["message"], taken);
    assert_eq!(gateway.rows().await, before);
    assert_eq!(done(&gateway.admin("GET", &one, None).await, 200)["clientId"], "c2");
}

/// On SQLite even the note that a change has begun waits for the other one, so that only PostgreSQL
/// has read the platform by then.
#[both_stores]
async fn replacing_undoes_no_change_that_came_first(store: Store) {
    let gateway = Gateway::start(store).await;
    let created = done(&gateway.admin("POST", "/admin/platforms", Some(input("c1"))).await, 200);
    let one = format!("/admin/platforms/{}", created["id"].as_str().unwrap());
    let change = "UPDATE platforms SET active = FALSE, frame_origins = 'https://other.example'";
    let first = Lock::changing(&gateway, change).await;
    let mut renamed = input("c1");
    renamed["name"] = "Renamed".into();
    let replacing = gateway.admin("PUT", &one, Some(renamed));
    tokio::pin!(replacing);
    let early = tokio::time::timeout(Duration::from_secs(1), &mut replacing).await;
    assert!(early.is_err(), "it waits for the other change");
    first.commit().await;
    let after = done(&replacing.await, 200);
    assert_eq!((&after["name"], &after["active"]), (&json!("Renamed"), &json!(false)));
    assert_eq!(after["frameOrigins"], json!(["https://other.example"]));
}

#[both_stores]
async fn the_list_can_be_filtered_by_one_or_all_members(store: Store) {
    let gateway = Gateway::start(store).await;
    let mut other = input("c1");
    other["url"] = "https://other.example.org".into();
    other["accesstokenEndpoint"] = "https://other.example.org/token".into();
    let mut ids = Vec::new();
    for platform in [input("c1"), input("c2"), other] {
        ids.push(
            done(&gateway.admin("POST", "/admin/platforms", Some(platform)).await, 200)["id"]
                .clone(),
        );
    }
    let first = ids[0].as_str().unwrap();
    for (query, found) in [
        (String::new(), vec![0, 1, 2]),
        ("?clientId=c1".into(), vec![0, 2]),
        // As axios writes it, with the colon left bare.
        ("?url=https:%2F%2Fplatform.example.org".into(), vec![0, 1]),
        ("?url=https%3A%2F%2Fplatform.example.org&clientId=c2".into(), vec![1]),
        (format!("?id={first}"), vec![0]),
        (format!("?id={first}&clientId=c2"), vec![]),
        ("?clientId=C1".into(), vec![]),
        ("?unknown=1".into(), vec![0, 1, 2]),
    ] {
        let list = done(&gateway.admin("GET", &format!("/api/platforms{query}"), None).await, 200);
        let list: Vec<&Value> =
            list["platforms"].as_array().unwrap().iter().map(|platform| &platform["id"]).collect();
        assert_eq!(list, found.iter().map(|index| &ids[*index]).collect::<Vec<_>>(), "{query}");
    }
}

#[both_stores]
async fn the_list_has_pages(store: Store) {
    let gateway = Gateway::start(store).await;
    let mut created = Vec::new();
    for number in 0..5 {
        let platform = input(&format!("c{number}"));
        created.push(done(&gateway.admin("POST", "/admin/platforms", Some(platform)).await, 200));
    }
    let all = done(&gateway.admin("GET", "/admin/platforms", None).await, 200);
    assert_eq!(all, json!({"platforms": created}), "all, and no cursor");
    for filter in ["", "&url=https://platform.example.org"] {
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!("/admin/platforms?limit=2{filter}{cursor}");
            let page = done(&gateway.admin("GET", &path, None).await, 200);
            found.extend(page["platforms"].as_array().unwrap().clone());
            let Some(next) = page["nextCursor"].as_str() else { break };
            assert_eq!(page["platforms"].as_array().unwrap().len(), 2);
            cursor = format!("&cursor={next}");
        }
        assert_eq!(found, created, "{filter}");
    }
    for wrong in ["limit=0", "limit=201", "limit=x", "cursor=x", "cursor=1"] {
        let page = gateway.admin("GET", &format!("/admin/platforms?{wrong}"), None).await;
        assert_eq!(page.status, 400, "{wrong}");
    }
}

#[both_stores]
async fn all_wrong_members_are_named_together_and_nothing_is_stored(store: Store) {
    let gateway = Gateway::start(store).await;
    let before = gateway.rows().await;
    let bad = json!({
        "url": "", "clientId": " ", "name": "P", "authenticationEndpoint": "not an address",
        "accesstokenEndpoint": "https://10.0.0.1/token",
        "authConfig": {"method": "JWK_SET", "key": "ftp://x.example.org/"},
    });
    let body = done(&gateway.admin("POST", "/admin/platforms", Some(bad)).await, 400);
    assert_eq!(body["details"]["message"], "INVALID_PLATFORM");
    let errors = body["details"]["errors"].as_array().unwrap();
    let mut fields: Vec<&str> =
        errors.iter().map(|error| error["field"].as_str().unwrap()).collect();
    fields.sort_unstable();
    assert_eq!(
        fields,
        ["accesstokenEndpoint", "authConfig.key", "authenticationEndpoint", "clientId", "url"]
    );
    for field in fields {
        assert!(
            body["details"]["description"].as_str().unwrap().contains(field),
            "{field}: {body}"
        );
    }
    let said = body["details"]["description"].as_str().unwrap();
    assert!(said.contains("clientId: is missing or empty. ") && !said.contains("2048"), "{said}");
    let nothing = done(&gateway.admin("POST", "/admin/platforms", Some(json!({}))).await, 400);
    let errors = nothing["details"]["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 7, "{nothing}");
    assert!(errors.iter().all(|error| error["message"] == "is missing or empty"), "{nothing}");
    for (pointer, value) in [
        ("/authConfig/method", json!("SECRET")),
        ("/name", Value::Null),
        ("/clientId", json!(7)),
        ("/active", json!("yes")),
    ] {
        let mut one = input("c1");
        *one.pointer_mut(pointer).unwrap_or(&mut Value::Null) = value.clone();
        if pointer == "/active" {
            one["active"] = value;
        }
        let body = done(&gateway.admin("POST", "/admin/platforms", Some(one)).await, 400);
        let member = pointer.rsplit('/').next().unwrap();
        assert!(body["details"].to_string().contains(member), "{pointer}: {body}");
        assert_no_parsers_words(&body.to_string());
    }
    // Whatever their types are.
    let odd = json!({
        "url": null, "clientId": 7, "name": ["P"], "authenticationEndpoint": true, "active": "yes",
        "accesstokenEndpoint": null, "authConfig": {"method": 1, "key": null}, "frameOrigins": [2],
        "unknownDeployments": "maybe", "keyDelivery": "mail", "launch": {"leewaySeconds": "5"},
        "authorizationServer": {},
    });
    let body = done(&gateway.admin("POST", "/admin/platforms", Some(odd)).await, 400);
    assert_eq!(body["details"]["message"], "INVALID_PLATFORM");
    assert_no_parsers_words(&body.to_string());
    let errors = body["details"]["errors"].as_array().unwrap().iter();
    let mut fields: Vec<&str> = errors.map(|error| error["field"].as_str().unwrap()).collect();
    fields.sort_unstable();
    let all = [
        "accesstokenEndpoint",
        "active",
        "authConfig.method",
        "authenticationEndpoint",
        "authorizationServer",
        "clientId",
        "frameOrigins[0]",
        "keyDelivery",
        "launch.leewaySeconds",
        "name",
        "unknownDeployments",
        "url",
    ];
    assert_eq!(fields, all, "{body}");
    // An id with half an emoji would be another's.
    for member in ["clientId", "url"] {
        let body = input("c1")
            .to_string()
            .replace(&format!("\"{member}\":\""), &format!("\"{member}\":\"\\ud83d"));
        let request =
            Request::new("POST".parse().unwrap(), &gateway.at("/admin/platforms")).unwrap();
        let key = format!("Bearer {}", crate::support::API_KEY);
        let request = request.header("authorization", &key).body("application/json", body);
        let body = done(&Browser::new().unwrap().send(request).await.unwrap(), 400);
        assert_eq!(body["details"]["errors"][0]["field"], member, "{body}");
    }
    for method in ["JWK_KEY", "RSA_KEY"] {
        let mut one = input("c1");
        one["authConfig"] = json!({"method": method, "key": "no key"});
        let body = done(&gateway.admin("POST", "/admin/platforms", Some(one)).await, 400);
        assert_eq!(body["details"]["errors"][0]["field"], "authConfig.key", "{method}");
    }
    assert_eq!(gateway.rows().await, before);
}

#[both_stores("TC-256")]
async fn a_manual_platform_may_use_a_key_set_a_jwk_or_a_pem(store: Store) {
    let school = Registered::new(store).await;
    for method in ["JWK_SET", "JWK_KEY", "RSA_KEY"] {
        let other = lms().await;
        let at = other.endpoints();
        let tool = other.register_tool(ManualTool::new(
            &school.gateway.at("/lti/login"),
            &school.gateway.at("/lti/launch"),
            &school.gateway.at("/lti/keys"),
        ));
        let key = match method {
            "JWK_SET" => at.jwks.clone(),
            "JWK_KEY" => other.key().jwk().to_string(),
            _ => other.key().public_pem().unwrap(),
        };
        let platform = json!({
            "url": at.issuer, "clientId": tool.client_id, "name": method,
            "authenticationEndpoint": at.authorization,
            "accesstokenEndpoint": at.token, "authConfig": {"method": method, "key": key},
            "authorizationServer": null,
        });
        done(&school.gateway.admin("POST", "/admin/platforms", Some(platform)).await, 200);
        let launch = |launch: Launch| {
            let (other, school) = (&other, &school);
            async move {
                let browser = Browser::new().unwrap();
                let posted = begin(other, &browser, &launch).await;
                school.post(&browser, &posted).await
            }
        };
        let token =
            school.read(&ltik_of(method, &launch(Launch::new(&tool.client_id)).await)).await;
        assert_eq!(token["platform"]["name"], method);
        let header = |kid: &str| json!({"typ": "JWT", "alg": "RS256", "kid": kid});
        let any = launch(Launch::new(&tool.client_id).header(header("whatever"))).await;
        match method {
            "RSA_KEY" => drop(ltik_of("TC-256: a PEM has no kid", &any)),
            "JWK_SET" => assert_refused(method, &any, 401, "KID_UNKNOWN"),
            _ => {}
        }
        let none = launch(Launch::new(&tool.client_id).header(json!({"alg": "RS256"}))).await;
        assert_refused("TC-256", &none, 401, "NO_KID_HEADER");
        assert_eq!(other.jwks_hits(), u64::from(method == "JWK_SET"), "{method}");
    }
}

#[both_stores]
async fn deployments_can_be_listed_created_switched_and_deleted(store: Store) {
    let gateway = Gateway::start(store).await;
    let platform = done(&gateway.admin("POST", "/admin/platforms", Some(input("c1"))).await, 200);
    let all = format!("/api/platforms/{}/deployments", platform["id"].as_str().unwrap());
    assert_eq!(done(&gateway.admin("GET", &all, None).await, 200), json!({"deployments": []}));
    let created = done(
        &gateway
            .admin("POST", &all, Some(json!({"deploymentId": " 1:a/b c\n", "status": null})))
            .await,
        201,
    );
    assert_eq!(
        (&created["deploymentId"], &created["status"]),
        (&json!("1:a/b c"), &json!("active"))
    );
    assert!(created["firstSeen"].as_str().unwrap().ends_with('Z'));
    let body =
        done(&gateway.admin("POST", &all, Some(json!({"deploymentId": "1:a/b c"}))).await, 409);
    assert_eq!(body["details"]["message"], "DEPLOYMENT_ALREADY_EXISTS");
    for bad in [
        json!({}),
        json!({"deploymentId": ""}),
        json!({"deploymentId": "ü"}),
        json!({"deploymentId": "d".repeat(256)}),
        json!({"deploymentId": "x", "status": "on"}),
    ] {
        let page = gateway.admin("POST", &all, Some(bad.clone())).await;
        assert_eq!(page.status, 400, "{bad}");
        assert_no_parsers_words(&page.text());
    }
    let one = format!("{all}/1%3Aa%2Fb%20c");
    for status in ["disabled", "pending", "active"] {
        let changed =
            done(&gateway.admin("PATCH", &one, Some(json!({"status": status}))).await, 200);
        assert_eq!(changed["status"], status);
        assert_eq!(
            done(&gateway.admin("GET", &all, None).await, 200)["deployments"],
            json!([changed])
        );
    }
    assert_eq!(gateway.admin("DELETE", &one, None).await.status, 204);
    assert_eq!(gateway.admin("DELETE", &one, None).await.status, 404);
    assert_eq!(gateway.admin("PATCH", &one, Some(json!({"status": "active"}))).await.status, 404);
    assert_eq!(gateway.admin("GET", "/api/platforms/nobody/deployments", None).await.status, 404);
    assert_eq!(gateway.rows().await["deployments"], 0);
}

#[tokio::test]
async fn without_the_api_key_nothing_can_be_read_or_changed() {
    let gateway = Gateway::start(Store::Sqlite).await;
    for header in ["", "Bearer wrong-key-0123456789", "Basic dXNlcjpwYXNz"] {
        for (method, path) in [
            ("GET", "/admin/platforms"),
            ("POST", "/api/platforms"),
            ("DELETE", "/admin/platforms/x"),
            ("POST", "/admin/platforms/x/activate"),
            ("GET", "/admin/tool"),
            ("PATCH", "/admin/tool"),
        ] {
            let page =
                gateway.with_authorization(method, path, Some(json!({"name": "x"})), header).await;
            let body = done(&page, 401);
            assert_eq!(body["details"]["message"], "INVALID_LTIK_AUTH_AUTHORIZATION_HEADER");
        }
    }
    let tool = gateway.admin("GET", "/admin/tool", None).await.json().unwrap();
    assert_eq!(tool["name"], "Test tool");
}

#[both_stores("TC-257", "TC-258", "TC-263")]
async fn our_key_set_is_public_cacheable_and_without_private_keys(store: Store) {
    let school = Registered::new(store).await;
    let own = format!("/lti/keys/{}", school.platform_id);
    // The shared address is for platforms added by hand.
    done(&school.gateway.admin("POST", "/admin/platforms", Some(input("c1"))).await, 200);
    for path in [own.as_str(), "/lti/keys", "/keys"] {
        let request = Request::new("GET".parse().unwrap(), &school.gateway.at(path)).unwrap();
        let page = Browser::new().unwrap().send(request.clone().no_redirects()).await.unwrap();
        let keys = done(&page, 200);
        let key = keys["keys"][0].as_object().unwrap();
        let mut names: Vec<&str> = key.keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["alg", "e", "kid", "kty", "n", "use"]);
        assert_eq!(
            (&key["alg"], &key["use"], &key["kty"]),
            (&json!("RS256"), &json!("sig"), &json!("RSA"))
        );
        assert!(key["n"].as_str().unwrap().len() >= 342, "2,048 bits");
        assert!(page.header("cache-control").unwrap().contains("max-age="));
        assert_eq!(page.header("set-cookie"), None);
        assert_eq!(page.header("content-type"), Some("application/json"));
        let again = request.header("if-none-match", page.header("etag").unwrap());
        assert_eq!(Browser::new().unwrap().send(again).await.unwrap().status, 304);
    }
    let missing =
        Browser::new().unwrap().get(&school.gateway.at("/lti/keys/nobody")).await.unwrap();
    assert_eq!(done(&missing, 404)["details"]["message"], "KEY_SET_NOT_FOUND");
}

#[both_stores]
async fn a_put_keeps_what_ltiaas_clients_dont_know(store: Store) {
    let gateway = Gateway::start(store).await;
    let mut platform = input("c1");
    let more = json!({
        "authorizationServer": "https://platform.example.org/server",
        "unknownDeployments": "reject",
        "keyDelivery": "url",
        "frameOrigins": ["https://school.example.org"],
        "launch": {"leewaySeconds": 7},
        "grades": {"lineItemGone": "recreate"},
    });
    platform.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let created = done(&gateway.admin("POST", "/admin/platforms", Some(platform)).await, 200);
    let one = format!("/admin/platforms/{}", created["id"].as_str().unwrap());
    gateway.admin("POST", &format!("{one}/deactivate"), None).await;
    let mut renamed = input("c1");
    renamed["name"] = "Renamed".into();
    let kept = done(&gateway.admin("PUT", &one, Some(renamed)).await, 200);
    for (member, value) in more.as_object().unwrap() {
        assert_eq!(kept[member], *value, "{member}");
    }
    assert_eq!((&kept["name"], &kept["active"]), (&json!("Renamed"), &json!(false)));
    // Only a word for it puts a member back.
    let mut cleared = input("c1");
    for member in more.as_object().unwrap().keys() {
        cleared[member] = Value::Null;
    }
    let cleared = done(&gateway.admin("PUT", &one, Some(cleared)).await, 200);
    assert_eq!(cleared["keyDelivery"], "pasted");
    assert_eq!(cleared["frameOrigins"], json!([]));
    for member in ["authorizationServer", "unknownDeployments", "launch", "grades"] {
        assert_eq!(cleared[member], Value::Null, "{member}");
    }
}

//! The configuration as a file: written, compared and applied, by the API and by commands (PO-9,
//! docs/as-code.md).

use gateway::ascode::text::{CodeFormat, read, write};
use gateway::ascode::{ApplyOptions, CodeError, Plan};
use gateway::kit::clock::Clock;
use gateway::kit::outbound::{AllowList, Outbound};
use gateway::operator::{Operator, OperatorError};
use serde_json::{Value, json};
use simulator::browser::Page;
use test_case::both_stores;

use crate::support::{Gateway, Store};

#[track_caller]
fn done(page: &Page, status: u16) -> Value {
    assert_eq!(page.status, status, "{}", page.text());
    page.json().unwrap_or_default()
}

fn platform(client_id: &str) -> Value {
    json!({
        "url": "https://lms.example.edu", "clientId": client_id, "name": "School",
        "authenticationEndpoint": "https://lms.example.edu/auth",
        "accesstokenEndpoint": "https://lms.example.edu/token",
        "authConfig": {"method": "JWK_SET", "key": "https://lms.example.edu/jwks"},
    })
}

/// A tool's configuration with these members, as a request's body.
fn body(members: Value) -> Value {
    json!({"format": 1, "tools": Value::Array(vec![members])})
}

impl Gateway {
    async fn exported(&self) -> Value {
        done(&self.admin("GET", "/admin/export", None).await, 200)
    }

    async fn applied(&self, query: &str, code: &Value) -> Value {
        let path = format!("/admin/apply{query}");
        done(&self.admin("POST", &path, Some(code.clone())).await, 200)
    }

    /// Says what is wrong with a configuration that changes nothing.
    async fn refuses_code(&self, code: Value) -> Value {
        let before = self.exported().await;
        let answer = done(&self.admin("POST", "/admin/apply", Some(code)).await, 400);
        assert_eq!(self.exported().await, before);
        answer["details"].clone()
    }

    /// Something of everything, made by the API.
    async fn configure(&self) {
        self.patch_tool(json!({
            "description": "Quizzes", "launch": {"leewaySeconds": 30}, "customParameters": {"a": "1"},
            "extensions": {"https://vendor.example/x": {"z": 1, "a": [1, {"c": 2, "b": 3}]}},
            "messages": [{"type": "LtiResourceLinkRequest", "label": "Quiz"}],
        }))
        .await;
        let mut rules = platform("b");
        rules["launch"] = json!({"leewaySeconds": 120});
        rules["frameOrigins"] = json!(["https://*.example.edu"]);
        rules["unknownDeployments"] = "reject".into();
        rules["keyDelivery"] = "url".into();
        rules["active"] = false.into();
        for platform in [rules, platform("a")] {
            let made = done(&self.admin("POST", "/admin/platforms", Some(platform)).await, 200);
            let path = format!("/admin/platforms/{}/deployments", made["id"].as_str().unwrap());
            for (id, status) in [("2", "pending"), ("1", "active")] {
                let deployment = json!({"deploymentId": id, "status": status});
                done(&self.admin("POST", &path, Some(deployment)).await, 201);
            }
        }
        for (path, body) in [
            (
                "/admin/learning-paths",
                json!({
                    "id": "m", "subject": "math", "grades": ["K", 1], "entryPoints": {"1": "unit-1"},
                    "weeklyGoal": {"minutes": 90, "lessons": 3},
                }),
            ),
            (
                "/admin/webhooks",
                json!({"url": "http://127.0.0.3:9/b", "events": ["launch.refused"]}),
            ),
            ("/admin/webhooks", json!({"url": "http://127.0.0.3:9/a", "active": false})),
        ] {
            done(&self.admin("POST", path, Some(body)).await, 201);
        }
    }

    async fn operator_of(&self) -> Operator {
        Operator::new(&self.app.config, Clock::default()).await.unwrap()
    }

    /// As `hallpass apply` does it.
    async fn apply_text(&self, text: &str, how: ApplyOptions) -> Result<Plan, OperatorError> {
        let operator = self.operator_of().await;
        let outbound = Outbound::new(AllowList::default().with_loopback()).unwrap();
        let plan = operator.apply(outbound, read(text).unwrap(), how).await;
        operator.close().await;
        plan
    }

    /// As `hallpass export` writes it.
    async fn export_text(&self, secrets: bool, format: CodeFormat) -> String {
        let operator = self.operator_of().await;
        let code = operator.export(secrets).await.unwrap();
        operator.close().await;
        write(&code, format).unwrap()
    }
}

#[both_stores]
async fn a_configuration_moves_to_an_empty_installation(store: Store) {
    let one = Gateway::start(store).await;
    one.configure().await;
    one.new_tool("127.0.0.5").await;
    for format in [CodeFormat::Toml, CodeFormat::Json] {
        let text = one.export_text(false, format).await;
        let other = Gateway::start(store).await;
        let plan = other.apply_text(&text, ApplyOptions::default()).await.unwrap();
        assert!(plan.applied && plan.unnamed.is_empty(), "{plan:?}");
        assert_eq!(other.export_text(false, format).await, text);
        // The same file again changes nothing.
        let plan = other.apply_text(&text, ApplyOptions::default()).await.unwrap();
        assert!(!plan.applied && plan.changes.is_empty(), "{plan:?}");
        // Each new platform has a key of ours, and launches would be taken.
        let keys = "SELECT COUNT(*) FROM signing_keys WHERE platform_id IS NOT NULL";
        assert_eq!(other.number(keys).await, 2);
    }
}

#[both_stores("PO-9")]
async fn a_file_without_free_form_nulls_changes_nothing(store: Store) {
    let gateway = Gateway::start(store).await;
    let vendors =
        json!({"https://v.example/x": {"a": null, "b": 1}, "https://v.example/y": [{"c": null}]});
    let message = json!({"type": "LtiResourceLinkRequest", "label": "Quiz", "extensions": vendors});
    gateway.patch_tool(json!({"extensions": vendors, "messages": [message]})).await;
    let path = json!({
        "id": "m", "subject": "math", "grades": [1], "weeklyGoal": {"minutes": null, "days": 3},
    });
    done(&gateway.admin("POST", "/admin/learning-paths", Some(path)).await, 201);
    let mut code = gateway.exported().await;
    assert_eq!(gateway.applied("?dryRun=true", &code).await["changes"], json!([]));
    let text = gateway.export_text(false, CodeFormat::Toml).await;
    let plan = gateway.apply_text(&text, ApplyOptions::default()).await.unwrap();
    assert!(!plan.applied && plan.changes.is_empty(), "{plan:?}");
    // Nor does a file that changes something else.
    code["tools"][0]["settings"]["description"] = "Quizzes".into();
    let planned = gateway.applied("", &code).await;
    assert_eq!(planned["changes"][0]["members"].as_array().unwrap().len(), 1, "{planned}");
    let tool = done(&gateway.admin("GET", "/admin/tool", None).await, 200);
    assert_eq!((&tool["extensions"], &tool["messages"][0]["extensions"]), (&vendors, &vendors));
}

#[both_stores]
async fn the_api_writes_and_takes_one_tools_configuration(store: Store) {
    let gateway = Gateway::start(store).await;
    gateway.configure().await;
    let code = gateway.exported().await;
    assert_eq!(gateway.applied("", &code).await["changes"], json!([]));
    let tool = &code["tools"][0];
    let clients: Vec<&Value> =
        tool["platforms"].as_array().unwrap().iter().map(|one| &one["clientId"]).collect();
    assert_eq!(clients, ["a", "b"]);
    let deployments = json!([
        {"deploymentId": "1", "status": "active"}, {"deploymentId": "2", "status": "pending"},
    ]);
    assert_eq!(tool["platforms"][0]["deployments"], deployments);
    let hooks = json!([
        {"url": "http://127.0.0.3:9/a", "events": [], "active": false},
        {"url": "http://127.0.0.3:9/b", "events": ["launch.refused"], "active": true},
    ]);
    assert_eq!(tool["webhooks"], hooks);
    let text = code.to_string();
    for secret in ["whsec_", "secret\":", "PRIVATE KEY", "key_hash"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
}

#[both_stores]
async fn a_dry_run_says_what_would_change_and_changes_nothing(store: Store) {
    let gateway = Gateway::start(store).await;
    gateway.configure().await;
    let before = gateway.exported().await;
    let mut code = before.clone();
    let tool = &mut code["tools"][0];
    tool["settings"]["launch"]["leewaySeconds"] = 60.into();
    tool["platforms"][1]["launch"]["leewaySeconds"] = 90.into();
    tool["platforms"][1]["active"] = true.into();
    tool["platforms"][0]["deployments"][1]["status"] = "active".into();
    tool["platforms"].as_array_mut().unwrap().push(platform("c"));
    tool["learningPaths"][0]["title"] = "Arithmetic".into();
    tool["webhooks"] = json!([{"url": "http://127.0.0.3:9/a"}]);
    let rows = gateway.rows().await;
    let mut planned = gateway.applied("?dryRun=true", &code).await;
    assert_eq!((gateway.exported().await, gateway.rows().await), (before, rows));
    let member = |member: &str, before: Value, after: Value| json!({"member": member, "before": before, "after": after});
    let school = |client_id: &str| format!("https://lms.example.edu {client_id}");
    let expected = json!({"applied": false, "changes": [
        {
            "action": "change", "what": "settings", "name": "Test tool",
            "members": [member("launch.leewaySeconds", json!(30), json!(60))],
        },
        {
            "action": "change", "what": "deployment", "name": "2",
            "members": [member("status", json!("pending"), json!("active"))],
        },
        {
            "action": "change", "what": "platform", "name": school("b"),
            "members": [
                member("active", json!(false), json!(true)),
                member("launch.leewaySeconds", json!(120), json!(90)),
            ],
        },
        {"action": "create", "what": "platform", "name": school("c")},
        {
            "action": "change", "what": "learningPath", "name": "m",
            "members": [member("title", json!("math"), json!("Arithmetic"))],
        },
        {
            "action": "change", "what": "webhook", "name": "http://127.0.0.3:9/a",
            "members": [member("active", json!(false), json!(true))],
        },
    ], "unnamed": [{"what": "webhook", "name": "http://127.0.0.3:9/b"}]});
    assert_eq!(planned, expected);
    // Then the same in earnest.
    planned["applied"] = true.into();
    assert_eq!(gateway.applied("", &code).await, planned);
    let after = gateway.exported().await;
    assert_eq!(after["tools"][0]["settings"], code["tools"][0]["settings"]);
    assert_eq!(after["tools"][0]["webhooks"].as_array().unwrap().len(), 2, "one was not named");
    // What launches look up is the new at once.
    let listed = gateway.platforms().await;
    assert!(listed.iter().all(|platform| platform["active"] == true), "{listed:?}");
}

#[both_stores]
async fn what_a_file_leaves_out_stays_unless_it_is_pruned(store: Store) {
    let gateway = Gateway::start(store).await;
    gateway.configure().await;
    let before = gateway.exported().await;
    // Members of the tool that are left out are left alone, with or without pruning.
    for query in ["", "?prune=true"] {
        assert_eq!(gateway.applied(query, &body(json!({}))).await["changes"], json!([]));
    }
    let mut only = platform("a");
    only["deployments"] = json!([{"deploymentId": "1", "status": "active"}]);
    let code = body(json!({"platforms": [only], "learningPaths": [], "webhooks": []}));
    let planned = gateway.applied("", &code).await;
    assert_eq!(planned["changes"], json!([]));
    let unnamed = planned["unnamed"].as_array().unwrap();
    let unnamed: Vec<&str> = unnamed.iter().map(|one| one["what"].as_str().unwrap()).collect();
    assert_eq!(unnamed, ["deployment", "platform", "learningPath", "webhook", "webhook"]);
    assert_eq!(gateway.exported().await, before);
    let pruned = gateway.applied("?prune=true", &code).await;
    assert_eq!(pruned["changes"].as_array().unwrap().len(), 5, "{pruned}");
    let after = gateway.exported().await;
    let tool = &after["tools"][0];
    assert_eq!((&tool["learningPaths"], &tool["webhooks"]), (&json!([]), &json!([])));
    assert_eq!(tool["platforms"].as_array().unwrap().len(), 1, "{after}");
    assert_eq!(tool["platforms"][0]["deployments"].as_array().unwrap().len(), 1, "{after}");
    assert_eq!(tool["settings"], before["tools"][0]["settings"]);
    // With the platform, its key went.
    let keys = "SELECT COUNT(*) FROM signing_keys WHERE platform_id IS NOT NULL";
    assert_eq!(gateway.number(keys).await, 1);
}

#[both_stores]
async fn mistakes_are_named_all_at_once_and_nothing_is_changed(store: Store) {
    let gateway = Gateway::start(store).await;
    gateway.configure().await;
    for (code, says) in [
        (json!({"format": 1, "tools": [], "more": 1}), "more: is not a known name"),
        (body(json!({"platfroms": []})), "tools[0].platfroms: is not a known name"),
        (body(json!({"platforms": [{"url": 3}]})), "tools[0].platforms[0].url: must be a text"),
        (
            body(json!({"webhooks": [{"url": "https://app.example", "events": ["x"]}]})),
            "tools[0].webhooks[0].events[0]",
        ),
    ] {
        let details = gateway.refuses_code(code).await;
        assert_eq!(details["message"], "INVALID_BODY", "{details}");
        assert!(details["description"].as_str().unwrap().contains(says), "{says}: {details}");
    }
    let mut blank = platform(" ");
    blank["authConfig"] = json!({"method": "MAGIC", "key": ""});
    let mut odd = platform("d");
    odd["deployments"] = json!([
        {"deploymentId": "1", "status": "active"}, {"deploymentId": "1", "status": "pending"},
        {"deploymentId": "", "status": "active"},
    ]);
    let path = |id: &str, subject: &str| json!({"id": id, "subject": subject, "grades": [1]});
    let details = gateway
        .refuses_code(body(json!({
            "settings": {"name": "Fine", "launch": {"leewaySeconds": 301}},
            "platforms": [blank, odd, platform("d")],
            "learningPaths": [path("x", "reading"), path("x", "art"), path("y", "reading"), path("z", "math")],
            "webhooks": [
                {"url": "http://10.0.0.1/hooks"}, {"url": "http://127.0.0.3:9/c", "secret": "sealed:AAAA"},
            ],
        })))
        .await;
    assert_eq!(details["message"], "INVALID_CONFIGURATION", "{details}");
    let fields: Vec<&str> = details["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["field"].as_str().unwrap())
        .collect();
    assert_eq!(
        fields,
        [
            "tools[0].settings.launch.leewaySeconds",
            "tools[0].platforms[0].clientId",
            "tools[0].platforms[0].authConfig.key",
            "tools[0].platforms[0].authConfig.method",
            "tools[0].platforms[1].deployments[1].deploymentId",
            "tools[0].platforms[1].deployments[2].deploymentId",
            "tools[0].platforms[2].clientId",
            "tools[0].learningPaths[1].id",
            "tools[0].learningPaths[2].subject",
            "tools[0].learningPaths",
            "tools[0].webhooks[0].url",
            "tools[0].webhooks[1].secret",
        ],
        "{details}"
    );
    for (code, field) in [
        (json!({"format": 2, "tools": [{}]}), "format"),
        (json!({"format": 1, "tools": []}), "tools"),
        (json!({"format": 1, "tools": [{}, {}]}), "tools"),
        (body(json!({"host": "127.0.0.9"})), "tools[0].host"),
    ] {
        let details = gateway.refuses_code(code).await;
        assert_eq!(details["errors"][0]["field"], field, "{details}");
    }
}

#[both_stores]
async fn a_file_makes_tools_and_knows_them_by_host(store: Store) {
    let gateway = Gateway::start(store).await;
    let code = |name: &str| {
        let hosted =
            json!({"host": "127.0.0.5", "settings": {"name": name}, "platforms": [platform("q")]});
        json!({"format": 1, "tools": [{"settings": {"name": "First"}}, hosted]}).to_string()
    };
    let plan = gateway.apply_text(&code("Quiz"), ApplyOptions::default()).await.unwrap();
    let told: Vec<(&str, &str)> =
        plan.changes.iter().map(|change| (change.what, &*change.name)).collect();
    let expected =
        [("settings", "First"), ("tool", "127.0.0.5"), ("platform", "https://lms.example.edu q")];
    assert_eq!(told, expected);
    // A server sees it a few seconds later; this one is asked to look.
    gateway.app.tools.reload().await.unwrap();
    assert_eq!(gateway.app.tools.at("127.0.0.5").unwrap().settings.name, "Quiz");
    assert_eq!(gateway.app.tools.at("").unwrap().settings.name, "First");
    let plan = gateway.apply_text(&code("Puzzle"), ApplyOptions::default()).await.unwrap();
    assert_eq!((plan.changes.len(), plan.changes[0].what), (1, "settings"));
    // A key for it, since the file made none.
    let operator = gateway.operator_of().await;
    let scope = gateway::directory::api_keys::scope::Scope::All;
    let made = operator.create_api_key(Some("127.0.0.5"), "quiz", scope, None).await;
    let (key, _) = made.unwrap();
    let unknown = operator.create_api_key(Some("127.0.0.9"), "quiz", scope, None).await;
    assert!(matches!(unknown, Err(OperatorError::NoTool(_))));
    operator.close().await;
    gateway.app.tools.reload().await.unwrap();
    gateway.app.api_keys.changed().await;
    let page = gateway.as_key(&key, "GET", "/admin/export", None).await;
    let exported = done(&page, 200);
    assert_eq!(
        (&exported["tools"][0]["host"], &exported["tools"][0]["settings"]["name"]),
        (&json!("127.0.0.5"), &json!("Puzzle"))
    );
    assert_eq!(exported["tools"].as_array().unwrap().len(), 1, "one tool is all a key sees");
    // Each tool's log has its own part, and nothing is unfinished.
    let path = "/admin/audit?action=configuration.applied";
    let own = done(&gateway.as_key(&key, "GET", path, None).await, 200);
    let first = done(&gateway.admin("GET", path, None).await, 200);
    let number = |log: &Value| log["entries"].as_array().unwrap().len();
    assert_eq!((number(&first), number(&own)), (1, 2), "{first} {own}");
    assert_eq!(gateway.number("SELECT COUNT(*) FROM audit_begun").await, 0);
    // It can say its host, and no other's.
    done(&gateway.as_key(&key, "POST", "/admin/apply", Some(exported)).await, 200);
    let other = body(json!({"host": "127.0.0.2"}));
    done(&gateway.as_key(&key, "POST", "/admin/apply", Some(other)).await, 400);
    // A host that can't be one, and one that stands there twice.
    for (hosts, at) in
        [(["a b", "127.0.0.6"], "tools[0].host"), (["127.0.0.6"; 2], "tools[1].host")]
    {
        let tools: Vec<Value> = hosts.iter().map(|host| json!({"host": host})).collect();
        let text = json!({"format": 1, "tools": tools}).to_string();
        let error = gateway.apply_text(&text, ApplyOptions::default()).await.unwrap_err();
        assert!(error.to_string().contains(at), "{error}");
    }
}

#[both_stores]
async fn sealed_secrets_are_read_with_the_same_secret_key_only(store: Store) {
    let gateway = Gateway::start(store).await;
    gateway.configure().await;
    let sealed = "SELECT COUNT(DISTINCT secret_sealed) FROM webhooks";
    assert_eq!(gateway.number(sealed).await, 2);
    let text = gateway.export_text(true, CodeFormat::Json).await;
    assert_eq!(text.matches("\"sealed:").count(), 2, "{text}");
    let plan = gateway.apply_text(&text, ApplyOptions::default()).await.unwrap();
    assert!(plan.changes.is_empty(), "{plan:?}");
    // A webhook whose secret was replaced gets it back, without a word of what it is.
    let hooks = done(&gateway.admin("GET", "/admin/webhooks", None).await, 200);
    let path = format!("/admin/webhooks/{}/rotate", hooks["webhooks"][0]["id"].as_str().unwrap());
    done(&gateway.admin("POST", &path, None).await, 200);
    let plan = gateway.apply_text(&text, ApplyOptions::default()).await.unwrap();
    let told = serde_json::to_value(&plan).unwrap();
    assert_eq!(told["changes"][0]["members"], json!([{"member": "secret"}]), "{told}");
    let again = gateway.apply_text(&text, ApplyOptions::default()).await.unwrap();
    assert!(again.changes.is_empty(), "{again:?}");
    // Another installation has another secret key.
    let other = Gateway::start(store).await;
    let error = other.apply_text(&text, ApplyOptions::default()).await.unwrap_err();
    let OperatorError::Code(CodeError::Wrong(mistakes)) = error else { panic!("{error}") };
    let places: Vec<&str> = mistakes.iter().map(|mistake| &*mistake.at).collect();
    assert_eq!(places, ["tools[0].webhooks[0].secret", "tools[0].webhooks[1].secret"]);
}

#[both_stores]
async fn paths_can_trade_subjects_and_the_settings_file_stands_above(store: Store) {
    let gateway = Gateway::start(store).await;
    let path = |id: &str, subject: &str| json!({"id": id, "subject": subject, "grades": [1]});
    let code =
        |one: &str, two: &str| body(json!({"learningPaths": [path("1", one), path("2", two)]}));
    gateway.applied("", &code("math", "reading")).await;
    gateway.applied("", &code("reading", "math")).await;
    let exported = gateway.exported().await;
    let subjects: Vec<&Value> = exported["tools"][0]["learningPaths"]
        .as_array()
        .unwrap()
        .iter()
        .map(|path| &path["subject"])
        .collect();
    assert_eq!(subjects, ["math", "reading"]);
    let mut gateway = gateway;
    gateway.write_learning_paths(json!([{"id": "art", "subject": "art", "grades": [1]}]));
    let gateway = gateway.restart().await;
    let details = gateway.refuses_code(body(json!({"learningPaths": [path("3", "art")]}))).await;
    assert_eq!(details["errors"][0]["field"], "tools[0].learningPaths[0].id", "{details}");
}

#[both_stores]
async fn two_files_at_once_are_applied_one_after_the_other(store: Store) {
    let gateway = Gateway::start(store).await;
    let code = |name: &str| {
        body(
            json!({"settings": {"name": name}, "learningPaths": [{"id": "m", "subject": "math", "title": name, "grades": [1]}]}),
        )
    };
    let [one, two] = [code("One"), code("Two")];
    let (first, second) = tokio::join!(gateway.applied("", &one), gateway.applied("", &two));
    assert_eq!((&first["applied"], &second["applied"]), (&json!(true), &json!(true)));
    let after = gateway.exported().await;
    let tool = &after["tools"][0];
    assert_eq!(tool["settings"]["name"], tool["learningPaths"][0]["title"], "of one file");
}

/// Of some hundred platforms on, a query for each took longer than a request may, and no body was
/// taken that long.
#[both_stores]
async fn the_own_export_of_thousands_of_platforms_is_taken(store: Store) {
    const PLATFORMS: usize = 3_000;
    let gateway = Gateway::start(store).await;
    let numbers = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {PLATFORMS})"
    );
    for rows in [
        "INSERT INTO platforms (id, tool_id, issuer, client_id, name, authorization_endpoint, token_endpoint, key_method, \
         key_value, scopes, active, created_at, updated_at) SELECT 'many' || i, (SELECT id FROM tools), \
         'https://lms.example.edu', 'client' || i, 'School', 'https://lms.example.edu/auth', \
         'https://lms.example.edu/token', 'JWK_SET', 'https://lms.example.edu/keys', '', TRUE, i, i FROM n",
        "INSERT INTO deployments (platform_id, deployment_id, status, first_seen) SELECT 'many' || i, 'd' || i, 'active', i \
         FROM n",
    ] {
        gateway.meddle(&format!("{numbers} {rows}")).await;
    }
    let mut code = gateway.exported().await;
    assert!(code.to_string().len() > 512 * 1024);
    let platforms = code["tools"][0]["platforms"].as_array_mut().unwrap();
    assert_eq!(platforms.len(), PLATFORMS);
    for platform in &mut *platforms {
        let number = platform["clientId"].as_str().unwrap().trim_start_matches("client");
        let own = json!([{"deploymentId": format!("d{number}"), "status": "active"}]);
        assert_eq!(platform["deployments"], own, "{platform}");
    }
    platforms[7]["name"] = "Another".into();
    let planned = gateway.applied("", &code).await;
    assert_eq!(planned["changes"].as_array().unwrap().len(), 1, "{planned}");
    assert_eq!(gateway.applied("", &code).await["changes"], json!([]));
    assert_eq!(gateway.exported().await, code);
}

/// A plan is made while others may change things: what it was made on is looked at again.
#[both_stores]
async fn what_changes_while_a_file_is_planned_is_not_undone(store: Store) {
    let gateway = Gateway::start(store).await;
    gateway.configure().await;
    let before = gateway.exported().await;
    let code = |name: &str, status: &str| {
        let mut code = before.clone();
        code["tools"][0]["platforms"][0]["name"] = name.into();
        code["tools"][0]["platforms"][0]["deployments"][1]["status"] = status.into();
        code["tools"][0]["webhooks"][0]["active"] = (status == "active").into();
        code
    };
    let codes = [code("One", "active"), code("Two", "disabled")];
    for _ in 0..10 {
        let (first, second) =
            tokio::join!(gateway.applied("", &codes[0]), gateway.applied("", &codes[1]));
        assert!(first["applied"] == true || second["applied"] == true, "{first} {second}");
        let after = gateway.exported().await;
        assert!(codes.contains(&after), "of one file, and not of both: {after}");
    }
}

#[both_stores]
async fn what_is_probably_a_slip_is_named_in_the_plan(store: Store) {
    let gateway = Gateway::start(store).await;
    let mut slip = platform("a b");
    slip["url"] = "https://lms.example.edu/".into();
    let code = body(json!({"platforms": [slip, platform("c")]}));
    for query in ["?dryRun=true", ""] {
        let planned = gateway.applied(query, &code).await;
        let warnings = planned["changes"][0]["warnings"].as_array().unwrap();
        let [slash, blank] = warnings.as_slice() else { panic!("{planned}") };
        assert!(slash.as_str().unwrap().starts_with("url ends with a slash"), "{planned}");
        assert!(blank.as_str().unwrap().starts_with("clientId holds a blank"), "{planned}");
        assert_eq!(planned["changes"][1].get("warnings"), None, "{planned}");
    }
}

//! Who finds which traces.

use gateway::directory::api_keys::new::NewApiKey;
use gateway::directory::tools::Tool;
use gateway::kit::clock::Random;
use gateway::settings::tool::ToolSettings;
use serde_json::{Value, json};
use store::{api_keys, tools};
use test_case::both_stores;

use super::reference;
use crate::registered::{Registered, ltik_of};
use crate::support::Store;

fn ids(traces: &[Value]) -> Vec<&str> {
    traces.iter().map(|trace| trace["id"].as_str().unwrap()).collect()
}

#[both_stores]
async fn lists_can_be_filtered_and_paged_over_all_traces(store: Store) {
    let school = Registered::new(store).await;
    for number in 0..7 {
        let launch = school.student();
        school.launch(&if number % 2 == 0 { launch } else { launch.without("roles") }).await;
    }
    let (all, next) = school.gateway.traces("").await;
    assert_eq!((all.len(), next), (8, None), "seven launches and the registration");
    let times: Vec<&str> = all.iter().rev().map(|trace| trace["at"].as_str().unwrap()).collect();
    assert!(times.is_sorted(), "{times:?}");
    let (mut paged, mut cursor) = (Vec::new(), String::new());
    for _ in 0..4 {
        let (page, next) = school.gateway.traces(&format!("limit=3{cursor}")).await;
        paged.extend(page);
        match next {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(ids(&paged), ids(&all));
    let middle = all[3]["at"].as_str().unwrap();
    for (query, number) in [
        ("outcome=failed".to_owned(), 3),
        ("outcome=accepted".into(), 5),
        ("outcome=accepted&kind=launch".into(), 4),
        ("kind=registration".into(), 1),
        ("kind=login".into(), 0),
        ("reason=NO_ROLES_CLAIM".into(), 3),
        ("reason=TOKEN_EXPIRED".into(), 0),
        (format!("platform={}", school.platform_id), 8),
        ("platform=nobody".into(), 0),
        (format!("since={middle}"), 4),
        (format!("until={middle}"), 4),
        ("tool=another".into(), 0),
        (format!("tool={}", all[0]["tool"].as_str().unwrap()), 8),
    ] {
        assert_eq!(school.gateway.traces(&query).await.0.len(), number, "{query}");
    }
    let failed = school.gateway.newest("outcome=failed").await;
    let by_reference =
        school.gateway.traces(&format!("correlationId={}", failed["id"].as_str().unwrap())).await.0;
    assert_eq!(by_reference, [failed]);
    for bad in ["limit=0", "limit=201", "since=yesterday", "kind=x", "outcome=x", "colour=red"] {
        let page = school.gateway.admin("GET", &format!("/admin/traces?{bad}"), None).await;
        assert_eq!(
            (page.status, page.json().unwrap()["details"]["message"].as_str()),
            (400, Some("INVALID_PARAMETER")),
            "{bad}"
        );
    }
}

#[both_stores]
async fn an_api_key_shows_its_own_tools_traces_only(store: Store) {
    let school = Registered::new(store).await;
    ltik_of("good", &school.launch(&school.student()).await);
    let failed = reference(&school.launch(&school.student().without("roles")).await);
    let launch_id = school.gateway.newest("outcome=accepted&kind=launch").await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let other =
        Tool { id: "OtherTool00000000000".into(), host: None, settings: ToolSettings::default() };
    let other = other.to_row().unwrap();
    let hasher = school.gateway.app.api_keys.hasher().clone();
    let add = school.gateway.app.db.write::<_, store::StoreError, _>(move |mut tx| {
        Box::pin(async move {
            let tool_id = other.id.clone();
            tools::insert(&mut tx, other, 1).await?;
            let key = "other-api-key-0123456789";
            let row = NewApiKey::first().row_of(key, &hasher, &tool_id, 1, &Random::default());
            api_keys::insert(&mut tx, row).await
        })
    });
    add.await.unwrap();
    school.gateway.app.api_keys.changed().await;
    school.gateway.app.tools.reload().await.unwrap();
    for path in [
        "/admin/traces".to_owned(),
        format!("/admin/traces/{failed}"),
        format!("/admin/traces/{launch_id}"),
    ] {
        for bad in ["", "Bearer wrong-api-key-0123456789", "Basic x"] {
            let page = school.gateway.with_authorization("GET", &path, None, bad).await;
            assert_eq!(page.status, 401, "{path} {bad}");
        }
        let theirs = school
            .gateway
            .with_authorization("GET", &path, None, "Bearer other-api-key-0123456789")
            .await;
        let ours = school.gateway.admin("GET", &path, None).await;
        assert_eq!(ours.status, 200);
        if path.ends_with("traces") {
            assert_eq!((theirs.status, theirs.json().unwrap()), (200, json!({"traces": []})));
        } else {
            assert_eq!(theirs.status, 404, "{path}");
        }
    }
    let own = school.gateway.newest("").await["tool"].as_str().unwrap().to_owned();
    let path = format!("/admin/traces?tool={own}");
    let theirs = school
        .gateway
        .with_authorization("GET", &path, None, "Bearer other-api-key-0123456789")
        .await;
    assert_eq!(theirs.json().unwrap(), json!({"traces": []}));
}

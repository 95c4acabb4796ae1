//! Deleting a platform that has a great many rows.

use std::time::Duration;

use gateway::settings::installation::Fixed;
use serde_json::json;
use store::Limits;
use test_case::both_stores;

use crate::registered::{Registered, ltik_of, register};
use crate::support::{Gateway, PATIENCE, Store, fixed, lms};
use crate::undisturbed::undisturbed;

/// Gives the school's platform so many places.
async fn crowd(school: &Registered, places: u32) {
    let sealed = match school.gateway.app.db.is_embedded() {
        true => "x'00'",
        false => "'x'::bytea",
    };
    let rows = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {places}) \
         INSERT INTO service_places (id, tool_id, platform_id, place_sealed, created_at, changed_at) \
         SELECT 'crowd' || i, p.tool_id, p.id, {sealed}, 1, 1 FROM n, platforms p WHERE p.id = '{}'",
        school.platform_id
    );
    school.gateway.meddle(&rows).await;
}

const PLACES: &str = "SELECT COUNT(*) FROM service_places WHERE id LIKE 'crowd%'";

#[both_stores]
async fn others_launch_while_a_large_platform_is_deleted(store: Store) {
    let school = Registered::new(store).await;
    let gateway = &school.gateway;
    crowd(&school, 20_000).await;
    let other = lms().await;
    let (client_id, _) = register(gateway, &other).await;
    let path = format!("/admin/platforms/{}", school.platform_id);
    let deleting = gateway.admin("DELETE", &path, None);
    tokio::pin!(deleting);
    let mut launches = 0;
    let page = loop {
        let launch = async {
            let browser = simulator::browser::Browser::new().unwrap();
            let launch = simulator::lms::Launch::new(&client_id);
            let posted = crate::registered::begin(&other, &browser, &launch).await;
            let to = gateway.at("/lti/launch");
            let form = crate::registered::form(&to, &posted.fields());
            ltik_of("meanwhile", &browser.send(form).await.unwrap());
        };
        tokio::select! {
            biased;
            page = &mut deleting => break page,
            () = launch => launches += 1,
        }
    };
    assert_eq!(page.status, 204, "{}", page.text());
    assert!(launches > 0);
    assert_eq!(gateway.number(PLACES).await, 0);
    assert_eq!(gateway.admin("GET", &path, None).await.status, 404);
    assert_eq!(gateway.admin("DELETE", &path, None).await.status, 404);
}

/// A school on PostgreSQL, where each row of this table takes five milliseconds to be removed, and
/// a statement may take 800.
async fn slow_to_remove(table: &str) -> Registered {
    let statement = Duration::from_millis(800);
    let store =
        Limits { lock: Duration::from_secs(60), statement, request: Duration::from_secs(3) };
    let gateway =
        Gateway::start_fixed(Store::Postgres, json!({}), &[], Fixed { store, ..fixed() }).await;
    let school = Registered::join(gateway, lms().await).await;
    let slow = "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS \
                $$ BEGIN PERFORM pg_sleep(0.005); RETURN OLD; END $$";
    school.gateway.meddle(slow).await;
    let each = format!(
        "CREATE TRIGGER slow BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION slow()"
    );
    school.gateway.meddle(&each).await;
    school
}

/// More rows than one statement can remove there.
const MANY: u32 = 250;

/// Has so many scores wait for the school's platform.
async fn wait_for(school: &Registered, scores: u32) {
    let rows = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {scores}) \
         INSERT INTO score_deliveries (id, tool_id, platform_id, waiting_for, deployment_id, lane, seq, line_item_key, \
         user_key, place_id, job_id, state, unsure, failures, details_sealed, created_at, give_up_at, deduplicated) \
         SELECT 'crowd' || i, p.tool_id, p.id, p.id, '1', 'lane' || i, 1, 'item', 'user', 'place', 'job' || i, 'held', \
         FALSE, 0, 'x'::bytea, 1, 1, FALSE FROM n, platforms p WHERE p.id = '{}'",
        school.platform_id
    );
    school.gateway.meddle(&rows).await;
}

/// How late a machine may be that proves anything about a statement's time.
const LATE: Duration = Duration::from_millis(100);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_statement_of_a_deletion_takes_long() {
    undisturbed(LATE, async || {
        let school = slow_to_remove("service_places").await;
        crowd(&school, MANY).await;
        let path = format!("/admin/platforms/{}", school.platform_id);
        let page = school.gateway.admin("DELETE", &path, None).await;
        assert_eq!(page.status, 204, "{}", page.text());
        assert_eq!(school.gateway.number(PLACES).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deletion_whose_client_has_left_is_noted() {
    let school = slow_to_remove("service_places").await;
    let gateway = &school.gateway;
    crowd(&school, MANY).await;
    let path = format!("/admin/platforms/{}", school.platform_id);
    let deleting = gateway.admin("DELETE", &path, None);
    // It takes more than a second.
    assert!(tokio::time::timeout(Duration::from_millis(400), deleting).await.is_err());
    let noted = async || {
        let log = gateway.admin("GET", "/admin/audit?action=platform.deleted", None).await;
        log.json().unwrap()["entries"].as_array().unwrap().len()
    };
    let waiting = async {
        while noted().await == 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.expect("it is in no log");
    assert_eq!(gateway.number("SELECT COUNT(*) FROM platforms").await, 0);
}

/// A stop ends the removing where it stands, and what was applied must be in the log by then.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pruning_is_noted_before_platforms_are_emptied() {
    let school = slow_to_remove("service_places").await;
    let gateway = &school.gateway;
    // Two seconds of it at least.
    crowd(&school, 2 * MANY).await;
    let none = json!({"format": 1, "tools": [{"platforms": []}]});
    let pruning = gateway.admin("POST", "/admin/apply?prune=true", Some(none));
    let noted = async {
        loop {
            let path = "/admin/audit?action=configuration.applied";
            let log = gateway.admin("GET", path, None).await.json().unwrap();
            if let Some(entry) = log["entries"].as_array().unwrap().first() {
                return entry.clone();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let entry = tokio::select! {
        page = pruning => panic!("it was done before it was noted: {}", page.text()),
        entry = noted => entry,
    };
    assert_eq!(entry["actor"]["kind"], "api_key", "{entry}");
    assert_eq!(entry["after"][0]["action"], "remove", "{entry}");
    assert!(gateway.number(PLACES).await > 0);
    let emptied = async {
        while gateway.number("SELECT COUNT(*) FROM platforms").await > 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), emptied).await.unwrap();
    // The client has left, but what it began has ended.
    let ended = async {
        while gateway.number("SELECT COUNT(*) FROM audit_begun").await > 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, ended).await.expect("it seems unfinished");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_statement_of_a_pruning_takes_long() {
    undisturbed(LATE, async || {
        let school = slow_to_remove("service_places").await;
        crowd(&school, MANY).await;
        let none = json!({"format": 1, "tools": [{"platforms": []}]});
        let page = school.gateway.admin("POST", "/admin/apply?prune=true", Some(none)).await;
        assert_eq!(page.status, 200, "{}", page.text());
        let plan = page.json().unwrap();
        assert_eq!((&plan["applied"], plan.get("unfinished")), (&json!(true), None), "{plan}");
        assert_eq!(school.gateway.number(PLACES).await, 0);
        assert_eq!(school.gateway.number("SELECT COUNT(*) FROM platforms").await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_statement_of_a_removed_tools_end_takes_long() {
    undisturbed(LATE, async || {
        let school = slow_to_remove("service_places").await;
        let gateway = &school.gateway;
        let (id, _) = gateway.new_tool("127.0.0.5").await;
        crowd(&school, MANY).await;
        // The platform was the other tool's all along.
        for table in ["platforms", "service_places", "signing_keys"] {
            gateway.meddle(&format!("UPDATE {table} SET tool_id = '{id}'")).await;
        }
        let path = format!("/admin/tools/{id}");
        assert_eq!(gateway.admin("DELETE", &path, None).await.status, 204);
        let now = gateway.clock.now_ms();
        gateway::background::clear_removed_tools(&gateway.app, now).await.unwrap();
        assert_eq!(gateway.number(PLACES).await, 0);
        assert_eq!(gateway.number("SELECT COUNT(*) FROM platforms").await, 0);
    })
    .await;
}

/// Scores that are not delivered yet go only by their number, and then as slowly as the rest.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_statement_for_lost_scores_takes_long() {
    undisturbed(LATE, async || {
        let school = slow_to_remove("score_deliveries").await;
        wait_for(&school, MANY).await;
        let path = format!("/admin/platforms/{}", school.platform_id);
        let page = school.gateway.admin("DELETE", &path, None).await;
        assert_eq!(page.status, 409, "{}", page.text());
        assert_eq!(page.json().unwrap()["details"]["undelivered"], MANY);
        let path = format!("{path}?undelivered={MANY}");
        let page = school.gateway.admin("DELETE", &path, None).await;
        assert_eq!(page.status, 204, "{}", page.text());
        let left = school.gateway.number("SELECT COUNT(*) FROM score_deliveries").await;
        assert_eq!(left, 0);
    })
    .await;
}

#[both_stores]
async fn a_sweep_that_fails_keeps_no_other_from_running(store: Store) {
    let gateway = Gateway::start(store).await;
    let seen = match gateway.app.db.is_embedded() {
        true => "x'01'",
        false => "'x'::bytea",
    };
    let old = format!("INSERT INTO studyreel_seen (seen_hash, expires_at) VALUES ({seen}, 1)");
    // Of the first that is swept, and of one in the middle.
    for table in ["registrations", "login_links"] {
        gateway.meddle(&format!("ALTER TABLE {table} RENAME TO {table}_away")).await;
    }
    gateway.meddle(&old).await;
    let now = gateway.clock.now_ms();
    let failed = gateway::background::forget(&gateway.app, now).await.unwrap_err().to_string();
    for what in ["registrations: ", "login links: "] {
        assert!(failed.contains(what), "{failed}");
    }
    assert_eq!(gateway.number("SELECT COUNT(*) FROM studyreel_seen").await, 0);
}

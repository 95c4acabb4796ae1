//! Deleting a platform that has a great many rows.

use std::time::Duration;

use gateway::settings::installation::Fixed;
use serde_json::json;
use store::Limits;
use test_case::both_stores;

use crate::registered::{Registered, ltik_of, register};
use crate::support::{Gateway, Store, fixed, lms};
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

/// All rows at once take longer than a statement may.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_statement_of_a_deletion_takes_long() {
    undisturbed(Duration::from_millis(100), async || {
        let statement = Duration::from_millis(800);
        let store =
            Limits { lock: Duration::from_secs(60), statement, request: Duration::from_secs(3) };
        let gateway =
            Gateway::start_fixed(Store::Postgres, json!({}), &[], Fixed { store, ..fixed() }).await;
        let school = Registered::join(gateway, lms().await).await;
        crowd(&school, 250).await;
        for sql in [
            "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN PERFORM pg_sleep(0.005); RETURN OLD; END $$",
            "CREATE TRIGGER slow BEFORE DELETE ON service_places FOR EACH ROW EXECUTE FUNCTION slow()",
        ] {
            school.gateway.meddle(sql).await;
        }
        let path = format!("/admin/platforms/{}", school.platform_id);
        let page = school.gateway.admin("DELETE", &path, None).await;
        assert_eq!(page.status, 204, "{}", page.text());
        assert_eq!(school.gateway.number(PLACES).await, 0);
    })
    .await;
}

//! Commands beside a running server: `hallpass platforms` works on the store itself.

use std::time::Duration;

use gateway::kit::clock::Clock;
use gateway::operator::{Operator, OperatorError};
use simulator::browser::Browser;
use simulator::lms::{Launch, Lms};
use test_case::both_stores;

use crate::support::{Gateway, SOON, Store, lms};

/// The status of a login: a redirect where the platform is active.
async fn login(lms: &Lms, client_id: &str) -> u16 {
    let login = lms.login_request(&Launch::new(client_id)).unwrap();
    let body =
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&login.fields).finish();
    let request = simulator::browser::Request::new("POST".parse().unwrap(), &login.url)
        .unwrap()
        .no_redirects()
        .body("application/x-www-form-urlencoded", body);
    Browser::new().unwrap().send(request).await.unwrap().status
}

/// Servers see a change within five seconds.
async fn comes_to(lms: &Lms, client_id: &str, wanted: u16) {
    let seen = async {
        while login(lms, client_id).await != wanted {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(SOON, seen).await.unwrap();
}

#[both_stores]
async fn platforms_can_be_listed_and_switched_beside_a_server(store: Store) {
    let (gateway, lms) = (Gateway::start(store).await, lms().await);
    let operator = Operator::new(&gateway.app.config, Clock::default()).await.unwrap();
    assert!(operator.platforms().await.unwrap().is_empty());
    let start = lms.begin_registration(&gateway.at("/lti/register")).unwrap();
    Browser::new().unwrap().get(&start.url).await.unwrap();
    lms.activate(&start.client_id).unwrap();
    let found = operator.platforms().await.unwrap().remove(0);
    assert_eq!((&found.client_id, found.active), (&start.client_id, false));
    // The server has the inactive one at hand by now.
    assert_eq!(login(&lms, &start.client_id).await, 400);
    assert!(operator.switch(&found.id, true).await.unwrap().active);
    comes_to(&lms, &start.client_id, 302).await;
    assert!(!operator.switch(&found.id, false).await.unwrap().active);
    comes_to(&lms, &start.client_id, 400).await;
    let unknown = operator.switch("nobody", true).await;
    assert!(matches!(unknown, Err(OperatorError::NoPlatform(_))));
    // The server still writes.
    let again = lms.begin_registration(&gateway.at("/lti/register")).unwrap();
    assert_eq!(Browser::new().unwrap().get(&again.url).await.unwrap().status, 200);
    assert_eq!(operator.platforms().await.unwrap().len(), 2);
    operator.close().await;
}

//! The secret key changes, and nothing that it sealed is lost (docs/keys.md).

use gateway::directory::api_keys::new::old_hash;
use gateway::keys::pair;
use gateway::kit::clock::{Clock, Random};
use gateway::kit::seal::SecretKey;
use gateway::kit::supplies::Supplies;
use gateway::operator::reseal::reseal;
use gateway::operator::setup::SetupError;
use gateway::operator::{Operator, OperatorError};
use gateway::server::Server;
use serde_json::{Value, json};
use simulator::browser::Browser;
use store::sealed::SealedColumn;
use store::signing_keys as stored;
use store::signing_keys::NewKey;
use store::{StoreError, api_keys, installation};
use test_case::both_stores;
use tokio::net::TcpListener;

use crate::registered::{Registered, ltik_of};
use crate::studyreel::{Accepted, valid};
use crate::support::{API_KEY, Gateway, Store, empty_postgres, lms};

fn new_key() -> String {
    SecretKey::generate(&Random::default()).to_hex()
}

async fn start(store: Store, secret: &str) -> Registered {
    let gateway = Gateway::start_configured(store, json!({}), &[("secret_key", secret)]).await;
    Registered::join(gateway, lms().await).await
}

impl Registered {
    /// The same installation with other secret keys.
    async fn with_secret(self, secret: &str) -> Self {
        let gateway = self.gateway.restart_with_secret(secret).await;
        Self { gateway, ..self }
    }

    async fn operator(&self) -> Operator {
        Operator::new(&self.gateway.app.config, Clock::default()).await.unwrap()
    }

    /// What StudyReel's owner has registered, without the times in it.
    async fn studyreel(&self) -> Value {
        self.gateway.admin("GET", "/admin/studyreel", None).await.json().unwrap()
    }

    async fn student_arrives(&self) -> Accepted {
        let url = self.gateway.at("/studyreel/launch");
        let page =
            Browser::new().unwrap().post_json(&url, &valid("ada@example.com")).await.unwrap();
        Accepted::read(&page)
    }

    async fn signs(&self) {
        let path = format!("/admin/platforms/{}/registration", self.platform_id);
        assert_ne!(
            self.gateway.admin("GET", &path, None).await.status,
            500,
            "the registration token opens"
        );
        let signer = self.gateway.app.our_keys.signer(&self.platform_id);
        signer.await.unwrap().sign(&json!({})).unwrap();
    }
}

/// After a theft, the keys made ahead are stolen, too.
#[both_stores]
async fn keys_made_ahead_are_discarded_with_an_entry(store: Store) {
    let (old, new) = (new_key(), new_key());
    let secret = [("secret_key", old.as_str())];
    let gateway = Gateway::start_configured(store, json!({}), &secret).await;
    let ahead = pair::generate(&gateway.app.rows).await.unwrap();
    let insert = gateway.app.db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { stored::insert(&mut tx, ahead, None, 0).await })
    });
    insert.await.unwrap();
    let keys = async || gateway.number("SELECT COUNT(*) FROM signing_keys").await;
    // No platform could get a new key now.
    let mut config = gateway.app.config.clone();
    config.secret_key = Some(format!("{new},{old}"));
    let operator = Operator::new(&config, Clock::default()).await.unwrap();
    let refused = operator.empty_pool().await;
    assert!(matches!(refused, Err(OperatorError::Secret(SetupError::NotInUse))));
    operator.close().await;
    assert_eq!(keys().await, 1);

    let operator = Operator::new(&gateway.app.config, Clock::default()).await.unwrap();
    // The second time there is none.
    for _ in 0..2 {
        operator.empty_pool().await.unwrap();
    }
    operator.close().await;
    assert_eq!(keys().await, 0);
    let log: Value = gateway.admin("GET", "/admin/audit", None).await.json().unwrap();
    assert_eq!(log["entries"].as_array().map(Vec::len), Some(1), "{log}");
    let discarded = &log["entries"][0];
    assert_eq!(discarded["action"], "signing_keys.discarded", "{log}");
    assert_eq!(
        (&discarded["actor"]["kind"], &discarded["after"]["discarded"]),
        (&json!("command"), &json!(1))
    );
    assert_eq!(gateway.number("SELECT COUNT(*) FROM audit_begun").await, 0);
}

#[both_stores]
async fn a_key_file_that_cannot_be_read_begins_no_change(store: Store) {
    let gateway = Gateway::start(store).await;
    let operator = Operator::new(&gateway.app.config, Clock::default()).await.unwrap();
    let begun = async || gateway.number("SELECT COUNT(*) FROM audit_begun").await;
    let file = gateway.app.config.data_dir.join("secret_key");
    let kept = std::fs::read(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    let missing = operator.rotate_secret_key().await;
    std::fs::create_dir(&file).unwrap();
    let unreadable = operator.rotate_secret_key().await;
    for refused in [missing, unreadable] {
        let is_file = matches!(refused, Err(OperatorError::Secret(SetupError::File { .. })));
        assert!(is_file, "{refused:?}");
    }
    assert_eq!(begun().await, 0);

    std::fs::remove_dir(&file).unwrap();
    std::fs::write(&file, kept).unwrap();
    operator.rotate_secret_key().await.unwrap();
    operator.close().await;
    assert_eq!(begun().await, 0);
}

#[both_stores]
async fn the_secret_key_can_be_changed_without_losing_anything(store: Store) {
    let (old, new) = (new_key(), new_key());
    let school = start(store, &old).await;
    let ltik = ltik_of("before", &school.launch(&school.student()).await);
    let (before, owner) = (school.read(&ltik).await, school.studyreel().await);
    let student = school.student_arrives().await;
    assert!(student.is_new);
    let browser = Browser::new().unwrap();
    let posted = school.begin(&browser, &school.student()).await;

    // Not by a command before a server knows the key.
    let mut config = school.gateway.app.config.clone();
    config.secret_key = Some(format!("{new},{old}"));
    let operator = Operator::new(&config, Clock::default()).await.unwrap();
    assert!(matches!(operator.reseal().await, Err(OperatorError::Secret(SetupError::NotInUse))));
    let platform = operator.platform(&school.platform_id).await.unwrap();
    let rotated = operator.rotate(&platform, true).await;
    assert!(matches!(rotated, Err(OperatorError::Secret(SetupError::NotInUse))));
    operator.close().await;

    let school = school.with_secret(&format!("{new},{old}")).await;
    assert_eq!(school.read(&ltik).await, before, "a launch of before");
    assert_eq!(school.studyreel().await, owner, "the launch URL that StudyReel has");
    let again = school.student_arrives().await;
    assert_eq!((again.is_new, &again.user), (false, &student.user), "the student is found");
    ltik_of("a login of before ends now", &school.post(&browser, &posted).await);
    let newer = ltik_of("a launch of now", &school.launch(&school.student()).await);
    school.signs().await;

    let operator = school.operator().await;
    let done = operator.reseal().await.unwrap();
    // Two keys of the platform's are not there: one key, a token, a student, launches of both
    // kinds, placements.
    assert!(done.renewed >= 5 && done.lost == 0, "{done:?}");
    let second = operator.reseal().await.unwrap();
    // The entry about the first is new.
    let all = done.renewed + done.current + 1;
    assert_eq!((second.renewed, second.lost, second.current), (0, 0, all));
    assert_eq!(operator.unrecorded(), None);
    operator.close().await;
    let path = "/admin/audit?action=secret_key.resealed";
    let log = school.gateway.admin("GET", path, None).await.json().unwrap();
    assert_eq!(log["entries"].as_array().map(Vec::len), Some(1), "{log}");
    assert_eq!(log["entries"][0]["after"]["renewed"], done.renewed, "{log}");
    assert_eq!(school.read(&ltik).await, before);

    let school = school.with_secret(&new).await;
    school.read(&newer).await;
    assert_eq!(
        school.gateway.idtoken(&ltik, "").await.status,
        401,
        "signed with the key that is gone"
    );
    assert_eq!(school.studyreel().await, owner);
    assert_eq!(school.student_arrives().await.user, student.user);
    school.signs().await;
    ltik_of("and on", &school.launch(&school.student()).await);
}

#[both_stores]
async fn replicas_can_change_over_one_at_a_time(store: Store) {
    // One file has one writer; replicas share a server.
    if store == Store::Sqlite {
        return;
    }
    let (old, new) = (new_key(), new_key());
    let first = start(store, &format!("{old},{new}")).await;
    let second = first.gateway.replica_with_secret(&format!("{new},{old}")).await;
    for (begins, ends) in [(&first.gateway, &second), (&second, &first.gateway)] {
        let ltik = ltik_of("from one to the other", &crossing(&first, begins, ends).await);
        for reads in [begins, ends] {
            assert_eq!(reads.idtoken(&ltik, "").await.status, 200);
        }
    }
}

#[both_stores]
async fn concurrent_reseals_share_the_rows_in_bounded_pages(store: Store) {
    let (old, new) = (new_key(), new_key());
    let school = start(store, &old).await;
    let rows = &school.gateway.app.rows;
    // More than one transaction's worth, in two that one commit holds.
    let keys: Vec<NewKey> = (0..450)
        .map(|number| {
            let kid = format!("kid-{number:04}");
            let private_sealed = rows.seal(&pair::sealed_as(&kid), b"private");
            NewKey { kid, public_jwk: "{}".into(), public_pem: String::new(), private_sealed }
        })
        .collect();
    let insert = school.gateway.app.db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move {
            for key in keys {
                stored::insert(&mut tx, key, None, 0).await?;
            }
            Ok(())
        })
    });
    insert.await.unwrap();
    let school = school.with_secret(&format!("{new},{old}")).await;
    let app = &school.gateway.app;
    let (first, second) = tokio::join!(reseal(&app.db, &app.rows), reseal(&app.db, &app.rows));
    let (first, second) = (first.unwrap(), second.unwrap());
    let all = first.renewed + second.renewed;
    assert!(all >= 451 && first.lost + second.lost == 0, "{first:?} {second:?}");
    assert_eq!(reseal(&app.db, &app.rows).await.unwrap().current, all);
    // A row that no key opens is told, and stays.
    let swap = "UPDATE signing_keys SET private_sealed = \
        (SELECT private_sealed FROM signing_keys WHERE kid = 'kid-0001') WHERE kid = 'kid-0002'";
    school.gateway.meddle(swap).await;
    assert_eq!(reseal(&app.db, &app.rows).await.unwrap().lost, 1);
}

#[both_stores]
async fn an_older_store_keeps_what_was_derived_from_its_key(store: Store) {
    let (old, new) = (new_key(), new_key());
    let school = start(store, &old).await;
    school.gateway.meddle("UPDATE installation SET root_sealed = NULL").await;
    let unkeyed = school.gateway.app.db.write::<_, StoreError, _>(|mut tx| {
        Box::pin(async move {
            let key = api_keys::all(&mut tx).await?.remove(0);
            api_keys::rehash(&mut tx, &key.key_hash, &old_hash(API_KEY)).await
        })
    });
    assert!(unkeyed.await.unwrap(), "nor were API keys hashed with a key of ours");
    let school = school.with_secret(&old).await;
    let owner = school.studyreel().await;
    let student = school.student_arrives().await;
    let row =
        installation::sealed(&mut school.gateway.app.db.read().await.unwrap().tx()).await.unwrap();
    assert!(row.unwrap().root_sealed.is_some());
    let school = school.with_secret(&format!("{new} {old}")).await;
    assert_eq!(school.studyreel().await, owner);
    assert_eq!(school.student_arrives().await.user, student.user);
}

#[both_stores]
async fn every_sealed_column_is_resealed(store: Store) {
    let gateway = Gateway::start(store).await;
    let mut known: Vec<String> =
        SealedColumn::ALL.iter().map(|column| column.name().to_owned()).collect();
    known.extend(
        [
            "installation.proof_sealed",
            "installation.root_sealed",
            "registrations.offer_sealed",
            "registrations.id_sealed",
        ]
        .map(str::to_owned),
    );
    let columns = crate::store::columns(&gateway).await;
    let sealed = columns
        .iter()
        .filter_map(|column| column.split(' ').next())
        .filter(|name| name.ends_with("_sealed"));
    for column in sealed {
        assert!(known.contains(&column.to_owned()), "{column}: add it to store/sealed.rs");
        known.retain(|name| name != column);
    }
    assert!(known.is_empty(), "{known:?}");
}

/// A launch that begins at one replica and ends at another.
pub async fn crossing(
    school: &Registered,
    begins: &Gateway,
    ends: &Gateway,
) -> simulator::browser::Page {
    use crate::registered::form;
    let login = school.lms.login_request(&school.student()).unwrap();
    let fields: Vec<(&str, &str)> = login.fields.iter().map(|(n, v)| (&**n, &**v)).collect();
    let browser = Browser::new().unwrap();
    let page = browser.send(form(&begins.at("/lti/login"), &fields)).await.unwrap();
    assert_eq!(page.status, 302, "{}", page.text());
    let page = browser.get(page.location().unwrap().as_str()).await.unwrap();
    let posted = page.auto_form().unwrap_or_else(|| panic!("{}", page.text()));
    let fields = ["id_token", "state"].map(|name| (name, posted.field(name).unwrap()));
    // A load balancer would choose between the two under one name; here the cookies go along by
    // hand.
    let cookies: Vec<String> =
        browser.cookies(&begins.url).iter().map(|c| format!("{}={}", c.name, c.value)).collect();
    let request = form(&ends.at("/lti/launch"), &fields).header("cookie", &cookies.join("; "));
    browser.fresh().send(request).await.unwrap()
}

/// As `a_secret_key_without_its_database_stops_the_start` is for a file.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_key_beside_an_empty_postgres_stops_the_start() {
    let gateway = Gateway::start(Store::Postgres).await;
    let mut config = gateway.app.config.clone();
    config.database_url = empty_postgres().await;
    let start = async |config| {
        let listener = TcpListener::bind("127.0.0.2:0").await.unwrap();
        Server::start_on(listener, config, Supplies::default()).await
    };
    let error = start(config.clone()).await.err().unwrap().to_string();
    for words in ["secret_key is there", "that database_url names", "--new"] {
        assert!(error.contains(words), "{error}");
    }
    config.fixed.begins_anew = true;
    let anew = start(config.clone()).await.unwrap();
    assert!(anew.first_start.is_some());
    anew.app.db.close().await;
    // From then on it is a database like any other.
    config.fixed.begins_anew = false;
    let again = start(config).await.unwrap();
    assert!(again.first_start.is_none());
    again.app.db.close().await;
}

//! What the tool's owner and the application reach with an API key: learning paths, previews,
//! students.

use serde_json::{Value, json};
use studyreel::PRINTED_EXAMPLE;
use test_case::both_stores;

use super::{StudyReel, open, valid, valid_with};
use crate::support::{SOON, Store};

impl StudyReel {
    /// A request with the API key; gives the answer's body and expects its status.
    pub(super) async fn api(
        &self,
        method: &str,
        path: &str,
        body: Option<Value>,
        status: u16,
    ) -> Value {
        let page = self.gateway.admin(method, path, body).await;
        assert_eq!(page.status, status, "{method} {path}: {}", page.text());
        page.json().unwrap_or(Value::Null)
    }

    pub(super) async fn get(&self, path: &str) -> Value {
        self.api("GET", path, None, 200).await
    }
}

fn ids(list: &Value) -> Vec<&str> {
    let students = list["students"].as_array().unwrap().iter();
    students.map(|student| student["id"].as_str().unwrap()).collect()
}

#[both_stores]
async fn the_owner_defines_the_learning_paths(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let standard = studyreel.get("/admin/learning-paths").await;
    assert_eq!(
        (&standard["standard"], standard["learningPaths"].as_array().unwrap().len()),
        (&json!(true), 4)
    );
    let math = json!({
        "id": "math-1", "subject": "math", "title": "Numbers", "grades": {"from": 1, "to": 4},
        "entryPoints": {"3": "unit-3"}, "diagnosticEntry": "test", "weeklyGoal": {"minutes": 60},
    });
    let made = studyreel.api("POST", "/admin/learning-paths", Some(math.clone()), 201).await;
    assert_eq!(made["grades"], json!([1, 2, 3, 4]));
    let refused = studyreel
        .api(
            "POST",
            "/admin/learning-paths",
            Some(json!({"id": "x", "subject": "art", "grades": [99]})),
            400,
        )
        .await;
    let why = "The request body is wrong: 'grades' must take grades: -1 (PreK), 0 (K), 1 to 13";
    assert_eq!(refused["details"]["description"], why);
    for (taken, code) in [
        (math.clone(), 409),
        (json!({"id": "m2", "subject": "math", "grades": [1]}), 409),
        (json!({"id": "m2", "subject": "art", "grades": []}), 400),
        (json!({"id": "m2"}), 400),
        (json!([]), 400),
    ] {
        studyreel.api("POST", "/admin/learning-paths", Some(taken), code).await;
    }
    studyreel
        .api(
            "POST",
            "/admin/learning-paths",
            Some(json!({"id": "art", "subject": "art", "grades": ["K", 1]})),
            201,
        )
        .await;
    assert_eq!(studyreel.get("/admin/learning-paths/math-1").await, made);
    let listed = studyreel.get("/admin/learning-paths").await;
    assert_eq!(
        (&listed["standard"], listed["learningPaths"].as_array().unwrap().len()),
        (&json!(false), 2)
    );
    // Anyone who launches now is placed in these.
    let seen = studyreel.seen(&valid_with("a", json!({"map_rit_math": "190"}))).await;
    let placed =
        |seen: &Value, n: usize, member: &str| seen["student"]["placement"][n][member].clone();
    assert_eq!(seen["student"]["placement"].as_array().unwrap().len(), 2);
    assert_eq!(
        (
            placed(&seen, 1, "path"),
            placed(&seen, 1, "grade"),
            placed(&seen, 1, "entryPoint"),
            placed(&seen, 1, "weeklyGoal")
        ),
        (json!("math-1"), json!(3), json!("unit-3"), json!({"minutes": 60}))
    );
    assert_eq!((placed(&seen, 0, "grade"), placed(&seen, 0, "clampedFrom")), (json!(1), json!(5)));
    // A changed path holds for the next launch, without moving anyone by itself.
    let wider = json!({"subject": "math", "grades": {"from": "K", "to": 8}});
    let replaced =
        studyreel.api("PUT", "/admin/learning-paths/math-1", Some(wider.clone()), 200).await;
    assert_eq!(
        (&replaced["id"], replaced["grades"].as_array().unwrap().len()),
        (&json!("math-1"), 9)
    );
    studyreel.api("PUT", "/admin/learning-paths/other", Some(wider), 404).await;
    studyreel
        .api(
            "PUT",
            "/admin/learning-paths/art",
            Some(json!({"subject": "math", "grades": [1]})),
            409,
        )
        .await;
    studyreel
        .api(
            "PUT",
            "/admin/learning-paths/art",
            Some(json!({"id": "x", "subject": "art", "grades": [1]})),
            400,
        )
        .await;
    assert_eq!(placed(&studyreel.seen(&valid("a")).await, 1, "grade"), json!(3));
    studyreel.api("DELETE", "/admin/learning-paths/art", None, 204).await;
    studyreel.api("DELETE", "/admin/learning-paths/art", None, 404).await;
    studyreel.api("GET", "/admin/learning-paths/art", None, 404).await;
    assert_eq!(
        studyreel.seen(&valid("a")).await["student"]["placement"].as_array().unwrap().len(),
        1
    );
}

#[both_stores]
async fn learning_paths_in_the_settings_file_override_the_api(store: Store) {
    let file = json!([{
        "id": "numbers", "subject": "math", "grades": {"from": 1, "to": 4},
        "entryPoints": {"3": "unit-3"},
    }]);
    let mut studyreel = StudyReel::start(store).await;
    // Defined by the API before the file said anything.
    for path in [
        json!({"id": "sums", "subject": "math", "grades": [1]}),
        json!({"id": "books", "subject": "reading", "grades": ["K", 1]}),
    ] {
        studyreel.api("POST", "/admin/learning-paths", Some(path), 201).await;
    }
    let early = studyreel.seen(&valid_with("a", json!({"map_rit_math": "190"}))).await;
    assert_eq!(early["student"]["placement"][0]["path"], "sums");
    studyreel.gateway.write_learning_paths(file.clone());
    studyreel.gateway = studyreel.gateway.restart().await;
    let listed = studyreel.get("/admin/learning-paths").await;
    let in_force: Vec<&Value> =
        listed["learningPaths"].as_array().unwrap().iter().map(|path| &path["id"]).collect();
    assert_eq!(in_force, ["numbers", "books"]);
    assert_eq!(
        (&listed["standard"], &listed["fromFile"], &listed["overruled"][0]["id"]),
        (&json!(false), &json!(["numbers"]), &json!("sums"))
    );
    assert_eq!(studyreel.get("/admin/learning-paths/numbers").await["entryPoints"]["3"], "unit-3");
    // What the file says only the file changes.
    let math = |id: &str| json!({"id": id, "subject": "math", "grades": [5]});
    for (method, path, body) in [
        ("POST", "", Some(math("numbers"))),
        ("POST", "", Some(math("more"))),
        ("POST", "", Some(json!({"id": "numbers", "subject": "art", "grades": [1]}))),
        ("POST", "", Some(json!({"id": "more", "subject": "MATH", "grades": [1]}))),
        ("PUT", "/numbers", Some(math("numbers"))),
        ("PUT", "/books", Some(math("books"))),
        ("DELETE", "/numbers", None),
    ] {
        let refused =
            studyreel.api(method, &format!("/admin/learning-paths{path}"), body, 409).await;
        assert!(
            refused.to_string().contains("LEARNING_PATH_IN_FILE"),
            "{method} {path}: {refused}"
        );
    }
    // Its path holds: the student moves over, and a preview says the same.
    let seen = studyreel.seen(&valid_with("a", json!({"map_rit_math": "190"}))).await;
    let math = &seen["student"]["placement"][0];
    assert_eq!(
        (&math["path"], &math["grade"], &math["entryPoint"]),
        (&json!("numbers"), &json!(3), &json!("unit-3"))
    );
    let preview = studyreel
        .api("POST", "/admin/placement/preview", Some(json!({"map_rit_math": 190})), 200)
        .await;
    assert_eq!(
        (&preview["placement"][0]["path"], &preview["norms"]["version"]),
        (&json!("numbers"), &json!("nwea-2025.1"))
    );
    // What it overrules can be deleted, and is in force again where the file is silent.
    studyreel.gateway.write_learning_paths(json!([]));
    studyreel.gateway = studyreel.gateway.restart().await;
    let listed = studyreel.get("/admin/learning-paths").await;
    assert_eq!(
        (listed["learningPaths"].as_array().unwrap().len(), &listed["fromFile"]),
        (2, &json!([]))
    );
    studyreel.gateway.write_learning_paths(file.clone());
    studyreel.gateway = studyreel.gateway.restart().await;
    studyreel.api("DELETE", "/admin/learning-paths/sums", None, 204).await;
    studyreel.api("DELETE", "/admin/learning-paths/sums", None, 404).await;
}

#[both_stores]
async fn an_erased_student_is_gone_from_all_replicas_in_seconds(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let replica = studyreel.gateway.replica().await;
    let student = studyreel.ok(&valid("ada@example.com")).await;
    let ltik = studyreel.redeem(&student.link).await;
    assert_eq!(replica.idtoken(&ltik, "").await.status, 200);
    assert_eq!(studyreel.gateway.idtoken(&ltik, "").await.status, 200);
    studyreel.api("DELETE", &format!("/api/students/{}", student.user), None, 204).await;
    assert_eq!(studyreel.gateway.idtoken(&ltik, "").await.status, 401, "here at once");
    let gone = async {
        while replica.idtoken(&ltik, "?raw=true").await.status != 401 {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(SOON, gone).await.expect("still at hand elsewhere");
}

#[both_stores]
async fn a_preview_shows_a_payloads_outcome_and_stores_nothing(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let example: Value = serde_json::from_str(PRINTED_EXAMPLE).unwrap();
    let preview = studyreel.api("POST", "/admin/placement/preview", Some(example), 200).await;
    let grades: Vec<&Value> =
        preview["placement"].as_array().unwrap().iter().map(|p| &p["grade"]).collect();
    assert_eq!(grades, [5, 5, 6, 5]);
    assert_eq!(preview["placement"][0]["inputs"]["rit"]["raw"], "190");
    assert!(preview["ruleVersion"].as_str().unwrap().contains("nwea-2025"));
    let part = studyreel
        .api("POST", "/admin/placement/preview", Some(json!({"age_grade": "x"})), 200)
        .await;
    assert_eq!(part["placement"][0]["reason"], "unknown");
    assert_eq!(part["placement"][0]["inputs"]["ageGrade"]["warning"], "unreadable");
    studyreel.api("POST", "/admin/placement/preview", Some(json!([])), 400).await;
    studyreel.nothing_is_stored().await;
}

#[both_stores]
async fn a_preview_matches_the_launch_that_follows(store: Store) {
    let studyreel = StudyReel::start_with(
        store,
        json!({"placement": {"conflictThreshold": 3, "ritGradeCap": 7}}),
    )
    .await;
    for path in [
        json!({
            "id": "numbers", "subject": "math", "grades": [1, 3, 6],
            "entryPoints": {"3": "unit-3"}, "diagnosticEntry": "check",
        }),
        json!({"id": "books", "subject": "reading", "grades": {"from": 2, "to": 12}}),
        json!({"id": "art", "subject": "art", "grades": ["PreK", "K"]}),
    ] {
        studyreel.api("POST", "/admin/learning-paths", Some(path), 201).await;
    }
    for (n, measures) in [
        json!({}),
        json!({"age_grade": "null"}),
        json!({"map_rit_math": 190}),
        json!({"studyreel_grade_math": "3rd"}),
        json!({"studyreel_grade_math": "8", "map_rit_math": "190.5"}),
        json!({"studyreel_grade_math": "Grade-1", "age_grade": -1}),
        json!({"studyreel_grade_reading": 13, "map_rit_reading": "350"}),
        json!({"map_rit_reading": {}, "age_grade": []}),
    ]
    .into_iter()
    .enumerate()
    {
        let launch = valid_with(&format!("s{n}"), measures);
        let mut previewed = studyreel
            .api("POST", "/admin/placement/preview", Some(launch.clone()), 200)
            .await["placement"]
            .take();
        let seen = studyreel.seen(&launch).await;
        let mut placed = seen["student"]["placement"].clone();
        assert_eq!(placed.as_array().unwrap().len(), 3);
        let without = |placements: &mut Value, names: &[&str]| {
            for placement in placements.as_array_mut().unwrap() {
                placement
                    .as_object_mut()
                    .unwrap()
                    .retain(|name, _| !names.contains(&name.as_str()));
            }
        };
        // The preview says from what; the launch, what the path is called.
        without(&mut previewed, &["inputs"]);
        without(&mut placed, &["title", "weeklyGoal"]);
        assert_eq!(previewed, placed, "{launch}");
    }
}

#[both_stores]
async fn students_are_listed_in_pages_and_can_be_filtered(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let mut users = Vec::new();
    for n in 0..5 {
        let launch = valid_with(
            &format!("s{n}@example.com"),
            json!({"studyreel_grade_math": n.to_string()}),
        );
        users.push(studyreel.ok(&launch).await.user);
    }
    users.sort_unstable();
    let mut found = Vec::new();
    let mut path = "/api/students?limit=2".to_owned();
    loop {
        let page = studyreel.get(&path).await;
        found.extend(ids(&page).into_iter().map(str::to_owned));
        let Some(cursor) = page["nextCursor"].as_str() else { break };
        path = format!("/api/students?limit=2&cursor={cursor}");
    }
    let mut sorted = found.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, users);
    let one = studyreel.get("/api/students?subject=S3%40example.com").await;
    assert_eq!((ids(&one).len(), &one["students"][0]["subject"]), (1, &json!("s3@example.com")));
    assert_eq!(one["students"][0]["grades"], json!({"math": 3}));
    let id = one["students"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(ids(&studyreel.get("/api/students?path=math&grade=3").await), [id.as_str()]);
    // Filters add up, that of the subject too.
    for (filter, number) in [
        ("path=math&grade=3&status=active", 1),
        ("path=math&grade=4", 0),
        ("status=disabled", 0),
        ("launchedSince=2100-01-01T00:00:00Z", 0),
        ("externalId=other", 0),
        ("issuer=https://elsewhere.example", 0),
    ] {
        let found = studyreel.get(&format!("/api/students?subject=s3@example.com&{filter}")).await;
        assert_eq!(ids(&found).len(), number, "{filter}");
    }
    let whole = studyreel.get("/api/students?limit=5").await;
    assert_eq!((ids(&whole).len(), whole.get("nextCursor")), (5, None));
    assert_eq!(ids(&studyreel.get("/api/students?path=math").await).len(), 5);
    assert_eq!(ids(&studyreel.get("/api/students?path=art").await).len(), 0);
    assert_eq!(
        ids(&studyreel.get("/api/students?issuer=https://elsewhere.example").await).len(),
        0
    );
    assert_eq!(
        ids(&studyreel.get("/api/students?launchedSince=2100-01-01T00:00:00Z").await).len(),
        0
    );
    assert_eq!(
        ids(&studyreel.get("/api/students?launchedSince=2000-01-01T00:00:00Z&status=active").await)
            .len(),
        5
    );
    // Anyone who sent them may not be listed any more.
    studyreel
        .gateway
        .patch_tool(json!({"studyreel": {"issuers": ["https://elsewhere.example"]}}))
        .await;
    assert_eq!(ids(&studyreel.get("/api/students?subject=S3%40example.com").await), [id.as_str()]);
    assert_eq!(whole["students"][0]["placement"][0]["path"], "math");
    for odd in [
        "status=erased",
        "cursor=%00",
        "externalId=a%00",
        "subject=%00",
        "path=%0a",
        "grade=x",
        "limit=0",
    ] {
        studyreel.api("GET", &format!("/api/students?{odd}"), None, 400).await;
    }
    for (method, path) in [("GET", "students"), ("PATCH", "students"), ("DELETE", "students")] {
        let body = (method == "PATCH").then(|| json!({}));
        for odd in ["%00", "x", "..", "%2e%2e%2fadmin"] {
            studyreel.api(method, &format!("/api/{path}/{odd}"), body.clone(), 404).await;
        }
    }
    studyreel.api("DELETE", "/admin/learning-paths/%00", None, 404).await;
    let page =
        studyreel.gateway.with_authorization("GET", "/api/students", None, "Bearer wrong").await;
    assert_eq!(page.status, 401);
}

#[both_stores]
async fn a_student_can_be_read_changed_and_erased(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let launch =
        |grade: &str| valid_with("ada@example.com", json!({"studyreel_grade_math": grade}));
    let first = studyreel.ok(&launch("3")).await;
    let ltik = studyreel.redeem(&first.link).await;
    studyreel.ok(&launch("2")).await;
    let path = format!("/api/students/{}", first.user);
    let student = studyreel.get(&path).await;
    assert_eq!((&student["name"], &student["status"]), (&json!("Ada Moss"), &json!("active")));
    assert_eq!(
        (&student["placement"][0]["grade"], &student["placement"][0]["suggestedGrade"]),
        (&json!(3), &json!(2))
    );
    let history = student["placementHistory"].as_array().unwrap();
    assert_eq!((history.len(), &history[0]["outcome"]), (5, &json!("suggested")));
    assert_eq!(history[0]["placement"]["inputs"]["grade"]["raw"], "2");
    let launches = student["launches"].as_array().unwrap();
    assert_eq!(launches.iter().filter(|launch| launch["linkOpenedAt"].is_string()).count(), 1);
    // The application's own id and how far the student came are in the next launch.
    let change = json!({"externalId": "pupil-7", "positions": {"math": "unit-12"}});
    let changed = studyreel.api("PATCH", &path, Some(change), 200).await;
    assert_eq!(
        (&changed["externalId"], &changed["placement"][0]["position"]),
        (&json!("pupil-7"), &json!("unit-12"))
    );
    let seen = studyreel.seen(&launch("4")).await;
    assert_eq!(
        (&seen["student"]["externalId"], &seen["student"]["placement"][0]["position"]),
        (&json!("pupil-7"), &json!("unit-12"))
    );
    assert_eq!(
        ids(&studyreel.get("/api/students?externalId=pupil-7").await),
        [first.user.as_str()]
    );
    let other = studyreel.ok(&valid("ben@example.com")).await.user;
    let other = format!("/api/students/{other}");
    studyreel.api("PATCH", &other, Some(json!({"externalId": "pupil-7"})), 409).await;
    // The platform knows someone else by this one.
    studyreel.api("PATCH", &other, Some(json!({"externalId": first.user})), 409).await;
    for wrong in [
        json!({"name": "Eve"}),
        json!({"status": "erased"}),
        json!({"positions": {"art": "x"}}),
        json!({"externalId": ""}),
    ] {
        studyreel.api("PATCH", &other, Some(wrong), 400).await;
    }
    studyreel
        .api("PATCH", &path, Some(json!({"externalId": null, "positions": {"math": null}})), 200)
        .await;
    studyreel.api("PATCH", &other, Some(json!({"externalId": "pupil-7"})), 200).await;
    // A disabled student neither launches nor uses a link made before.
    let waiting = studyreel.ok(&launch("4")).await.link;
    studyreel.api("PATCH", &path, Some(json!({"status": "disabled"})), 200).await;
    let refused = launch("4");
    assert_eq!(studyreel.refused(&refused).await, "account_disabled");
    assert_eq!(open(&studyreel.browser(), &waiting).await.status, 410);
    studyreel.api("PATCH", &path, Some(json!({"status": "active"})), 200).await;
    studyreel.ok(&refused).await;
    studyreel.redeem(&waiting).await;
    // Erased means gone, from launches that are still good too, and no launch brings anyone back.
    studyreel.api("DELETE", &path, None, 204).await;
    for (method, body) in [("GET", None), ("DELETE", None), ("PATCH", Some(json!({})))] {
        studyreel.api(method, &path, body, 404).await;
    }
    assert_eq!(studyreel.refused(&launch("4")).await, "account_disabled");
    let trace = studyreel.gateway.newest("kind=studyreel&outcome=failed").await;
    let advice = trace["reason"]["advice"].as_str().unwrap();
    assert!(advice.contains("was erased") && !advice.contains("PATCH"), "{trace}");
    assert_eq!(studyreel.gateway.idtoken(&ltik, "").await.status, 401);
    assert_eq!(ids(&studyreel.get("/api/students?subject=ada@example.com").await).len(), 0);
    assert_eq!((studyreel.rows("students").await, studyreel.rows("enrolments").await), (2, 4));
    assert_eq!((studyreel.rows("placements").await, studyreel.rows("login_links").await), (4, 1));
    // Of their launches nothing is left but that they can't be sent again.
    let left =
        "SELECT COUNT(*) || ' ' || COUNT(document_sealed) || ' ' || COUNT(trace) FROM launches";
    assert_eq!(studyreel.gateway.texts(left).await, ["6 1 1"]);
}

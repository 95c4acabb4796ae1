//! What the platform accepts is what it gets (lti.md E-12).

use serde_json::{Value, json};
use simulator::jose;
use test_case::both_stores;

use super::{ITEMS, answered, asked, asking, quiz, refused};
use crate::registered::{Registered, ltik_of};
use crate::support::Store;

const NOT_ACCEPTED: &str = "CONTENT_ITEMS_NOT_ACCEPTED";

/// Items of every type with every member.
fn everything(at: &str) -> Value {
    let image = json!({"url": "https://tool.example/i.png", "width": 50, "height": 40});
    let period = json!({"startDateTime": "2026-09-01T08:00:00Z", "endDateTime": "2026-09-30T20:00:00+02:00"});
    json!([
        {"type": "ltiResourceLink", "url": at, "title": "Quiz", "text": "Ten questions", "icon": image, "thumbnail": image,
         "window": {"targetName": "quiz", "width": 800, "height": 600, "windowFeatures": "height=600"},
         "iframe": {"width": 800, "height": 600}, "custom": {"quiz": "7"},
         "lineItem": {"label": "Quiz", "scoreMaximum": 10, "resourceId": "7", "tag": "quiz", "gradesReleased": false},
         "available": period, "submission": period, "https://www.sakailms.org/spec/lti-dl/placement": "x"},
        {"type": "link", "url": "https://example.org/a?b=c#d", "title": "Elsewhere", "embed": {"html": "<b>x</b>"},
         "iframe": {"src": "https://example.org/frame", "width": 1, "height": 1}, "icon": image},
        {"type": "file", "url": "https://tool.example/f.pdf", "title": "Sheet", "mediaType": "application/pdf",
         "expiresAt": "2026-09-30T20:00:00Z"},
        {"type": "html", "html": "<script>theirs()</script>", "title": "Piece"},
        {"type": "image", "url": "https://tool.example/p.png", "width": 640, "height": 480, "thumbnail": image},
    ])
}

fn generous() -> Value {
    json!({
        "accept_types": ["ltiResourceLink", "link", "file", "html", "image"], "accept_multiple": true,
        "accept_presentation_document_targets": ["iframe", "window", "embed"], "accept_lineitem": true,
        "accept_media_types": "application/pdf,image/*",
    })
}

#[both_stores("TC-267")]
async fn every_type_and_every_member_reaches_the_platform(store: Store) {
    let school = Registered::new(store).await;
    let launch = asking(&school, &generous())
        .with("tool_platform", json!({"guid": "g", "product_family_code": "canvas"}));
    let ltik = ltik_of("all", &school.launch(&launch).await);
    let items = everything(&school.gateway.at("/lti/launch?quiz=7"));
    let (message, _, warnings) =
        answered(&school.gateway, &ltik, json!({"contentItems": items})).await;
    assert_eq!(jose::decode(&message).unwrap().claims[ITEMS], items);
    assert_eq!(warnings, Value::Null);
}

#[both_stores("TC-272", "TC-273")]
async fn what_the_platform_could_not_place_is_refused_with_its_place(store: Store) {
    let school = Registered::new(store).await;
    let gateway = &school.gateway;
    let two = json!({"contentItems": [quiz(gateway), quiz(gateway)]});
    for said in [json!({"accept_multiple": null}), json!({"accept_multiple": false})] {
        let ltik = asked(&school, said).await;
        let wanted = (400, NOT_ACCEPTED.to_owned(), vec!["contentItems".to_owned()]);
        assert_eq!(refused(gateway, &ltik, two.clone()).await, wanted);
        answered(gateway, &ltik, json!({"contentItems": [quiz(gateway)]})).await;
    }
    let ltik =
        asked(&school, json!({"accept_types": ["link", "file"], "accept_media_types": "image/*"}))
            .await;
    let items = json!([
        quiz(gateway), {"type": "html", "html": "x"},
        {"type": "file", "url": "https://tool.example/f", "mediaType": "application/pdf"},
    ]);
    let wanted = ["contentItems[0].type", "contentItems[1].type", "contentItems[2].mediaType"];
    assert_eq!(
        refused(gateway, &ltik, json!({"contentItems": items})).await,
        (400, NOT_ACCEPTED.to_owned(), wanted.map(str::to_owned).to_vec())
    );
}

#[both_stores("TC-274", "SV-5")]
async fn what_only_adds_to_an_item_is_left_out_with_a_word(store: Store) {
    let school = Registered::new(store).await;
    let item = |gateway: &crate::support::Gateway| {
        let mut item = quiz(gateway);
        item["lineItem"] = json!({"scoreMaximum": 10});
        item["window"] = json!({"width": 5});
        item
    };
    let other = json!({"guid": "g", "product_family_code": "other"});
    for (accepts, family, left_out) in [
        (json!({}), &other, vec!["contentItems[0].lineItem"]),
        (json!({"accept_lineitem": false}), &other, vec!["contentItems[0].lineItem"]),
        (json!({"accept_lineitem": true}), &other, vec![]),
        (
            json!({"accept_lineitem": true, "accept_presentation_document_targets": ["iframe"]}),
            &other,
            vec!["contentItems[0].window"],
        ),
    ] {
        let launch = asking(&school, &accepts).with("tool_platform", family.clone());
        let ltik = ltik_of("left out", &school.launch(&launch).await);
        let body = json!({"contentItems": [item(&school.gateway)]});
        let (message, _, warnings) = answered(&school.gateway, &ltik, body).await;
        let fields = warnings.as_array().into_iter().flatten();
        let fields: Vec<_> = fields.map(|warning| warning["field"].as_str().unwrap()).collect();
        assert_eq!(fields, left_out, "{accepts}");
        let sent = &jose::decode(&message).unwrap().claims[ITEMS][0];
        for field in left_out {
            let name = field.rsplit('.').next().unwrap();
            assert_eq!(sent.get(name), None, "{accepts}");
        }
    }
}

#[both_stores("TC-274")]
async fn moodle_makes_a_column_though_it_does_not_say_so(store: Store) {
    let school = Registered::new(store).await;
    let mut item = quiz(&school.gateway);
    item["lineItem"] = json!({"scoreMaximum": 25, "resourceId": "r9", "tag": "t9"});
    let ltik = asked(&school, json!({})).await;
    let (message, target, _) =
        answered(&school.gateway, &ltik, json!({"contentItems": [item]})).await;
    super::deliver(&message, &target).await;
    let items = school.lms.line_items(&school.client_id);
    assert!(items.iter().any(|item| (item.score_maximum - 25.0).abs() < f64::EPSILON), "{items:?}");
}

#[both_stores("SV-2", "SV-7")]
async fn a_resource_link_without_address_gets_the_tools(store: Store) {
    let school = Registered::new(store).await;
    let ltik = asked(&school, json!({})).await;
    let items = json!([
        {"type": "ltiResourceLink", "title": "A", "custom": {"quiz": "1"}},
        {"type": "ltiResourceLink", "title": "B", "custom": {"quiz": "2"}, "url": null},
        {"type": "ltiResourceLink", "title": "C", "url": "https://elsewhere.example/launch"},
    ]);
    let (message, target, warnings) =
        answered(&school.gateway, &ltik, json!({"contentItems": items})).await;
    let sent = &jose::decode(&message).unwrap().claims[ITEMS];
    let ours = school.gateway.at("/lti/launch");
    assert_eq!((&sent[0]["url"], &sent[1]["url"]), (&json!(ours), &json!(ours)));
    assert_eq!(warnings.as_array().unwrap().len(), 3, "{warnings}");
    assert_eq!(super::deliver(&message, &target).await.status, 200);
    assert_eq!(school.lms.courses()[0].links.len(), 5);
}

#[both_stores("TC-275")]
async fn a_line_item_without_maximum_is_refused(store: Store) {
    let school = Registered::new(store).await;
    let ltik = asked(&school, json!({"accept_lineitem": true})).await;
    for line_item in
        [json!({"scoreMaximum": 0}), json!({"label": "x"}), json!({"scoreMaximum": -1})]
    {
        let mut item = quiz(&school.gateway);
        item["lineItem"] = line_item;
        let at = vec!["contentItems[0].lineItem.scoreMaximum".to_owned()];
        assert_eq!(
            refused(&school.gateway, &ltik, json!({"contentItems": [item]})).await,
            (400, "INVALID_CONTENT_ITEMS".to_owned(), at)
        );
    }
}

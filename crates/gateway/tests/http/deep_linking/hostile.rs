//! Bodies that no one means well with.

use serde_json::{Value, json};
use simulator::browser::Request;
use test_case::both_stores;

use super::{asked, payload, quiz, refused};
use crate::registered::Registered;
use crate::support::{API_KEY, Store, send};

#[both_stores("E-12")]
async fn hostile_items_are_refused_and_use_nothing_up(store: Store) {
    let school = Registered::new(store).await;
    let gateway = &school.gateway;
    let ltik = asked(&school, json!({})).await;
    let with = |name: &str, value: Value| {
        let mut item = quiz(gateway);
        item[name] = value;
        json!({"contentItems": [item]})
    };
    let long = format!("https://tool.example/{}", "x".repeat(9000));
    for url in [
        "javascript:alert(1)",
        "\u{1}javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,<script>x</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example/x",
        "https://user@evil.example/",
        "https://x.example/\r\nSet-Cookie: a=b",
        "https:\\\\evil.example",
        "https://x.example/#fragment",
        "http://",
        long.as_str(),
    ] {
        let wanted =
            (400, "INVALID_CONTENT_ITEMS".to_owned(), vec!["contentItems[0].url".to_owned()]);
        assert_eq!(refused(gateway, &ltik, with("url", json!(url))).await, wanted, "{url:?}");
        if !url.ends_with("#fragment") {
            let icon = with("icon", json!({"url": url}));
            assert_eq!(refused(gateway, &ltik, icon).await.0, 400, "{url:?}");
        }
    }
}

#[both_stores("TC-341")]
async fn wrong_shapes_are_told_apart(store: Store) {
    let school = Registered::new(store).await;
    let gateway = &school.gateway;
    let ltik = asked(&school, json!({})).await;
    let code = async |body: Value| refused(gateway, &ltik, body).await.1;
    assert_eq!(code(json!({})).await, "MISSING_CONTENT_ITEMS");
    assert_eq!(code(json!({"contentItems": null})).await, "MISSING_CONTENT_ITEMS");
    assert_eq!(code(json!({"content_items": []})).await, "MISSING_CONTENT_ITEMS");
    for items in [
        json!("x"),
        json!(5),
        json!([[]]),
        json!([null]),
        json!([{}]),
        json!([{"type": 5}]),
        json!({"type": "a b"}),
    ] {
        assert_eq!(code(json!({"contentItems": items})).await, "INVALID_CONTENT_ITEMS", "{items}");
    }
    assert_eq!(code(json!([])).await, "INVALID_BODY");
    assert_eq!(code(json!({"contentItems": [], "options": "x"})).await, "INVALID_BODY");
    assert_eq!(code(json!({"contentItems": [], "options": {"message": 5}})).await, "INVALID_BODY");
    let many = vec![json!({"type": "ltiResourceLink"}); 1001];
    assert_eq!(code(json!({"contentItems": many})).await, "INVALID_CONTENT_ITEMS");
}

#[both_stores("TC-341")]
async fn large_and_deep_bodies_end_early(store: Store) {
    let school = Registered::new(store).await;
    let ltik = asked(&school, json!({})).await;
    let deep = format!(
        "{{\"contentItems\":[{{\"type\":\"html\",\"x\":{}{}}}]}}",
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    let large =
        json!({"contentItems": [{"type": "html", "html": "x".repeat(300_000)}]}).to_string();
    for (body, status, code) in [
        (deep, 400, "INVALID_BODY"),
        (large, 413, "PAYLOAD_TOO_LARGE"),
        ("{\"contentItems\":".to_owned(), 400, "INVALID_BODY"),
        ("\u{0}".to_owned(), 400, "INVALID_BODY"),
    ] {
        let request =
            Request::new("POST".parse().unwrap(), &school.gateway.at("/api/deeplinking")).unwrap();
        let request = request
            .header("authorization", &format!("LTIK-AUTH-V2 {API_KEY}:{ltik}"))
            .body("application/json", body);
        let page = send(request).await;
        assert_eq!(page.status, status, "{}", page.text());
        assert_eq!(page.json().unwrap()["details"]["message"], code);
    }
    // Scripts in HTML are the platform's matter; what stands in a token stands in no page.
    let generous = asked(&school, json!({"accept_types": ["html"]})).await;
    let html = "<script>alert(1)</script>".repeat(4000);
    let body = json!({"contentItems": [{"type": "html", "html": html}]});
    let (message, _, _) = super::answered(&school.gateway, &generous, body).await;
    assert!(payload(&message).contains("<script>alert(1)</script>"));
}

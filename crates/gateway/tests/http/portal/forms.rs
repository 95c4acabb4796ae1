//! Forms are taken from pages of the portal alone, and pages load nothing that isn't ours.

use simulator::browser::Request;
use test_case::both_stores;

use super::{OTHERS, OWNER, PASSWORD, Visitor};
use crate::support::{Gateway, Store};

#[both_stores("PO-3")]
async fn no_other_page_can_send_a_form(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let page = owner.get("/portal/account").await;
    let token = page.form_to("/portal/sign-out").unwrap();
    let token = token.field("token").unwrap().to_owned();
    let other = Visitor::owner(&gateway).await;
    let others = other.get("/portal").await.form_to("/portal/sign-out").unwrap();
    let others = others.field("token").unwrap().to_owned();
    assert_ne!(token, others);

    let (own, good) = (gateway.url.clone(), ("sec-fetch-site", "same-origin"));
    let path = "/portal/account/sessions/end-others";
    for (token, headers) in [
        (&*token, vec![("sec-fetch-site", "cross-site")]),
        (&token, vec![("sec-fetch-site", "same-site"), ("origin", &*own)]),
        (&token, vec![("origin", "https://evil.example")]),
        (&token, vec![("origin", "null")]),
        (&token, vec![]),
        (&others, vec![good]),
        ("", vec![good]),
    ] {
        let answer = owner.forge(path, &[("token", token)], &headers).await;
        assert_eq!(answer.status, 403, "{headers:?}: {}", answer.text());
        assert!(other.is_in().await, "{headers:?}");
    }
    let twice = [("token", &*token), ("token", &*token)];
    assert_eq!(owner.forge(path, &twice, &[good]).await.status, 403);
    // Before anybody is signed in there is no token.
    let fields = [("login", OWNER), ("password", PASSWORD)];
    for headers in [&[("sec-fetch-site", "cross-site")][..], &[("origin", "null")], &[]] {
        let stranger = Visitor::of(&gateway);
        let answer = stranger.forge("/portal/sign-in", &fields, headers).await;
        assert_eq!((answer.status, stranger.session()), (403, None), "{headers:?}");
    }
    let stranger = Visitor::of(&gateway);
    let answer = stranger.forge(path, &[("token", &*token)], &[good]).await;
    assert_eq!(answer.status, 401, "{}", answer.text());
    // And what is right is taken, with either header.
    for headers in [[good], [("origin", &*own)]] {
        let answer = owner.forge(path, &[("token", &*token)], &headers).await;
        assert_eq!(answer.status, 303, "{headers:?}: {}", answer.text());
    }
    assert!(!other.is_in().await);
}

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; \
                      require-trusted-types-for 'script'";

#[both_stores("PO-1", "PO-2")]
async fn pages_are_small_and_load_nothing_of_others(store: Store) {
    let gateway = Gateway::start(store).await;
    let stranger = Visitor::of(&gateway);
    let owner = Visitor::owner(&gateway).await;
    let mut pages = vec![stranger.get("/portal/sign-in").await];
    for path in ["/portal", "/portal/users", "/portal/account", "/portal/audit", "/portal/confirm"]
    {
        pages.push(owner.get(path).await);
    }
    for page in &pages {
        let (path, text) = (page.url.path(), page.text());
        assert_eq!(page.status, 200, "{path}: {text}");
        assert!(text.len() <= 30_000, "{path}: {} bytes", text.len());
        assert_eq!(page.header("content-security-policy"), Some(POLICY), "{path}");
        assert_eq!(page.header("cache-control"), Some("no-store"), "{path}");
        for inline in
            [" style=\"", " onclick=", "<style", "<script>", " src=\"http", " href=\"http"]
        {
            assert!(!text.contains(inline), "{path}: {inline}");
        }
    }
    let text = pages[1].text();
    let assets = text.split('"').filter(|part| part.starts_with("/portal/assets/"));
    let assets: Vec<String> = assets.map(str::to_owned).collect();
    assert_eq!(assets.len(), 3, "{assets:?}");
    for asset in assets {
        let page = stranger.get(&asset).await;
        assert_eq!(page.status, 200, "{asset}");
        let most = if asset.ends_with(".js") { 4_096 } else { 12_288 };
        assert!(page.text().len() <= most, "{asset}: {} bytes", page.text().len());
        let kept = page.header("cache-control").unwrap();
        assert_eq!(kept, "public, max-age=31536000, immutable");
    }
    assert_eq!(stranger.get("/portal/assets/portal-000000000000.css").await.status, 404);
}

#[both_stores("PO-2")]
async fn the_portal_speaks_the_browsers_language(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    for (language, word) in [
        ("en", "Sign out"),
        ("es", "Cerrar la sesión"),
        ("fr", "Se déconnecter"),
        ("de", "Abmelden"),
        ("pt", "Sair"),
    ] {
        let request = Request::new("GET".parse().unwrap(), &gateway.at("/portal"));
        let request = request.unwrap().header("accept-language", language);
        let text = owner.browser.send(request).await.unwrap().text();
        assert!(
            text.contains(word) && text.contains(&format!("lang=\"{language}\"")),
            "{language}: {text}"
        );
    }
}

#[both_stores("PO-1")]
async fn what_is_refused_does_not_look_like_success(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let page = owner.get("/portal/account").await;
    for (current, new, field) in [("wrong", OTHERS, "current"), (PASSWORD, "short", "new")] {
        let fields = [("current", current), ("new", new)];
        let text = owner.post(&page, "/portal/account/password", &fields).await.text();
        let note = format!(
            "<div class=\"note bad flash\" id=\"flash\" role=\"alert\"><p><a href=\"#{field}\">"
        );
        assert!(text.contains(&note), "{field}: {text}");
        assert_eq!(text.matches("aria-invalid=\"true\"").count(), 1, "{field}: {text}");
    }
    let page = owner.get("/portal").await;
    let set = async |url: &str| {
        owner.post(&page, "/portal/launch-url", &[("launchUrl", url)]).await.text()
    };
    // What the API says is English, whatever the page's language is.
    let text = set("nonsense").await;
    assert!(text.contains("role=\"alert\"><p lang=\"en\"><a href=\"#url\">"), "{text}");
    assert!(!text.contains("launchUrl:"), "a member of the API is no field: {text}");
    let slip = "Look at http://app.example/new once more";
    assert!(set("http://app.example/new").await.contains(slip));
    let text = set("https://app.example/new").await;
    assert!(!text.contains("once more"), "{text}");
    assert!(
        text.contains("<div class=\"note ok flash\" id=\"flash\" role=\"status\"><p>"),
        "{text}"
    );
    assert!(!text.contains("aria-invalid"), "{text}");
}

#[both_stores("PO-2")]
async fn every_page_has_the_scripts_words_and_the_time_zone(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    for path in ["/portal", "/portal/platforms", "/portal/failures", "/portal/deliveries"] {
        let request = Request::new("GET".parse().unwrap(), &gateway.at(path)).unwrap();
        let request = request.header("accept-language", "de");
        let text = owner.browser.send(request).await.unwrap().text();
        for wanted in
            ["data-copied=\"Kopiert\"", "data-selected=\"Markiert: ", ">Zeiten in UTC</p>\n</main>"]
        {
            assert!(text.contains(wanted), "{path} {wanted}: {text}");
        }
    }
}

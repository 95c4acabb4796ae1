//! How a launch reaches us, and the login it belongs to (lti.md B.1, B.2 steps 1 and 2).

use serde_json::json;
use simulator::browser::{Browser, Request};
use simulator::jose::SigningKey;
use simulator::lms::{Launch, Lms, Options};

use crate::registered::{Posted, Registered, assert_refused, begin, form, ltik_of, register};
use crate::support::{lms, on_both_stores};

on_both_stores! {
    async fn tc_047_a_token_in_the_query_is_no_launch(store) {
        let school = Registered::new(store).await;
        let browser = Browser::new().unwrap();
        let posted = school.begin(&browser, &school.student()).await;
        let url = format!(
            "/lti/launch?id_token={}&state={}",
            posted.id_token, posted.state
        );
        let page = browser.get(&school.gateway.at(&url)).await.unwrap();
        assert_eq!(page.status, 400);
        assert!(!page.text().contains(&posted.id_token));
        assert_eq!(school.gateway.launches().await, 0);
        ltik_of("by POST", &school.post(&browser, &posted).await);
    }
}

on_both_stores! {
    async fn tc_045_048_049_056_058_what_is_no_launch_form_is_refused(store) {
        let school = Registered::new(store).await;
        let browser = Browser::new().unwrap();
        let posted = school.begin(&browser, &school.student()).await;
        let (token, state) = (posted.id_token.as_str(), posted.state.as_str());
        let altered = format!("{}A{}", &state[..40], &state[41..]);
        for (case, fields, status, code) in [
            (
                "TC-048",
                vec![("id_token", token)],
                400,
                "MISSING_LOGIN_PARAMETERS",
            ),
            (
                "no token",
                vec![("state", state)],
                400,
                "MISSING_LOGIN_PARAMETERS",
            ),
            (
                "TC-049",
                vec![("id_token", token), ("state", "x")],
                401,
                "STATE_UNKNOWN",
            ),
            (
                "TC-049 altered",
                vec![("id_token", token), ("state", &altered)],
                401,
                "STATE_UNKNOWN",
            ),
            (
                "TC-056",
                vec![("id_token", token), ("state", state), ("id_token", token)],
                400,
                "REPEATED_PARAMETER",
            ),
            (
                "two states",
                vec![("id_token", token), ("state", state), ("state", state)],
                400,
                "REPEATED_PARAMETER",
            ),
            (
                "TC-045",
                vec![
                    ("id_token", token),
                    ("state", state),
                    ("error", "login_required"),
                ],
                400,
                "TOKEN_AND_ERROR",
            ),
        ] {
            let request = form(&school.gateway.at("/lti/launch"), &fields);
            assert_refused(case, &browser.send(request).await.unwrap(), status, code);
        }
        let body = json!({"id_token": token, "state": state}).to_string();
        for media_type in ["application/json", "text/plain", "application/x-www-form-urlencoded2"] {
            let request = form(&school.gateway.at("/lti/launch"), &[]).body(media_type, body.clone());
            let page = browser.send(request).await.unwrap();
            assert_refused("TC-058", &page, 415, "LAUNCH_NOT_A_FORM");
        }
        // However it is written, a form is a form.
        let request = form(&school.gateway.at("/lti/launch"), &[]).body("Application/X-WWW-Form-URLEncoded ; charset=UTF-8", "state=x");
        let page = browser.send(request).await.unwrap();
        assert_refused("a form", &page, 400, "MISSING_LOGIN_PARAMETERS");
        assert_eq!(school.gateway.launches().await, 0);
        // None of all that has spent the login.
        ltik_of("after all", &school.post(&browser, &posted).await);
    }
}

on_both_stores! {
    async fn tc_057_a_body_beyond_the_limit_is_refused(store) {
        let school = Registered::new(store).await;
        for (bytes, status) in [(300 * 1024, 413), (200 * 1024, 400)] {
            let filler = "x".repeat(bytes);
            let request = form(&school.gateway.at("/lti/launch"), &[("filler", &filler)]);
            let page = Browser::new().unwrap().send(request).await.unwrap();
            assert_eq!(page.status, status, "{bytes}");
        }
    }
}

on_both_stores! {
    async fn tc_050_a_login_may_take_ten_minutes(store) {
        let school = Registered::new(store).await;
        let browser = Browser::new().unwrap();
        let now = school.gateway.clock.now_seconds();
        let launch = school.student().with("exp", now + 3600);
        let (in_time, late) = (
            school.begin(&browser, &launch).await,
            school.begin(&browser, &launch).await,
        );
        school.advance(590);
        ltik_of("in time", &school.post(&browser, &in_time).await);
        school.advance(12);
        assert_refused(
            "late",
            &school.post(&browser, &late).await,
            401,
            "STATE_EXPIRED",
        );
        assert_eq!(school.gateway.launches().await, 1);
    }
}

on_both_stores! {
    async fn tc_051_052_a_login_is_bound_to_its_browser(store) {
        let school = Registered::new(store).await;
        let (attacker, victim) = (Browser::new().unwrap(), Browser::new().unwrap());
        let of_attacker = school.begin(&attacker, &school.teacher()).await;
        let page = school.post(&victim, &of_attacker).await;
        assert_refused("TC-051", &page, 401, "STATE_COOKIE_MISSING");
        assert!(page.text().contains("new window"), "{}", page.text());
        let own = school.begin(&victim, &school.student()).await;
        assert_refused(
            "TC-052",
            &school.post(&victim, &of_attacker).await,
            401,
            "STATE_COOKIE_MISSING",
        );
        assert_eq!(school.gateway.launches().await, 0);
        ltik_of("own", &school.post(&victim, &own).await);
    }
}

on_both_stores! {
    async fn tc_053_109_a_token_fits_only_its_own_login(store) {
        let school = Registered::new(store).await;
        let browser = Browser::new().unwrap();
        let one = school.begin(&browser, &school.student()).await;
        let other = school.begin(&browser, &school.student()).await;
        let crossed = Posted {
            id_token: other.id_token.clone(),
            state: one.state.clone(),
        };
        assert_refused(
            "crossed",
            &school.post(&browser, &crossed).await,
            401,
            "NONCE_DOES_NOT_MATCH",
        );
        assert_eq!(school.gateway.launches().await, 0);
        ltik_of("the other", &school.post(&browser, &other).await);
    }
}

on_both_stores! {
    async fn tc_054_078_another_platforms_signature_counts_for_nothing(store) {
        let school = Registered::new(store).await;
        let stranger = lms().await;
        register(&school.gateway, &stranger).await;
        // A second LMS that uses the same key id as the first, and is registered here as well.
        let same_kid = SigningKey::generate()
            .unwrap()
            .with_kid(school.lms.key().kid());
        let options = Options {
            key: Some(same_kid.clone()),
            ..Options::default()
        };
        let twin = Lms::start(options).await.unwrap();
        let (twin_client, _) = register(&school.gateway, &twin).await;
        let sign = |key: SigningKey| {
            move |posted: &Posted| key.sign(&key.header(), &posted.claims().into()).unwrap()
        };
        school
            .refuses_token("TC-054", sign(stranger.key()), 401, "KID_UNKNOWN")
            .await;
        // Its own token, right in everything but the login it is posted to.
        let theirs = begin(&twin, &Browser::new().unwrap(), &Launch::new(&twin_client)).await;
        school
            .refuses_token("TC-054", |_| theirs.id_token, 401, "INVALID_SIGNATURE")
            .await;
        school
            .refuses_token("TC-078", sign(same_kid), 401, "INVALID_SIGNATURE")
            .await;
        assert_eq!((stranger.jwks_hits(), twin.jwks_hits()), (0, 0));
    }

    async fn tc_337_while_the_store_is_away_launches_are_refused_and_then_taken_again(store) {
        let school = Registered::new(store).await;
        school.accepts("before", school.student()).await;
        let (browser, other) = (Browser::new().unwrap(), Browser::new().unwrap());
        let posted = school.begin(&browser, &school.student()).await;
        let wrong = school.begin(&other, &school.student().without("roles")).await;
        school.gateway.meddle("ALTER TABLE launches RENAME TO launches_away").await;
        for _ in 0..2 {
            let page = school.post(&browser, &posted).await;
            assert_eq!((page.status, page.header("retry-after")), (503, Some("5")), "{}", page.text());
        }
        // Nor is one that would be refused anyway told so: its nonce could not be spent.
        assert_eq!(school.post(&other, &wrong).await.status, 503);
        // A login needs no store.
        let begun = school.begin(&Browser::new().unwrap(), &school.student()).await;
        assert!(!begun.state.is_empty());
        school.gateway.meddle("ALTER TABLE launches_away RENAME TO launches").await;
        ltik_of("the same form, sent again", &school.post(&browser, &posted).await);
        school.accepts("after", school.student()).await;
        assert_eq!(school.gateway.launches().await, 3);
    }
}

on_both_stores! {
    async fn tc_055_a_token_for_another_client_of_the_same_platform_is_refused(store) {
        let school = Registered::new(store).await;
        let (other_client, _) = register(&school.gateway, &school.lms).await;
        let claims = school.student().with("aud", other_client);
        school
            .refuses("TC-055", claims, 401, "AUD_DOES_NOT_MATCH_CLIENTID")
            .await;
    }
}

on_both_stores! {
    async fn a_launch_after_the_platform_was_switched_off_or_removed_is_refused(store) {
        let school = Registered::new(store).await;
        let browser = Browser::new().unwrap();
        let (first, second) = (
            school.begin(&browser, &school.student()).await,
            school.begin(&browser, &school.student()).await,
        );
        let platform = format!("/admin/platforms/{}", school.platform_id);
        school
            .gateway
            .admin("POST", &format!("{platform}/deactivate"), None)
            .await;
        assert_refused(
            "off",
            &school.post(&browser, &first).await,
            400,
            "PLATFORM_INACTIVE",
        );
        school.gateway.admin("DELETE", &platform, None).await;
        assert_refused(
            "removed",
            &school.post(&browser, &second).await,
            400,
            "PLATFORM_GONE",
        );
        assert_eq!(school.gateway.launches().await, 0);
    }
}

on_both_stores! {
    async fn tc_030_four_logins_of_one_browser_don_t_disturb_each_other(store) {
        let school = Registered::new(store).await;
        let browser = Browser::new().unwrap();
        let mut logins = Vec::new();
        for _ in 0..4 {
            logins.push(school.begin(&browser, &school.student()).await);
        }
        for posted in logins.iter().rev() {
            ltik_of("in reverse", &school.post(&browser, posted).await);
        }
        assert_eq!(school.gateway.launches().await, 4);
        assert_eq!(browser.cookies(&school.gateway.url), []);
    }
}

on_both_stores! {
    async fn every_alias_of_the_launch_address_takes_a_launch(store) {
        let school = Registered::new(store).await;
        for path in ["/lti/launch", "/lti/launch/", "//lti/launch", "/"] {
            let browser = Browser::new().unwrap();
            let posted = school.begin(&browser, &school.student()).await;
            let request = form(&school.gateway.at(path), &posted.fields());
            ltik_of(path, &browser.send(request).await.unwrap());
        }
        for path in ["/lti/launch", "/"] {
            let request = Request::new("GET".parse().unwrap(), &school.gateway.at(path)).unwrap();
            let page = Browser::new().unwrap().send(request).await.unwrap();
            assert_eq!(page.status, 400);
            assert!(page.text().contains("from your course"), "{}", page.text());
        }
    }
}

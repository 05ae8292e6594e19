//! `test output`: what it says of each host, and of what we may do there.

use super::*;

/// What `test output` says of the privileges where the server is asked and answers so.
async fn privileges(status: u16, body: &str) -> Result<String, String> {
    let (status, body) = (StatusCode::from_u16(status).expect("it is one"), body.to_owned());
    let answer = move |uri: Uri| async move {
        match uri.path() {
            "/_nodes/_local/version" => (StatusCode::OK, ELASTICSEARCH.to_owned()),
            "/_security/user/_has_privileges" => (status, body),
            _ => (StatusCode::NOT_FOUND, "{}".to_owned()),
        }
    };
    let client = client(&serve(Router::new().fallback(answer)).await);
    let checks = check(&client, &Target::default()).await;
    checks.into_iter().find(|check| check.name == "privileges").expect("it is asked").verdict
}

#[tokio::test]
async fn only_a_server_that_says_so_is_without_security() {
    let no_handler = r#"{"error":"no handler found for uri [/_security/user/_has_privileges] and method [POST]"}"#;
    let method = r#"{"error":"Incorrect HTTP method for uri [/_security/user/_has_privileges] and method [POST], allowed: [GET]","status":405}"#;
    let licence = r#"{"error":{"type":"exception","reason":"Security must be explicitly enabled when using a [basic] license. Enable …"},"status":500}"#;
    for (status, body) in [(400, no_handler), (405, method), (500, licence)] {
        let verdict = privileges(status, body).await;
        assert!(verdict.as_ref().is_ok_and(|said| said.contains("security is off")), "{status}: {verdict:?}");
    }
    let busy = r#"{"error":{"type":"es_rejected_execution_exception","reason":"rejected execution"},"status":429}"#;
    for (status, body) in [(429, busy), (500, "{}"), (502, "<html>"), (503, no_handler), (504, "")] {
        let verdict = privileges(status, body).await;
        let advice = verdict.expect_err("it says nothing of privileges");
        assert!(advice.contains(&status.to_string()) && advice.ends_with("try again"), "{advice}");
    }
    for (status, body) in [(400, "{}"), (404, "{}"), (405, "<html>"), (403, "{}")] {
        let verdict = privileges(status, body).await;
        assert!(verdict.is_err_and(|advice| !advice.contains("try again")), "{status}");
    }
}

#[tokio::test]
async fn a_proxy_that_has_no_server_is_not_taken_for_one_that_accepts_us() {
    for status in [StatusCode::BAD_GATEWAY, StatusCode::TOO_MANY_REQUESTS] {
        let client = client(&serve(Router::new().fallback(move || async move { status })).await);
        let checks = check(&client, &Target::default()).await;
        assert!(checks.iter().all(|check| check.name != "authentication"), "{checks:?}");
        let advice = checks.last().expect("there are checks").verdict.clone().expect_err("it answers badly");
        assert!(advice.contains(status.as_str()) && advice.ends_with("try again"), "{advice}");
    }
}

#[tokio::test]
async fn what_is_in_the_way_is_told_of_each_host() {
    let closed: Url = "http://127.0.0.1:9".parse().expect("it is a URL");
    let said = program(&["test", "output"], &[&closed, &closed]).await;
    assert_eq!((said.code, said.err.trim_end()), (Some(1), "log-shipper: 2 things are to be done first: see above"));
    assert_eq!(said.out.matches("http://127.0.0.1:9\naddress: no answer").count(), 2, "{}", said.out);
}

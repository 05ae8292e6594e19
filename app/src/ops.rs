//! Operations, on port 9000: `/metrics`, `/healthz` (the process lives), `/readyz` (it can do its work).

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::App;
use crate::listen::Phase;
use crate::store::Totals;

/// The routes.
pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/metrics", get(metrics)).route("/healthz", get(async || "ok\n")).route("/readyz", get(readyz))
}

/// What cannot be counted as it happens is read now; a database that is away costs those lines only.
async fn metrics(State(app): State<Arc<App>>) -> Response {
    let (totals, latest) = tokio::join!(app.store.totals(), app.store.latest());
    if let Ok(totals) = totals {
        note_totals(&app, &totals);
    }
    if let Ok(latest) = latest {
        app.metrics.latest.set(number(latest.latest));
        app.metrics.latest_changed.set(number(latest.changed_at) / 1e6);
    }
    note_waiting(&app);
    let text = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    ([(header::CONTENT_TYPE, text)], app.metrics.render()).into_response()
}

fn note_totals(app: &App, totals: &Totals) {
    app.metrics.users.set(number(totals.users));
    app.metrics.messages.set(number(totals.messages));
    app.metrics.flagged.set(number(totals.flagged));
    app.metrics.followers.set(number(totals.followers));
    app.metrics.sessions.set(number(totals.sessions));
}

fn note_waiting(app: &App) {
    let pool = app.store.pool_state();
    app.metrics.pool_idle.set(f64::from(pool.idle));
    app.metrics.pool_used.set(f64::from(pool.used));
    app.metrics.pool_max.set(f64::from(pool.max));
    app.metrics.hash_queue.set(number(i64::try_from(app.passwords.queued()).unwrap_or(i64::MAX)));
    app.metrics.hash_running.set(number(i64::try_from(app.passwords.running()).unwrap_or(i64::MAX)));
}

#[expect(clippy::cast_precision_loss, reason = "exact up to 2^53")]
fn number(count: i64) -> f64 {
    count as f64
}

/// Says why not, in our own words.
async fn readyz(State(app): State<Arc<App>>) -> (StatusCode, String) {
    if app.phase() != Phase::Serving {
        return (StatusCode::SERVICE_UNAVAILABLE, "shutting down\n".into());
    }
    match app.store.check_schema().await {
        Ok(_) => (StatusCode::OK, "ready\n".into()),
        Err(error) => (StatusCode::SERVICE_UNAVAILABLE, format!("{error}\n")),
    }
}

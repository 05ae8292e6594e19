//! Operations: `/metrics`, `/healthz`, `/readyz`.

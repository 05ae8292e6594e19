//! What Kibana and OpenSearch Dashboards are given: searches, a dashboard, and how they are loaded.

mod kql;

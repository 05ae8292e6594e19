//! Searches and a dashboard as they are written, and as Kibana and OpenSearch Dashboards are given them.

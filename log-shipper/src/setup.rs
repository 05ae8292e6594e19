//! What Elasticsearch has to know beforehand: index template and lifecycle.

//! The language of Elasticsearch's `_bulk`.

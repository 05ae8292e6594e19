//! Brings batches to Elasticsearch, until each document is stored or has become a dead letter.

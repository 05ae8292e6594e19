//! Documents that Elasticsearch refused for good, kept on disk.

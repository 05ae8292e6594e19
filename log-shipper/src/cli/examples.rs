//! What the help of each command ends with: examples, and how else settings can be given.

/// Of commands that have settings.
pub(super) const SETTINGS: &str = "\
Each setting is also an environment variable (--batch-bytes is
LOG_SHIPPER_BATCH_BYTES) and a key of the file (batch-bytes = \"2MiB\"). A flag
beats a variable, and a variable beats the file, which --config or
LOG_SHIPPER_CONFIG names. In a variable, several values are separated by
commas, those of --files and --mask by line ends. TIME is a number with ms, s,
m, h or d; SIZE is one with B, kB, KiB, MB, MiB, GB or GiB.";

pub(super) const RUN: &str = "\
Patterns need quotes, or the shell makes several words of one. SIGHUP reads the
file of settings again; SIGTERM stops.

Exit codes: 0 if all went well (with --once: if everything has arrived, and
--files matches something or once did), 1 if not, 2 for a mistake on the
command line.

Examples:
  # ship what the containers of this machine print
  log-shipper --elasticsearch http://127.0.0.1:9200
  # the same, with the settings of a file
  log-shipper run --config /etc/log-shipper.toml
  # ship files to their end, then stop
  log-shipper --once --files '/var/log/site*.log' --elasticsearch http://127.0.0.1:9200
  # with a password and an authority of our own
  log-shipper --elasticsearch https://es:9200 --user ship --password-file pw --ca-file ca.pem
  # print the documents of some containers, and send nothing
  log-shipper --dry-run --include 'service=shop_*'
  # check the settings first, or begin a file of them
  log-shipper test config --config /etc/log-shipper.toml
  log-shipper test config --example";

pub(super) const SETUP: &str = "\
It takes a user with the cluster privileges monitor and manage_index_templates,
who need not be the shipper's. A second run changes nothing.

Examples:
  # put in place what is missing, or differs
  log-shipper setup --elasticsearch http://127.0.0.1:9200
  # keep documents for a week
  log-shipper setup --retention 7d --config /etc/log-shipper.toml
  # only print it, here for OpenSearch, without a server
  log-shipper setup --dry-run --for opensearch
  # for the containers with the label log-shipper.dataset: shop
  log-shipper setup --target logs-shop-default --elasticsearch http://127.0.0.1:9200";

pub(super) const HEALTHCHECK: &str = "\
It asks /healthz of --operations-listen. A shipper that waits for Elasticsearch
lives; whether it can do its work is told by /readyz.

Examples:
  # of the shipper on this machine, or in this container
  log-shipper healthcheck
  log-shipper healthcheck --operations-listen 127.0.0.1:9101";

pub(super) const TEST_CONFIG: &str = "\
It checks all that run does before it asks a server: files, folders,
certificates, patterns, the state folder. It makes and changes nothing.

Examples:
  log-shipper test config --config /etc/log-shipper.toml
  # with the defaults
  log-shipper test config --all --elasticsearch http://127.0.0.1:9200
  # begin a file of settings
  log-shipper test config --example";

pub(super) const TEST_OUTPUT: &str = "\
It sends no document. Exit code 1 if something is to be done first.

Examples:
  log-shipper test output --elasticsearch http://127.0.0.1:9200
  log-shipper test output --config /etc/log-shipper.toml";

pub(super) const STATUS: &str = "\
It reads the state folder alone, while a shipper runs or not.

Examples:
  log-shipper status
  log-shipper status --json --state /var/lib/log-shipper";

pub(super) const LIST: &str = "\
Examples:
  log-shipper dead-letter list
  log-shipper dead-letter list --json --limit 10";

pub(super) const SHOW: &str = "\
Examples:
  log-shipper dead-letter show 12-3 12-4";

pub(super) const REPLAY: &str = "\
Exit code 1 if one of them is still not stored.

Examples:
  # all of them
  log-shipper dead-letter replay --elasticsearch http://127.0.0.1:9200
  # some, after the mapping was put right
  log-shipper dead-letter replay --type document_parsing_exception --config /etc/log-shipper.toml
  log-shipper dead-letter replay 12-3 --config /etc/log-shipper.toml";

pub(super) const PURGE: &str = "\
Examples:
  log-shipper dead-letter purge 12-3 12-4
  log-shipper dead-letter purge --type document_parsing_exception
  log-shipper dead-letter purge --all";

pub(super) const COMPLETIONS: &str = "\
Examples:
  log-shipper completions bash > /etc/bash_completion.d/log-shipper";

//! Where the names of the platform's network are on this machine.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use anyhow::Context;
use serde_json::{Value, json};

/// Addresses by name and port, such as `tasks.web:9000`, and what stands for a URL.
#[derive(Clone, Debug, Default)]
pub struct Places(BTreeMap<String, Vec<String>>);

impl Places {
    /// A name is at one more address.
    pub fn add(&mut self, name: &str, address: SocketAddr) -> &mut Self {
        self.put(name, &address.to_string())
    }

    /// What is called by one name, or URL, is at another one.
    pub fn put(&mut self, name: &str, other: &str) -> &mut Self {
        self.0.entry(name.to_owned()).or_default().push(other.to_owned());
        self
    }

    /// Puts addresses where `config` has names: what DNS would be asked for is listed, and a target that is named is replaced.
    /// A name without an address has none, as one of a service that does not run.
    pub fn put_into(&self, config: &mut Value) -> anyhow::Result<()> {
        match config {
            Value::Object(members) => {
                if let Some(lookups) = members.remove("dns_sd_configs") {
                    let targets = self.looked_up(&lookups)?;
                    members.insert("static_configs".to_owned(), json!([{ "targets": targets }]));
                }
                members.values_mut().try_for_each(|value| self.put_into(value))
            }
            Value::Array(values) => values.iter_mut().try_for_each(|value| self.put_into(value)),
            Value::String(name) => {
                if let Some([address, ..]) = self.0.get(name).map(Vec::as_slice) {
                    name.clone_from(address);
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn looked_up(&self, lookups: &Value) -> anyhow::Result<Vec<String>> {
        let mut targets = Vec::new();
        for lookup in lookups.as_array().context("dns_sd_configs is a list")? {
            let port = lookup["port"].as_u64().context("a look-up names a port")?;
            for name in lookup["names"].as_array().context("a look-up has names")? {
                let name = format!("{}:{port}", name.as_str().context("a name is text")?);
                targets.extend(self.0.get(&name).into_iter().flatten().cloned());
            }
        }
        Ok(targets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_replaced_by_addresses() -> anyhow::Result<()> {
        let mut places = Places::default();
        places.add("tasks.web:9000", ([127, 0, 0, 1], 1).into()).add("tasks.web:9000", ([127, 0, 0, 1], 2).into());
        places.add("localhost:9090", ([127, 0, 0, 1], 3).into());
        let mut config = json!({ "jobs": [
            { "dns_sd_configs": [{ "names": ["tasks.web", "tasks.gone"], "port": 9000 }] },
            { "static_configs": [{ "targets": ["localhost:9090"] }] },
        ] });
        places.put_into(&mut config)?;
        assert_eq!(
            config,
            json!({ "jobs": [
                { "static_configs": [{ "targets": ["127.0.0.1:1", "127.0.0.1:2"] }] },
                { "static_configs": [{ "targets": ["127.0.0.1:3"] }] },
            ] })
        );
        Ok(())
    }
}

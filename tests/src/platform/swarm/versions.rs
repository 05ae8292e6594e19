//! Versions of the site, and how many replicas of it there are.

use std::fs;

use super::{PATIENCE, Swarm};
use crate::wait::until;

impl Swarm {
    /// Gives our images another tag, as if a new version had been built.
    pub async fn name(&self, tag: &str, new: &str) -> anyhow::Result<()> {
        for node in &self.nodes {
            for name in ["minitwit", "log-shipper", "minitwit-backup"] {
                node.docker(&["tag", &format!("{name}:{tag}"), &format!("{name}:{new}")]).await?;
            }
        }
        Ok(())
    }

    /// Makes a version of the site of another one, with one more line in its Dockerfile.
    pub async fn spoil(&self, tag: &str, new: &str, instruction: &str) -> anyhow::Result<()> {
        let context = tempfile::tempdir()?;
        fs::write(context.path().join("Dockerfile"), format!("FROM minitwit:{tag}\n{instruction}\n"))?;
        self.name(tag, new).await?;
        for node in &self.nodes {
            let name = format!("minitwit:{new}");
            node.docker(&["build", "--quiet", "--tag", &name, &context.path().display().to_string()]).await?;
        }
        Ok(())
    }

    /// Gives both services of the site so many replicas, and waits for them.
    pub async fn scale(&self, replicas: usize) -> anyhow::Result<()> {
        let wanted = ["web", "api"].map(|service| format!("minitwit_{service}={replicas}"));
        self.manager().docker(&["service", "scale", "--detach=false", &wanted[0], &wanted[1]]).await.map(drop)
    }

    /// Waits until no service of the site is being updated any more, nor brought back to what it was.
    pub async fn settle(&self) -> anyhow::Result<()> {
        let form = "{{if .UpdateStatus}}{{.UpdateStatus.State}}{{end}}";
        let rests = async || {
            let words = ["service", "inspect", "--format", form, "minitwit_web", "minitwit_api"];
            let states = self.manager().docker(&words).await?;
            Ok(states.lines().all(|state| state.ends_with("completed")))
        };
        until("the site's services rest", PATIENCE, rests).await.map(drop)
    }

    /// The image that a service shall run.
    pub async fn image(&self, service: &str) -> anyhow::Result<String> {
        self.specified(service, "{{.Spec.TaskTemplate.ContainerSpec.Image}}").await
    }

    /// How many replicas a service shall have.
    pub async fn replicas(&self, service: &str) -> anyhow::Result<String> {
        self.specified(service, "{{.Spec.Mode.Replicated.Replicas}}").await
    }

    async fn specified(&self, service: &str, form: &str) -> anyhow::Result<String> {
        let words = ["service", "inspect", "--format", form, &format!("minitwit_{service}")];
        Ok(self.manager().docker(&words).await?.trim().to_owned())
    }
}

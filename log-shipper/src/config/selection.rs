//! Which containers are wanted: rules, labels, and not our own.

use std::str::FromStr;

use globset::{Glob, GlobMatcher};

use crate::source::Container;

/// The label with which a container says that it is not to be read.
const EXCLUDE: &str = "log-shipper.exclude";

/// Where Compose, which is no swarm, writes a service's name.
const COMPOSE_SERVICE: &str = "com.docker.compose.service";

const FORM: &str = "expected name=GLOB, image=GLOB, service=GLOB, label:KEY or label:KEY=GLOB";

/// A rule of `--include` or `--exclude`.
#[derive(Clone, Debug)]
pub struct Rule {
    subject: Subject,
    /// None asks only whether there is a label.
    value: Option<GlobMatcher>,
}

#[derive(Clone, Debug)]
enum Subject {
    Name,
    Image,
    Service,
    Label(String),
}

impl FromStr for Rule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (subject, value) = text.split_once('=').map_or((text, None), |(subject, value)| (subject, Some(value)));
        let subject = match (subject, subject.strip_prefix("label:")) {
            (_, Some(key)) if !key.is_empty() => Subject::Label(key.to_owned()),
            ("name", _) if value.is_some() => Subject::Name,
            ("image", _) if value.is_some() => Subject::Image,
            ("service", _) if value.is_some() => Subject::Service,
            _ => return Err(FORM.into()),
        };
        let glob = |value| Glob::new(value).map(|glob| glob.compile_matcher());
        Ok(Self { subject, value: value.map(glob).transpose().map_err(|_| FORM)? })
    }
}

impl Rule {
    fn matches(&self, container: &Container) -> bool {
        let label = |key: &str| container.labels.get(key).map(String::as_str);
        let found = match &self.subject {
            Subject::Name => Some(container.name.as_str()),
            Subject::Image => Some(container.image.as_str()),
            Subject::Service => {
                container.swarm.as_ref().map(|swarm| swarm.service.as_str()).or_else(|| label(COMPOSE_SERVICE))
            }
            Subject::Label(key) => label(key),
        };
        found.is_some_and(|found| self.value.as_ref().is_none_or(|value| value.is_match(found)))
    }
}

/// Which containers are wanted.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    include: Vec<Rule>,
    exclude: Vec<Rule>,
    own: Option<String>,
}

impl Selection {
    /// Those that one of `include` matches (any, if there is none) and none of `exclude`, but not the container whose id
    /// begins with `own`.
    #[must_use]
    pub fn new(include: Vec<Rule>, exclude: Vec<Rule>, own: Option<String>) -> Self {
        Self { include, exclude, own }
    }

    /// Whether the lines of `container` are read. One of which only the id is known is: it must not be lost because its
    /// description is missing.
    #[must_use]
    pub fn wants(&self, container: &Container) -> bool {
        if self.own.as_ref().is_some_and(|own| container.id.starts_with(own.as_str())) {
            return false;
        }
        let any = |rules: &[Rule]| rules.iter().any(|rule| rule.matches(container));
        let refuses = container.labels.get(EXCLUDE).is_some_and(|value| value == "true") || any(&self.exclude);
        !container.known || !refuses && (self.include.is_empty() || any(&self.include))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Swarm;

    fn container(labels: &[(&str, &str)]) -> Container {
        Container {
            id: "4e1f0b6a9d2c".repeat(5),
            name: "web.1.x9".into(),
            image: "ghcr.io/minitwit/site:1.2".into(),
            labels: labels.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect(),
            swarm: Some(Swarm { service: "shop_web".into(), ..Swarm::default() }),
            known: true,
        }
    }

    fn rules(texts: &[&str]) -> Vec<Rule> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    fn wants(include: &[&str], exclude: &[&str], container: &Container) -> bool {
        Selection::new(rules(include), rules(exclude), None).wants(container)
    }

    #[test]
    fn without_a_rule_every_container_is_wanted() {
        assert!(wants(&[], &[], &container(&[])));
        assert!(wants(&[], &[], &Container::default()));
    }

    #[test]
    fn one_matching_rule_includes_and_excluding_beats_including() {
        let web = container(&[("tier", "front"), ("empty", "")]);
        for yes in ["name=web*", "image=*/site:*", "service=shop_*", "label:tier=f?ont", "label:tier", "label:empty"] {
            assert!(wants(&["name=nobody", yes], &[], &web), "{yes}");
            assert!(!wants(&["name=web*"], &["name=nobody", yes], &web), "{yes}");
        }
        for no in
            ["name=web", "image=site", "service=web", "label:tier=back", "label:none", "label:none=*", "name=WEB*"]
        {
            assert!(!wants(&[no], &[], &web), "{no}");
            assert!(wants(&[], &[no], &web), "{no}");
        }
    }

    #[test]
    fn a_service_of_compose_is_one_too() {
        let web = Container { swarm: None, ..container(&[(COMPOSE_SERVICE, "web")]) };
        assert!(wants(&["service=web"], &[], &web) && !wants(&["service=shop_web"], &[], &web));
    }

    #[test]
    fn a_container_says_itself_that_it_is_not_to_be_read() {
        assert!(!wants(&["name=*"], &[], &container(&[(EXCLUDE, "true")])));
        assert!(wants(&[], &[], &container(&[(EXCLUDE, "false")])));
    }

    #[test]
    fn our_own_container_is_left_out_and_an_unknown_one_is_not() {
        let own = |own: &str| Selection::new(rules(&["name=db"]), Vec::new(), Some(own.into()));
        let unknown = Container { known: false, name: String::new(), ..container(&[]) };
        assert!(own("ffffffffffff").wants(&unknown));
        assert!(!own("4e1f0b6a9d2c").wants(&unknown));
    }

    #[test]
    fn a_rule_of_another_form_is_refused() {
        for wrong in ["", "web", "name", "label", "label:", "label:=x", "host=x", "name=[", "=x"] {
            assert_eq!(wrong.parse::<Rule>().unwrap_err(), FORM, "{wrong}");
        }
    }
}

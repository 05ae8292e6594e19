//! In which container the shipper itself runs, if in any.

use std::fs;

/// Docker's short form of an id, which is also a container's host name unless another was given.
const SHORT: usize = 12;

/// The id of our own container, or its beginning (12 digits at least).
pub(super) fn id() -> Option<String> {
    let read = |path| fs::read_to_string(path).unwrap_or_default();
    let (mounts, groups) = (read("/proc/self/mountinfo"), read("/proc/self/cgroup"));
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    found(&mounts, &groups, host.trim_end())
}

/// The host's own mounts name other containers, therefore only the file that Docker puts over `/etc/hostname` counts.
fn found(mounts: &str, groups: &str, host: &str) -> Option<String> {
    let of_mount = |line: &str| {
        let mut fields = line.split(' ').skip(3);
        let (root, point) = (fields.next()?, fields.next()?);
        let folder = root.strip_suffix("/hostname").filter(|_| point == "/etc/hostname")?;
        folder.rsplit('/').next().filter(|name| is_id(name, 64)).map(str::to_owned)
    };
    let of_group = |line: &str| {
        let name = line.rsplit('/').next()?;
        let name = name.strip_prefix("docker-").and_then(|name| name.strip_suffix(".scope")).unwrap_or(name);
        Some(name).filter(|name| is_id(name, 64)).map(str::to_owned)
    };
    let of_host = || Some(host).filter(|name| is_id(name, SHORT)).map(str::to_owned);
    mounts.lines().find_map(of_mount).or_else(|| groups.lines().find_map(of_group)).or_else(of_host)
}

fn is_id(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "4e1f0b6a9d2c4e1f0b6a9d2c4e1f0b6a9d2c4e1f0b6a9d2c4e1f0b6a9d2c4e1f";

    fn mount(root: &str, point: &str) -> String {
        format!("22 21 0:20 / /proc rw - proc proc rw\n981 980 8:1 {root} {point} rw,relatime - ext4 /dev/sda1 rw\n")
    }

    #[test]
    fn the_file_over_etc_hostname_names_the_container() {
        let mounts = mount(&format!("/var/lib/docker/containers/{ID}/hostname"), "/etc/hostname");
        assert_eq!(found(&mounts, "0::/", "web-1").as_deref(), Some(ID));
    }

    #[test]
    fn a_control_group_or_the_host_name_does_where_that_is_missing() {
        let groups = format!("12:pids:/docker/{ID}\n0::/\n");
        assert_eq!(found("", &groups, "").as_deref(), Some(ID));
        assert_eq!(found("", &format!("0::/system.slice/docker-{ID}.scope"), "").as_deref(), Some(ID));
        assert_eq!(found("", "0::/", &ID[..12]).as_deref(), Some(&ID[..12]));
    }

    #[test]
    fn on_the_host_the_mounts_of_other_containers_name_none() {
        let mounts = mount("/", &format!("/var/lib/docker/containers/{ID}/mounts/shm"));
        assert_eq!(found(&mounts, "0::/user.slice/session-1.scope", "node-1"), None);
        let theirs = mount(&format!("/containers/{ID}/hostname"), "/run/theirs/etc/hostname");
        assert_eq!(found(&theirs, "0::/", "node-1"), None);
    }
}

//! Which settings give a container more than it needs.

use assize_syntax::{Fact, Flags};

/// What is wrong with a setting.
#[derive(Debug)]
pub(super) struct Breach {
    pub(super) code: &'static str,
    pub(super) what: String,
    pub(super) help: &'static str,
}

/// Folders of the host that hold its settings, its devices and its secrets.
const HOST_FOLDERS: [&str; 8] =
    ["/", "/etc", "/root", "/boot", "/proc", "/sys", "/dev", "/var/lib/docker"];

/// Programs that are there to watch or to run the others, or that work on the network of the host:
/// their names.
const INFRASTRUCTURE: [&str; 40] = [
    "agent",
    "alloy",
    "autoheal",
    "cadvisor",
    "calico",
    "cilium",
    "collector",
    "csi",
    "datadog",
    "dind",
    "docker",
    "dockge",
    "dozzle",
    "falco",
    "filebeat",
    "fluent",
    "fluentd",
    "gluetun",
    "homeassistant",
    "kube",
    "logspout",
    "metricbeat",
    "netdata",
    "node-exporter",
    "node_exporter",
    "nodeexporter",
    "ofelia",
    "openvpn",
    "pihole",
    "plex",
    "portainer",
    "promtail",
    "runner",
    "socket-proxy",
    "tailscale",
    "telegraf",
    "traefik",
    "vpn",
    "watchtower",
    "wireguard",
];

/// Whether a service or an image bears such a name.
pub(super) fn is_infrastructure(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let last = name.rsplit('/').next().unwrap_or(&name).split(':').next().unwrap_or("").to_owned();
    let words = |one: &str| last.split(['-', '_', '.']).any(|word| word == one);
    INFRASTRUCTURE
        .iter()
        .any(|one| if one.contains(['-', '_']) { last.contains(one) } else { words(one) })
        || name.contains("dind")
        || words("vector")
}

pub(super) fn breach(fact: &Fact) -> Option<Breach> {
    let value = fact.value.as_str();
    let (code, what, help) = match fact.item.as_str() {
        "privileged" => (
            "privileged",
            "it is privileged: root in it is root of the host".to_owned(),
            "give it the one capability or device that it needs",
        ),
        "host-network" | "host-pid" | "host-ipc" => (
            "host-namespace",
            format!("it shares the {} of the host", space(&fact.item)),
            "publish the ports that are needed, and leave it in namespaces of its own",
        ),
        "capability" => capability(value)?,
        "escalation" => (
            "escalation",
            "its processes may gain rights that they were not given".to_owned(),
            "set `allowPrivilegeEscalation: false`",
        ),
        "security" => security(value)?,
        "mount" => mount(value)?,
        "download-run" if fact.flags.has(Flags::IN_DOCKERFILE) => (
            "download-run",
            format!("what `{value}` answers is run unseen while the image is built"),
            "fetch a version, compare its hash, and run that",
        ),
        "world-writable" if fact.flags.has(Flags::IN_DOCKERFILE) && !value.starts_with("/tmp") => (
            "world-writable",
            format!("`{value}` may be written by every process of the image"),
            "give it to the user that writes to it, with `chown` or `COPY --chown`",
        ),
        "remote-add" => (
            "remote-add",
            format!("`{value}` is added from the network without a checksum"),
            "give `ADD --checksum=sha256:...`, or fetch it in a step that compares its hash",
        ),
        _ => return None,
    };
    Some(Breach { code, what, help })
}

fn space(item: &str) -> &'static str {
    match item {
        "host-network" => "network",
        "host-pid" => "processes",
        _ => "shared memory",
    }
}

type Words = (&'static str, String, &'static str);

fn capability(value: &str) -> Option<Words> {
    let name = value.trim_start_matches("CAP_").to_ascii_uppercase();
    matches!(name.as_str(), "ALL" | "SYS_ADMIN" | "SYS_MODULE").then(|| {
        (
            "capability",
            format!("the capability `{name}` is as good as root of the host"),
            "add the one capability that is needed, and drop the others",
        )
    })
}

fn security(value: &str) -> Option<Words> {
    let off =
        ["seccomp:unconfined", "seccomp=unconfined", "apparmor:unconfined", "apparmor=unconfined"];
    off.contains(&value).then(|| {
        (
            "unconfined",
            format!("`{value}` takes away a wall between it and the kernel"),
            "leave the engine's own profile in place, or write one",
        )
    })
}

fn mount(value: &str) -> Option<Words> {
    let mut parts = value.split(':');
    let source = parts.next()?.trim_end_matches('/');
    let source = if source.is_empty() { "/" } else { source };
    if source.ends_with("/docker.sock") || source.ends_with("/containerd.sock") {
        return Some((
            "engine-socket",
            format!("it is given `{source}`: who speaks to the engine is root of the host"),
            "put a proxy in front of the socket that lets through what is needed",
        ));
    }
    let read_only = parts.skip(1).any(|mode| mode.split(',').any(|word| word == "ro"));
    (HOST_FOLDERS.contains(&source) && !read_only).then(|| {
        (
            "host-folder",
            format!("it may write to `{source}` of the host"),
            "mount the one folder that is needed, and read-only where it only reads",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::{is_infrastructure, mount};

    #[test]
    fn programs_that_watch_the_others() {
        for name in
            ["cadvisor", "prom/node-exporter:v1", "traefik:3", "docker:27-dind", "gitlab-runner"]
        {
            assert!(is_infrastructure(name), "{name}");
        }
        for name in ["api", "worker", "dockerfile-lint", "reagent"] {
            assert!(!is_infrastructure(name), "{name}");
        }
    }

    #[test]
    fn folders_of_the_host() {
        for mounted in
            ["/:/host", "/etc:/host/etc:rw", "/var/run/docker.sock:/var/run/docker.sock:ro"]
        {
            assert!(mount(mounted).is_some(), "{mounted}");
        }
        for mounted in
            ["/:/host:ro", "/etc/localtime:/etc/localtime", "/data:/data", "/etc:/e:ro,z"]
        {
            assert!(mount(mounted).is_none(), "{mounted}");
        }
    }
}

//! What a container may do to the machine.

use crate::Effect;

use super::walk::Walk;
use super::word::{Options, Word};

impl Walk<'_> {
    /// Rights over the machine, and files of it that the container sees.
    pub(super) fn container_rights(&mut self, options: &Options) {
        let mut wide = options.has(&["--privileged", "--cap-add", "--device"])
            || options
                .values(&["--pid", "--ipc", "--userns", "--uts", "--cgroupns"])
                .any(|word| word.is("host"))
            || options.values(&["--security-opt"]).any(|word| word.text.contains("unconfined"));
        for word in options.values(&["-v", "--volume", "--mount"]) {
            let source = word.text.split(',').find_map(|part| {
                part.strip_prefix("source=").or_else(|| part.strip_prefix("src="))
            });
            let source = source.unwrap_or_else(|| word.text.split(':').next().unwrap_or(""));
            wide |= opens_machine(source);
            let at = self.place(&Word::known(source));
            if word.text().is_some() && self.is_secret(&at) {
                self.push(Effect::Read(at));
            }
        }
        if wide {
            self.push(Effect::Privilege("container".to_owned()));
        }
    }
}

/// Folders and sockets of the machine by which a container rules it.
pub(super) fn opens_machine(path: &str) -> bool {
    let bare = path.trim_end_matches('/');
    matches!(bare, "" | "/etc" | "/root" | "/proc" | "/sys" | "/dev" | "/boot" | "/var/run")
        && path.starts_with('/')
        || path.ends_with("docker.sock")
        || path.ends_with("containerd.sock")
        || path.ends_with("podman.sock")
}

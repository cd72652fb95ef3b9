//! Files that a command fetches and then runs: `curl -o x .. && sh x`, a clone and its installer.

use std::collections::BTreeSet;

use crate::{Effect, Place};

use super::call::Call;
use super::place::{clean, inside};
use super::transfer::plain_host;
use super::walk::Walk;
use super::word::{Options, Stream, Word};

/// How many files a reading keeps in mind.
const FILES_MAX: usize = 64;

/// Hosts of code that the whole world uses: to install from there is no news.
#[rustfmt::skip]
const KNOWN: &[&str] = &[
    "github.com", "githubusercontent.com", "gitlab.com", "bitbucket.org", "codeberg.org", "sr.ht",
    "pypi.org", "pythonhosted.org", "pytorch.org", "npmjs.org", "npmjs.com", "yarnpkg.com", "crates.io",
    "rubygems.org", "deno.land", "jsr.io", "esm.sh", "unpkg.com", "jsdelivr.net", "googleapis.com",
    "pkg.dev", "amazonaws.com", "azure.com", "visualstudio.com", "k8s.io", "google.com", "google.golang.org",
    "huggingface.co", "vllm.ai", "nvidia.com", "pyg.org", "anaconda.org", "anaconda.com", "tsinghua.edu.cn",
    "aliyun.com", "npmmirror.com", "ustc.edu.cn", "huaweicloud.com", "tencent.com", "golang.org", "gopkg.in",
    "go.dev", "kernel.org", "apache.org", "eclipse.org", "gnu.org", "python.org", "nodejs.org", "rust-lang.org",
    "docker.com", "docker.io", "ghcr.io", "quay.io", "helm.sh", "jetpack.io", "jfrog.io", "jitpack.io",
    "maven.org", "gradle.org", "debian.org", "ubuntu.com", "fedoraproject.org", "archlinux.org", "brew.sh",
    "uber.org", "mvdan.cc", "honnef.co", "gotest.tools", "sigstore.dev", "cert-manager.io", "istio.io",
    "elastic.co", "hashicorp.com", "microsoft.com", "mozilla.org", "gitee.com", "gnome.org", "kde.org",
    "freedesktop.org", "savannah.org", "sourceforge.net", "astral.sh", "buf.build", "cuelang.org", "rsc.io",
    "nodesource.com", "rustup.rs", "bun.sh", "python-poetry.org", "codecov.io", "fly.io", "pnpm.io",
    "starship.rs", "llvm.org", "rvm.io", "sdkman.io", "nixos.org", "mise.run", "mise.jdx.dev", "volta.sh",
    "tailscale.com", "k3s.io", "deno.com", "opentofu.org", "pulumi.com", "sentry.io", "ollama.com",
    "heroku.com", "wasmtime.dev", "wasmer.io", "dot.net", "claude.ai", "cursor.com", "semgrep.dev",
    "anchore.io", "aquasecurity.github.io", "trivy.dev", "get.sdkman.io", "direnv.net", "haskell.org",
    "julialang.org", "foundry.paradigm.xyz", "supabase.com", "taskfile.dev", "just.systems", "pypa.io",
    "modernc.org", "opentelemetry.io", "filippo.io", "gorm.io", "entgo.io", "goa.design", "dagger.io",
];

/// Managers whose packages run code while they are installed, or that run them.
#[rustfmt::skip]
const MANAGERS: &[&str] = &[
    "pip", "pip3", "pipx", "uv", "uvx", "poetry", "pdm", "npm", "npx", "pnpm", "pnpx", "yarn", "bun", "bunx",
    "cargo", "gem", "brew", "conda", "mamba", "easy_install", "luarocks", "cpanm", "composer", "rye", "apk",
    "rpm", "dnf", "yum", "opkg", "nix-env", "nix", "flatpak", "snap", "apt", "apt-get", "dpkg", "dlx",
];
/// Scripts that a repository has for changing the machine.
#[rustfmt::skip]
const INSTALLERS: [&str; 6] =
    ["install.sh", "install", "bootstrap.sh", "setup.sh", "run.sh", "scripts/install.sh"];
/// Programs that run what a folder tells them.
#[rustfmt::skip]
const BUILDS: [&str; 18] = [
    "make", "npm", "pnpm", "yarn", "bun", "pip", "pip3", "poetry", "uv", "cargo", "go", "gradle", "mvn", "cmake",
    "just", "task", "rake", "composer",
];
/// Verbs of theirs that do so.
#[rustfmt::skip]
const INSTALLS: &[&str] = &[
    "install", "i", "add", "run", "exec", "dlx", "x", "tool", "pip", "-i", "-U", "--install", "require", "update",
    "upgrade", "sync", "localinstall", "-y", "--yes", "--from", "--spec", "-p", "--package", "reinstall", "ci",
];

/// Whether an address leads to a host that is neither known nor one's own.
pub(crate) fn is_strange(address: &str) -> bool {
    let Some(host) = plain_host(address.trim_start_matches("git+")) else { return false };
    let host = host.to_ascii_lowercase();
    let own = !host.contains('.')
        || [".local", ".internal", ".corp", ".lan", ".localhost", ".intra", ".test", ".svc"]
            .iter()
            .any(|end| host.ends_with(end))
        || ["10.", "192.168.", "127.", "172.16."].iter().any(|net| host.starts_with(net));
    let known = |known: &str| host.strip_suffix(known).is_some_and(is_whole);
    !own && !KNOWN.iter().any(|entry| known(entry))
}

fn is_whole(before: &str) -> bool {
    before.is_empty() || before.ends_with('.')
}

/// Files and folders that come from the network.
#[derive(Debug, Default)]
pub(super) struct Fetched {
    paths: BTreeSet<String>,
    /// The name in the last address.
    last: Option<String>,
    /// A descriptor leads to a host.
    pub(super) socket: bool,
}

impl Walk<'_> {
    /// Keeps in mind that a file, or all in a folder, comes from the network.
    pub(super) fn fetch_to(&mut self, at: &Place) {
        if let Place::Known(path) = at
            && self.fetched.paths.len() < FILES_MAX
        {
            self.fetched.paths.insert(path.clone());
        }
    }

    /// The file that a fetch without a name for it leaves in a folder.
    pub(super) fn fetch_into(&mut self, folder: &Place, address: &Word) {
        let (Place::Known(folder) | Place::Below(folder)) = folder else { return };
        let Some(text) = address.text() else { return };
        let path = text.split(['?', '#']).next().unwrap_or(text).trim_end_matches('/');
        let name = path.rsplit(['/', ':']).next().unwrap_or("");
        let name = name.strip_suffix(".git").unwrap_or(name);
        if !name.is_empty() {
            self.fetch_to(&Place::Known(clean(&format!("{folder}/{name}"))));
        }
    }

    pub(super) fn is_fetched(&self, at: &Place) -> bool {
        let Place::Known(path) = at else { return false };
        self.fetched.paths.iter().any(|known| {
            path.strip_prefix(known.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    /// A copy of what was fetched is fetched, too.
    pub(super) fn fetched_copy(&mut self, from: &Place, to: &Place) {
        if self.is_fetched(from) {
            self.fetch_to(to);
        }
    }

    /// Tells that code from the network runs, if the file is such.
    pub(super) fn runs_file(&mut self, at: &Place) {
        if self.is_fetched(at) {
            self.push(Effect::RunsFetched);
        }
    }

    /// Programs that take another program from an address or from their input.
    pub(super) fn takes_code(&mut self, call: &Call<'_>) -> Option<Stream> {
        let words = call.words;
        let has = |wanted: &str| words.iter().any(|word| word.is(wanted));
        let address = || words.iter().find(|word| word.text.contains("://"));
        match call.name {
            "pnpm" | "yarn" if words.first().is_some_and(|word| word.is("dlx")) => {
                let rest = words.get(1..).unwrap_or(&[]);
                let (_, at) = Options::leading(rest, &["-p", "--package"]);
                self.call(rest.get(at..).unwrap_or(&[]), call.variables, Stream::Absent);
            }
            "deno" | "bun" | "tsx" if (has("run") || has("x")) && address().is_some() => {
                self.push(Effect::RunsFetched);
            }
            "go" if has("run") => {
                let options = Options::of(words, &["-C", "-mod", "-tags", "-exec", "-modfile"]);
                let module = options.operand(1).and_then(Word::text).unwrap_or("");
                let remote = module.contains('@') && !module.starts_with(['.', '/']);
                if remote && is_strange(module.split('@').next().unwrap_or(module)) {
                    self.push(Effect::RunsFetched);
                }
            }
            "kubectl" | "oc" if has("apply") || has("create") || has("replace") => {
                let options = Options::of(words, &["-f", "--filename", "-k", "-n"]);
                let from = options.value(&["-f", "--filename", "-k"]);
                if from.is_some_and(|from| from.text.contains("://") && is_strange(&from.text)) {
                    self.push(Effect::RunsFetched);
                }
            }
            name if MANAGERS.contains(&name) => self.installs_strange(words),
            "powershell" | "pwsh" | "powershell.exe" => self.evaluates(words),
            "jq" => self.scripts_of(call),
            "make" | "gmake" | "awk" | "gawk" | "mawk" => self.program_file(call),
            "vim" | "vi" | "nvim" | "ex" | "emacs" | "psql" | "sqlite3" if reads_input(call) => {
                self.run_input(call);
            }
            "lynx" | "w3m" | "links" | "elinks" | "GET" | "lwp-request" | "aria2c" | "axel" => {
                if let Some(address) = address() {
                    let address = address.clone();
                    let folder = self.folder();
                    self.fetch_into(&folder, &address);
                    self.hosts(&[address], &[], false);
                    return Some(Stream::Fetched);
                }
            }
            _ => {}
        }
        None
    }

    /// Packages from an address, or from an index, that nobody knows: their code runs at once.
    fn installs_strange(&mut self, words: &[Word]) {
        let installs = words.iter().any(|word| INSTALLS.contains(&word.text.as_str()))
            || words.first().is_some_and(|word| word.text.contains("://"));
        let proxy = |at: usize| {
            at.checked_sub(1).and_then(|at| words.get(at)).is_some_and(|word| word.is("--proxy"))
        };
        let strange = words.iter().enumerate().any(|(at, word)| {
            let text = word.text.as_str();
            let Some(from) = text.find("http://").or_else(|| text.find("https://")) else {
                return false;
            };
            !proxy(at) && !text.starts_with("--proxy") && is_strange(text.get(from..).unwrap_or(""))
        });
        if installs && strange {
            self.push(Effect::RunsFetched);
        }
    }

    fn evaluates(&mut self, words: &[Word]) {
        let all: String = words.iter().map(|word| word.text.to_ascii_lowercase() + " ").collect();
        let runs = ["iex", "invoke-expression", "[scriptblock]::create"];
        let gets = ["iwr", "irm", "downloadstring", "invoke-webrequest", "invoke-restmethod"];
        let has = |list: &[&str]| list.iter().any(|word| all.contains(word));
        let encoded = words.iter().any(|word| {
            let text = word.text.to_ascii_lowercase();
            text.len() > 2 && ("-encodedcommand".starts_with(&text) || text == "-enc")
        });
        if has(&runs) && (has(&gets) || all.contains("frombase64string")) || encoded {
            self.push(Effect::RunsFetched);
        }
    }

    /// `make -f file`, `awk -f file`; `-` is the input.
    fn program_file(&mut self, call: &Call<'_>) {
        let options =
            Options::of(call.words, &["-f", "--file", "--makefile", "-C", "-j", "-F", "-v"]);
        let Some(file) = options.value(&["-f", "--file", "--makefile"]) else { return };
        if file.is("-") || file.is("/dev/stdin") {
            self.run_fetched_input(&call.input);
        } else if file.stream.as_deref().is_some_and(|stream| *stream == Stream::Fetched) {
            self.push(Effect::RunsFetched);
        } else {
            let at = self.place(file);
            self.runs_file(&at);
        }
    }

    fn run_fetched_input(&mut self, input: &Stream) {
        if matches!(input, Stream::Fetched | Stream::Decoded) {
            self.push(Effect::RunsFetched);
        }
    }

    /// `git clone address [folder]`.
    pub(super) fn cloned(&mut self, options: &Options) {
        for setting in options.values(&["-c", "--config"]) {
            self.setting(&setting.text);
        }
        let Some(address) = options.operand(0).and_then(Word::text) else { return };
        let name = address.trim_end_matches('/').rsplit(['/', ':']).next().unwrap_or("");
        let name = name.strip_suffix(".git").unwrap_or(name);
        let folder = options.operand(1).cloned().unwrap_or_else(|| Word::known(name));
        let Place::Known(folder) = self.place(&folder) else { return };
        if is_strange(address) {
            return self.fetch_to(&Place::Known(folder));
        }
        // Of a repository that the world uses, builds are ordinary; its installers are not read.
        for script in INSTALLERS {
            self.fetch_to(&Place::Known(format!("{folder}/{script}")));
        }
    }

    /// What an archive that was fetched leaves: its installers are as little read as a script.
    pub(super) fn unpacked(&mut self, file: Option<&Word>, input: &Stream, into: Option<&Word>) {
        let at = file.map(|word| self.place(word));
        let fetched = match &at {
            Some(at) => self.is_fetched(at),
            None => *input == Stream::Fetched,
        };
        let known = at.as_ref().and_then(|at| match at {
            Place::Known(path) => path.rsplit('/').next().map(str::to_owned),
            Place::Below(_) | Place::Unknown => None,
        });
        let Some(name) = known.or_else(|| self.fetched.last.clone()).filter(|_| fetched) else {
            return;
        };
        let stem =
            [".tar", ".tgz", ".zip", ".tbz", ".txz", ".gz"].iter().find_map(|end| name.find(end));
        let stem = stem.and_then(|at| name.get(..at)).unwrap_or(&name);
        let folder = into.map(|word| self.place(word)).map_or_else(|| self.folder(), inside);
        let Place::Below(folder) = folder else { return };
        for script in INSTALLERS {
            self.fetch_to(&Place::Known(format!("{folder}{stem}/{script}")));
            self.fetch_to(&Place::Known(format!("{folder}{script}")));
        }
    }

    /// Keeps the name of what is fetched, for the program that unpacks it.
    pub(super) fn fetches(&mut self, addresses: &[Word]) {
        let path = addresses.iter().filter_map(Word::text).next_back();
        let name = path.and_then(|path| path.split(['?', '#']).next()?.rsplit('/').next());
        self.fetched.last = name.map(str::to_owned);
    }

    /// A build in a folder that was cloned from a host that nobody knows runs its code.
    pub(super) fn builds(&mut self, name: &str) {
        let here = self.scope.folder.clone().map(Place::Known);
        if BUILDS.contains(&name) && here.is_some_and(|here| self.is_fetched(&here)) {
            self.push(Effect::RunsFetched);
        }
    }

    /// Where a copy from a host ends.
    pub(super) fn copied_from(&mut self, source: &Word, target: &Word) {
        let at = self.place(target);
        self.fetch_to(&at);
        let folder = inside(at);
        self.fetch_into(&folder, source);
    }
}

/// `vim -S /dev/stdin`, `psql -f -`, `emacs --script /dev/stdin`.
fn reads_input(call: &Call<'_>) -> bool {
    let source = |pair: &[Word]| match pair {
        [option, file] => {
            matches!(option.text.as_str(), "-S" | "--script" | "-l" | "-s" | "-u")
                && matches!(file.text.as_str(), "-" | "/dev/stdin")
        }
        _ => false,
    };
    matches!(call.input, Stream::Fetched | Stream::Decoded) && call.words.windows(2).any(source)
}

//! Variables that operating systems, shells, runtimes and build services provide.

/// Exact names, sorted.
#[rustfmt::skip]
const NAMES: &[&str] = &[
    "APPDATA", "BROWSER", "BUILD_ID", "BUILD_NUMBER", "BUILD_URL", "BUILDKITE", "CI", "CIRCLECI",
    "CODESPACES", "COLORTERM", "COLUMNS", "COMPUTERNAME", "COMSPEC", "CONDA_PREFIX",
    "CUDA_VISIBLE_DEVICES", "DEBIAN_FRONTEND", "DISPLAY", "DYNO", "EDITOR", "EUID", "FORCE_COLOR",
    "GITHUB_ACTIONS", "GITLAB_CI", "GOARCH", "GOBIN", "GOCACHE", "GOFLAGS", "GOMAXPROCS", "GOOS",
    "GOPATH", "GOPROXY", "GOROOT", "HOME", "HOMEDRIVE", "HOMEPATH", "HOSTNAME", "HOSTTYPE",
    "HTTPS_PROXY", "HTTP_PROXY", "IFS", "INVOCATION_ID", "JAVA_HOME", "JENKINS_HOME",
    "JENKINS_URL", "JOB_NAME", "KUBECONFIG", "LANG", "LANGUAGE", "LD_LIBRARY_PATH", "LINES",
    "LOCALAPPDATA", "LOGNAME", "LOG_LEVEL", "MACHTYPE", "MAIL", "NODE_ENV", "NODE_OPTIONS",
    "NODE_PATH", "NO_COLOR", "NO_PROXY", "NUMBER_OF_PROCESSORS", "OLDPWD", "OS", "OSTYPE",
    "OUT_DIR",
    "PAGER", "PATH", "PATHEXT", "PORT", "PROCESSOR_ARCHITECTURE", "PROGRAMDATA", "PROGRAMFILES",
    "PS1", "PWD", "PYTHONHASHSEED", "PYTHONPATH", "PYTHONUNBUFFERED", "PYTEST_CURRENT_TEST",
    "RANDOM", "RUNNER_OS", "RUNNER_TEMP", "SECONDS", "SHELL", "SHLVL", "SSH_AUTH_SOCK",
    "SSH_CLIENT", "SSH_CONNECTION", "SSH_TTY", "SUDO_USER", "SYSTEMROOT", "TEAMCITY_VERSION",
    "TEMP", "TERM", "TERM_PROGRAM", "TF_BUILD", "TMP", "TMPDIR", "TRAVIS", "TZ", "UID", "USER",
    "USERDOMAIN", "USERNAME", "USERPROFILE", "VERCEL", "VIRTUAL_ENV", "VISUAL", "WATCHPACK_POLLING",
    "WINDIR", "WORKSPACE", "WSLENV", "WSL_DISTRO_NAME", "WSL_INTEROP", "WT_SESSION", "XAUTHORITY",
    "_", "http_proxy", "https_proxy", "no_proxy",
];

/// Beginnings of families that one platform owns.
const FAMILIES: &[&str] = &[
    "ACTIONS_",
    "ASPNETCORE_",
    "AWS_EXECUTION_",
    "AWS_LAMBDA_",
    "AZURE_HTTP_",
    "BASH_",
    "BITBUCKET_",
    "BUILDKITE_",
    "CARGO_",
    "CIRCLE_",
    "CI_",
    "CODEBUILD_",
    "CONDA_",
    "DBUS_",
    "DOTNET_",
    "DYLD_",
    "ECS_CONTAINER_",
    "FLY_",
    "FUNCTIONS_",
    "GAE_",
    "GCP_PROJECT",
    "GITHUB_",
    "GITLAB_",
    "GNOME_",
    "HEROKU_",
    "JENKINS_",
    "JUPYTER_",
    "K_SERVICE",
    "KUBERNETES_",
    "LC_",
    "LD_",
    "NETLIFY",
    "NVIDIA_",
    "NVM_",
    "POD_",
    "PYENV_",
    "RAILWAY_",
    "RENDER_",
    "RUNNER_",
    "RUST_",
    "SSH_",
    "SYSTEMD_",
    "TEAMCITY_",
    "TRAVIS_",
    "VERCEL_",
    "VSCODE_",
    "WEBSITE_",
    "WSL",
    "XDG_",
    "npm_",
];

/// Whether the platform is expected to set the variable.
pub(super) fn provides(name: &str) -> bool {
    // Windows writes some of its own in both ways: `ProgramData`.
    let shouted = name.to_ascii_uppercase();
    NAMES.contains(&name)
        || name.starts_with("Program") && NAMES.contains(&shouted.as_str())
        || FAMILIES.iter().any(|family| name.starts_with(family))
}

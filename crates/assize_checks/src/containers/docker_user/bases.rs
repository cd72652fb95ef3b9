//! Which images begin as root.

/// Images of Docker's library that set no user and give up no rights by themselves.
const ROOT: [&str; 48] = [
    "almalinux",
    "alpine",
    "amazoncorretto",
    "amazonlinux",
    "archlinux",
    "bash",
    "buildpack-deps",
    "busybox",
    "caddy",
    "centos",
    "clojure",
    "dart",
    "debian",
    "docker",
    "eclipse-temurin",
    "elixir",
    "erlang",
    "fedora",
    "gcc",
    "golang",
    "gradle",
    "haskell",
    "httpd",
    "ibmjava",
    "jruby",
    "julia",
    "maven",
    "mono",
    "nginx",
    "node",
    "openjdk",
    "oraclelinux",
    "perl",
    "photon",
    "php",
    "pypy",
    "python",
    "r-base",
    "rockylinux",
    "ruby",
    "rust",
    "sapmachine",
    "swift",
    "swipl",
    "tomcat",
    "tomee",
    "ubuntu",
    "jetty",
];

/// Others that are used as widely.
const ROOT_ELSEWHERE: [&str; 13] = [
    "astral-sh/uv",
    "continuumio/anaconda3",
    "continuumio/miniconda3",
    "dotnet/aspnet",
    "dotnet/runtime",
    "dotnet/runtime-deps",
    "dotnet/sdk",
    "nvidia/cuda",
    "oven/bun",
    "pytorch/pytorch",
    "tensorflow/tensorflow",
    "tiangolo/uvicorn-gunicorn",
    "tiangolo/uvicorn-gunicorn-fastapi",
];

/// Images that start a server by themselves.
const SERVERS: [&str; 5] = ["caddy", "httpd", "nginx", "tomcat", "tomee"];

/// Whether an image is known to begin as root.
pub(super) fn are_root(image: &str) -> bool {
    let lower = image.to_ascii_lowercase();
    let name = name(image);
    let distroless = name.contains("distroless/") && !lower.contains("nonroot");
    // `dotnet/aspnet:8.0-chiseled` has a user of its own.
    let chiseled = lower.contains("chiseled") || lower.contains("unprivileged");
    !chiseled
        && (library(name, &ROOT)
            || distroless
            || ROOT_ELSEWHERE.iter().any(|one| {
                name.strip_suffix(one).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
            }))
}

/// Whether an image starts a server without being told to.
pub(super) fn serve(image: &str) -> bool {
    library(name(image), &SERVERS)
}

fn name(image: &str) -> &str {
    let image = image.split('@').next().unwrap_or(image);
    let start = image.rfind('/').map_or(0, |at| at + 1);
    let end =
        image.get(start..).and_then(|last| last.find(':')).map_or(image.len(), |at| start + at);
    image.get(..end).unwrap_or(image)
}

fn library(name: &str, images: &[&str]) -> bool {
    let bare = name
        .strip_prefix("public.ecr.aws/docker/library/")
        .or_else(|| name.strip_prefix("docker.io/library/"))
        .or_else(|| name.strip_prefix("docker.io/"))
        .or_else(|| name.strip_prefix("library/"))
        .unwrap_or(name);
    images.contains(&bare)
}

#[cfg(test)]
mod tests {
    use super::{are_root, serve};

    #[test]
    fn images_that_begin_as_root() {
        for image in [
            "python:3.12-slim",
            "docker.io/library/node:20@sha256:00",
            "mcr.microsoft.com/dotnet/aspnet:8.0",
            "gcr.io/distroless/static-debian12",
            "public.ecr.aws/docker/library/python",
        ] {
            assert!(are_root(image), "{image}");
        }
        for image in [
            "postgres:16",
            "gcr.io/distroless/static:nonroot",
            "cgr.dev/chainguard/python:latest",
            "mcr.microsoft.com/dotnet/aspnet:8.0-noble-chiseled",
            "nginxinc/nginx-unprivileged",
            "acme/python",
        ] {
            assert!(!are_root(image), "{image}");
        }
        assert!(serve("nginx:1.27-alpine") && !serve("python:3"));
    }
}

//! Manifests and lock files of Go, Java and .NET, which are told by their names. Cargo's are TOML
//! and read there.

mod go;
mod gradle;
mod maven;
mod nuget;
mod xml;

use crate::{Extraction, FactKind, Flags, Role};
use assize_model::Span;

/// What reads a file of this name.
pub(crate) fn reader(name: &str) -> Option<fn(&mut Extraction<'_>)> {
    Some(match name {
        "go.mod" => go::manifest,
        "go.sum" => go::lock,
        "pom.xml" => maven::manifest,
        "build.gradle" | "build.gradle.kts" => gradle::manifest,
        "Directory.Packages.props" | "Directory.Build.props" | "packages.config" => nuget::manifest,
        "packages.lock.json" => nuget::lock,
        _ if name.ends_with(".csproj") => nuget::manifest,
        _ => return None,
    })
}

/// A package that a manifest or a lock file names.
struct Package<'a> {
    key: String,
    constraint: &'a str,
    section: &'a str,
    flags: Flags,
    span: Span,
}

impl Package<'_> {
    fn declare(self, sheet: &mut Extraction<'_>) {
        sheet
            .fact(FactKind::Package, Role::Definition, self.key, self.span)
            .value(self.constraint)
            .item(self.section)
            .flags(self.flags)
            .done();
    }
}

#[cfg(test)]
mod tests {
    use assize_model::{FileClass, LineIndex, RepoPath};

    use crate::{FactKind, Flags, extract};

    /// What a manifest declares: key, constraint, section and whether only a lock names it.
    fn packages(path: &str, text: &str) -> Vec<(String, String, String, bool)> {
        let lines = LineIndex::new(text);
        let path = RepoPath::new(path).unwrap();
        let facts = extract(&path, FileClass::Production, text, &lines).facts;
        facts
            .into_iter()
            .filter(|fact| matches!(fact.kind, FactKind::Package | FactKind::Project))
            .map(|fact| (fact.key, fact.value, fact.item, fact.flags.has(Flags::LOCKED)))
            .collect()
    }

    fn shown(path: &str, text: &str) -> Vec<String> {
        let all = packages(path, text);
        all.into_iter().map(|one| format!("{} {} {} {}", one.0, one.1, one.2, one.3)).collect()
    }

    #[test]
    fn go_modules() {
        let text = "module example.org/shop/v2 // the shop\n\ngo 1.22\n\nrequire a.org/one v1.0.0\n\
                    require (\n\tb.org/two v2.0.0+incompatible // indirect\n\t\"c.org/q\" v1.1.0\n)\n\
                    exclude d.org/three v1.0.0\ntool e.org/four/cmd\n";
        assert_eq!(
            shown("svc/go.mod", text),
            [
                "go:example.org/shop/v2 svc  false",
                "go:a.org/one v1.0.0 require false",
                "go:b.org/two v2.0.0+incompatible indirect false",
                "go:c.org/q v1.1.0 require false",
            ]
        );
        let lock = "a.org/one v1.0.0 h1:x=\na.org/one v1.0.0/go.mod h1:y=\n";
        assert_eq!(shown("go.sum", lock), ["go:a.org/one v1.0.0 lock true"]);
    }

    #[test]
    fn maven_and_gradle() {
        let pom = "<project>\n<!-- <dependency> -->\n<parent><groupId>p</groupId>\
                   <artifactId>q</artifactId></parent>\n<dependencies><dependency>\
                   <groupId>org.a</groupId><artifactId>b</artifactId><version>${v}</version>\
                   <exclusions><exclusion><groupId>x</groupId><artifactId>y</artifactId>\
                   </exclusion></exclusions><scope>test</scope></dependency></dependencies>\
                   </project>\n";
        assert_eq!(shown("pom.xml", pom), ["maven:org.a:b ${v} test false"]);
        let gradle = "dependencies {\n  implementation 'org.a:b:1.0'\n  testImplementation(\"c:d\")\n\
                      // implementation 'no:no:1'\n  implementation project(':x')\n}\n";
        assert_eq!(
            shown("build.gradle", gradle),
            ["maven:org.a:b 1.0 implementation false", "maven:c:d  testImplementation false"]
        );
    }

    #[test]
    fn nuget() {
        let project = "<Project><ItemGroup><PackageReference Include=\"A.B\" Version='1.0' />\n\
                       <PackageReference Update=\"C\"/><PackageVersion Include=\"D\" Version=\"2\"/>\
                       <Reference Include=\"E\"/></ItemGroup></Project>";
        let expected = ["nuget:a.b 1.0 PackageReference false", "nuget:d 2 PackageVersion false"];
        assert_eq!(shown("a.csproj", project), expected);
        let lock = "{\"dependencies\": {\"net8.0\": {\"X.Y\": {\"type\": \"Direct\"}}}}";
        assert_eq!(shown("packages.lock.json", lock), ["nuget:x.y  lock true"]);
    }

    #[test]
    fn cargo() {
        let text = "[package]\nname = \"shop\"\n[dependencies]\nserde = \"1\"\n\
                    my-log = { package = \"log\", version = \"0.4\" }\nown = { path = \"../own\" }\n\
                    [dev-dependencies.proptest]\nversion = \"1\"\n\
                    [target.'cfg(unix)'.dependencies]\nlibc = \"0.2\"\n\
                    [workspace.dependencies]\nrand = \"0.9\"\n";
        assert_eq!(
            shown("svc/Cargo.toml", text),
            [
                "cargo:shop svc  false",
                "cargo:serde 1 dependencies false",
                "cargo:log 0.4 dependencies false",
                "cargo:my-log log dependencies false",
                "cargo:own  dependencies false",
                "cargo:proptest 1 dev-dependencies false",
                "cargo:libc 0.2 dependencies false",
                "cargo:rand 0.9 workspace.dependencies false",
            ]
        );
        let lock = "[[package]]\nname = \"anyhow\"\nversion = \"1.0.0\"\n";
        assert_eq!(shown("Cargo.lock", lock), ["cargo:anyhow 1.0.0 lock true"]);
    }
}

//! How alike the name of a module and the name of a package are.
//!
//! A package often bears its module's name with words around it (`social-auth-core` brings
//! `social_core`), or written together (`line-bot-sdk` brings `linebot`). That proves nothing, but
//! it is reason enough not to call the module undeclared.

/// Shorter names are alike by chance.
const ALIKE_MIN: usize = 4;
/// The first word of a module may be as short as this.
const FIRST_MIN: usize = 3;

/// Words that packages put before or behind the name of their module.
const AROUND: [&str; 12] = [
    "api", "binary", "cli", "client", "core", "lib", "official", "py", "python", "python3", "sdk",
    "py3",
];

/// A name, taken apart.
#[derive(Debug)]
pub(super) struct Words {
    words: Vec<String>,
    squashed: String,
    /// Without what packages put around the name of their module; empty where nothing is.
    stem: String,
}

impl Words {
    pub(super) fn of(name: &str) -> Self {
        let words: Vec<String> = name
            .split(['-', '_', '.'])
            .filter(|word| !word.is_empty())
            .map(str::to_ascii_lowercase)
            .collect();
        let squashed = squash(name);
        let stem = stem(&squashed);
        Self { words, squashed, stem }
    }

    /// Whether a module of this name may come with the package.
    pub(super) fn may_come_with(&self, package: &Self) -> bool {
        let module = self.squashed.as_str();
        let name = package.squashed.as_str();
        if module == name {
            return true;
        }
        if module.len() >= ALIKE_MIN && (name.starts_with(module) || name.ends_with(module)) {
            return true;
        }
        // `baidu-aip` brings `aip`.
        let one = package.words.len() > 1 && package.words.contains(&self.squashed);
        if module.len() >= FIRST_MIN && one {
            return true;
        }
        let every = self.words.iter().all(|word| package.words.contains(word));
        if self.words.len() > 1 && every {
            return true;
        }
        let first = self.words.first().map_or("", String::as_str);
        let shared = self.words.iter().filter(|word| package.words.contains(word));
        if shared.filter(|word| word.len() >= FIRST_MIN).count() > 1 {
            return true;
        }
        // `rudder-sdk` brings `rudderstack`.
        if package.stem.len() > ALIKE_MIN && module.starts_with(&package.stem) {
            return true;
        }
        // `django-prometheus` depends on what it connects.
        if first.len() > ALIKE_MIN && package.words.iter().skip(1).any(|word| word == first) {
            return true;
        }
        package.stem.len() >= FIRST_MIN && (package.stem == first || package.stem == module)
    }
}

/// A name without what separates its words.
pub(super) fn squash(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

fn stem(squashed: &str) -> String {
    // `uuid7`, `newspaper3k`
    let numbered = squashed.trim_end_matches('k').trim_end_matches(|c: char| c.is_ascii_digit());
    let mut stem =
        if numbered.len() < squashed.trim_end_matches('k').len() { numbered } else { squashed };
    for word in AROUND {
        let bare = stem.strip_prefix(word).or_else(|| stem.strip_suffix(word));
        stem = bare.filter(|bare| bare.len() >= FIRST_MIN).unwrap_or(stem);
    }
    if stem.len() < squashed.len() { stem.to_owned() } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::Words;

    fn alike(module: &str, package: &str) -> bool {
        Words::of(module).may_come_with(&Words::of(package))
    }

    #[test]
    fn a_module_may_come_with_a_package_of_another_name() {
        for (module, package) in [
            ("social_core", "social-auth-core"),
            ("strawberry_django", "strawberry-graphql-django"),
            ("linebot", "line-bot-sdk"),
            ("box_sdk_gen", "boxsdk"),
            ("uuid_extensions", "uuid7"),
            ("newspaper", "newspaper3k"),
            ("moodle", "moodlepy"),
            ("zxingcpp", "zxing-cpp"),
            ("aip", "baidu-aip"),
            ("utils_find_1st", "py-find-1st"),
            ("rudderstack", "rudder-sdk-python"),
            ("prometheus_client", "django-prometheus"),
        ] {
            assert!(alike(module, package), "{module} {package}");
        }
    }

    #[test]
    fn a_made_up_name_comes_with_nothing() {
        for (module, package) in [
            ("fastapi_auth_pro", "fastapi"),
            ("requestss", "requests"),
            ("flask_wtf", "flask"),
            ("fastapi_auth_pro", "fastapi-users"),
            ("numpyy", "numpy"),
            ("yaml", "yarl"),
        ] {
            assert!(!alike(module, package), "{module} {package}");
        }
    }
}

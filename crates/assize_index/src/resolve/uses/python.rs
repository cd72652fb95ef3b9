//! Python: distributions are imported by the names of their modules.

use std::collections::BTreeSet;

use assize_syntax::{FactKind, Language, Role, top_segment};

use super::{Use, has_code};
use crate::View;
use crate::resolve::World;
use crate::resolve::python::distributions::{is_known_package, is_listed, modules};
use crate::resolve::python::may_come_with;

/// Distributions that others load when they are there, or that run by themselves: servers,
/// drivers, codecs, engines of file formats, faster replacements. Sorted.
#[rustfmt::skip]
const UNSEEN: &[&str] = &[
    "accelerate", "aiodns", "aiofiles", "aioredis", "aiosqlite", "argon2-cffi", "asgiref",
    "asyncmy", "asyncpg", "asyncpg-stubs", "autopep8", "av", "awscli", "bandit", "bcrypt",
    "bitsandbytes", "black", "brotli", "brotlicffi", "brotlipy", "build", "cchardet", "celery",
    "certifi", "cffi", "chardet", "coverage", "cryptography", "ctranslate2", "cx-freeze",
    "cx-oracle", "cython", "daphne", "debugpy", "django-appconf", "docutils", "duckduckgo-search",
    "dvc", "einops", "email-validator", "eventlet", "fabric", "faiss-cpu", "faiss-gpu",
    "fastparquet", "ffmpeg", "flake8", "flash-attn", "flower", "gevent", "gevent-websocket",
    "graphviz", "greenlet", "gunicorn", "h2", "h5py", "hiredis", "honcho", "html5lib", "httptools",
    "hypercorn", "importlib-metadata", "importlib-resources", "invoke", "ipdb", "ipykernel",
    "ipython", "isort", "itsdangerous", "jieba", "jinja2", "jupyter", "jupyterlab", "librosa",
    "locust", "lxml", "mkdocs", "mypy", "mysql-connector-python", "mysqlclient", "newrelic",
    "ninja", "nltk", "notebook", "nox", "nuitka", "numba", "odfpy", "onnxruntime",
    "onnxruntime-gpu", "opencv-python", "opencv-python-headless", "openpyxl", "oracledb", "orjson",
    "packaging", "pdbpp", "pdf2image", "pdfminer-six", "pgvector", "pika", "pillow", "pip",
    "pip-audit", "pip-tools", "pipenv", "poetry", "pre-commit", "prettytable", "protobuf",
    "psutil", "psycopg", "psycopg-binary", "psycopg-pool", "psycopg2", "psycopg2-binary", "pudb",
    "pyarrow", "pyasn1", "pycryptodome", "pycurl", "pydot", "pyinstaller", "pylint", "pymssql",
    "pymysql", "pynacl", "pynvml", "pyodbc", "pyopenssl", "pyright", "pysocks", "pysqlite3",
    "pysqlite3-binary", "pytesseract", "pytest", "python-dotenv", "python-jose", "python-magic",
    "python-multipart", "pytz", "pywin32", "radon", "rank-bm25", "rcssmin", "redis", "rjsmin",
    "ruff", "sacremoses", "safetensors", "safety", "scipy", "sentencepiece", "setuptools",
    "simplejson", "six", "socksio", "soundfile", "spacy", "sqlalchemy-utils", "sqlfluff",
    "statsmodels", "streamlit", "supervisor", "tables", "tabulate", "tblib", "tenacity",
    "tensorboard", "tiktoken", "timm", "torch", "torchaudio", "torchvision", "tox", "triton",
    "twine", "twisted", "typing-extensions", "tzdata", "tzlocal", "ujson", "unstructured",
    "urllib3", "uvicorn", "uvloop", "uwsgi", "virtualenv", "vulture", "waitress", "wandb",
    "watchdog", "watchfiles", "websockets", "werkzeug", "wheel", "whitenoise", "xformers", "xlrd",
    "xlsxwriter", "xlwt", "yapf", "zstandard",
];

/// Beginnings and ends of names of plug-ins, stubs and parts of frameworks.
const PLUGIN_STARTS: [&str; 17] = [
    "azure-",
    "flake8-",
    "google-cloud-",
    "jupyter",
    "langchain",
    "llama-index",
    "mkdocs",
    "mypy-",
    "nvidia-",
    "opentelemetry-",
    "pylint-",
    "pyobjc",
    "pytest-",
    "sphinx",
    "tree-sitter-",
    "types-",
    "zope-",
];
const PLUGIN_ENDS: [&str; 10] = [
    "-stubs",
    "-plugin",
    "-cli",
    "-server",
    "-driver",
    "-backend",
    "-extension",
    "-addon",
    "-binary",
    "-client",
];

pub(super) fn of(name: &str, world: &World, view: &View<'_>) -> Use {
    let modules = modules(name);
    let python = |language| language == Language::Python;
    let imported = modules.iter().any(|module| {
        view.find_key(FactKind::Import, Role::Reference, module, |import| {
            top_segment(import.key) == module && python(import.file.dialect().language())
        })
    });
    if imported {
        return Use::Imported;
    }
    let named = || world.named(view).is_named(&words_of(name, modules.clone()), "");
    if !is_known_package(name) || is_unseen(name) || named() {
        return Use::Possible;
    }
    let world = world.python(view);
    // Where no table says which modules it brings, any that is named alike may be one of them.
    let alike = !is_listed(name) && world.imports_alike(name, view);
    let code = || has_code(&[Language::Python], "", view);
    if alike || world.may_be_depended_on(name, view) || !code() {
        return Use::Possible;
    }
    Use::None
}

/// Whether packages of this name are used without being named.
fn is_unseen(name: &str) -> bool {
    UNSEEN.binary_search(&name).is_ok()
        || PLUGIN_STARTS.iter().any(|start| name.starts_with(start))
        || PLUGIN_ENDS.iter().any(|end| name.ends_with(end))
}

/// The words that may mean a distribution.
pub(super) fn words(name: &str) -> BTreeSet<String> {
    words_of(name, modules(name))
}

fn words_of(name: &str, mut modules: BTreeSet<String>) -> BTreeSet<String> {
    modules.insert(name.to_owned());
    modules
}

/// Whether an import may mean a distribution.
pub(super) fn may_mean(import: &str, name: &str) -> bool {
    let top = top_segment(import);
    !top.is_empty() && (may_come_with(top, name) || modules(name).contains(top))
}

#[cfg(test)]
mod tests {
    use super::UNSEEN;

    #[test]
    fn the_table_is_sorted() {
        let unsorted = UNSEEN.windows(2).find(|pair| pair[0] >= pair[1]);
        assert_eq!(unsorted, None);
    }
}

//! GitLab pipelines.

//! Disk, git and the cache: the one crate that lists folders and starts processes.

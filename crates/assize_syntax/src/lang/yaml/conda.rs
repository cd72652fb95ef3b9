//! Environments of conda.

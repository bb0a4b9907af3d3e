//! What reaches the CLI's log.

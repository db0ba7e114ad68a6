"""From a module's source to its findings."""

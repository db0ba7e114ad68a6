"""What the linter costs, next to its hosts and to other tools."""

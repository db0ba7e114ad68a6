"""The rules, one module per family; `tf2lint.check.registry` finds them here."""

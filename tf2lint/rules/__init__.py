"""The rules, one module per family; `tf2lint.registry` finds them here."""

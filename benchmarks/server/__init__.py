"""How long the language server takes to answer, in real files, over its standard streams."""

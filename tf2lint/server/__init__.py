"""The language server: what the linter says, in an editor, as one types.

`language_server` speaks the protocol; `pylsp_plugin` gives the same code actions to
python-lsp-server. What both say is made in `analysis`, `actions` and `hover`, which know no
protocol.
"""

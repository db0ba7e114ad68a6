"""From findings to a changed text: templates, edits, imports, proofs."""

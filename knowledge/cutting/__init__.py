"""How documents are cut: into blocks, passages along their headings, and spans that can be quoted."""

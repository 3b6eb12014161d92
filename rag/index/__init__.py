"""Where filings are kept: the catalog (SQLite, the truth) and the vectors (Chroma)."""

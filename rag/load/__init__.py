"""Files into filings: `files` finds the loader and reads, one module a format does the work."""

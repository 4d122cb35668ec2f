"""What outlives a request: tables, queries, definitions on disk, migrations."""

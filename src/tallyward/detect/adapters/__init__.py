"""DuckDB runs the traversal."""

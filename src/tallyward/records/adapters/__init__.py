"""Where records are kept: Parquet segments, the SQLite manifest, the folder's lock."""

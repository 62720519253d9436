"""The only place that names adapters and reads settings."""

"""Bytes of a source in, observed records and issues out: pure, bounded, never a crash."""

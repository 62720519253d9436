"""What was observed: usage records, taken in once, kept in segments, read in snapshots."""

"""Ids, clock, errors, paging and words: what every room stands on. Imports nothing of ours."""

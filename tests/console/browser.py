"""Starlette's test client. It prefers a fork of httpx that we don't depend on, and warns at import when it is missing."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

__all__ = ["TestClient"]

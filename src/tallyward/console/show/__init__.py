"""Values of the rooms below as the answers of the API, one module a topic."""

"""What the API says: response and request bodies, one module a topic. Field names are the contract with the pages."""

"""The paths of the API, one module a topic. A route asks the roles table, calls a service, words the answer."""

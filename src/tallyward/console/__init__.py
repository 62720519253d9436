"""What people see: HTTP API, sign-in, roles, live events."""

"""What custody uses from outside."""

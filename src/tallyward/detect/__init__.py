"""What is wrong: rules over usage records, compiled to one traversal."""

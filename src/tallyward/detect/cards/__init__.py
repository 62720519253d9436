"""The card half: rules as text, their compilation, and what a hit says. Pure but for `detect.adapters`."""

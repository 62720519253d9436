"""Whose card is this, and how did it get there? A ledger of every card, from operator to user."""

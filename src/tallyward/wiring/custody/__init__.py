"""How the card ledger is opened, judged against traffic, told of misuse, witnessed and shared."""

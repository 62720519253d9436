"""SQL tables of accounts and the store on them."""

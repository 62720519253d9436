"""SQL tables of incidents and the store on them."""

"""Who exists: enterprises, terminals, cards, bindings, group lists, areas and cells."""

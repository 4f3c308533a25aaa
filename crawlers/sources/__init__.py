"""One module per kind of source, each with one value `KIND`: taken up by being here; one that fails stops all."""

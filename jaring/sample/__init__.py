"""The bundled sample: invented posts about Lombok Barat, read as package data."""

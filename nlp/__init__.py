"""Reading: posts come in, readings go out, the same in every region. Never reads the network or the database."""

"""One component per module: a Doc comes in, the same Doc goes out with what the component declares written on it."""

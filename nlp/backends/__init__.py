"""Models of others that may take a task's seat: each is a `Decider` around a library that the default install lacks."""

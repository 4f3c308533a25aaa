"""The hall: settings, wiring, the `jaring` command and its processes. Holds no logic of the rooms."""

"""How good the machine is where people have spoken: agreement, calibration, and how much it may do alone. Pure."""

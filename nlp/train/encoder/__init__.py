"""Training of the encoder (extra `train-encoder`): a pretrained base in, a small int8 model with heads out."""

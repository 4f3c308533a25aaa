"""Kibana as code: what the center sees there, checked, applied, compared with what stands there; never read from."""

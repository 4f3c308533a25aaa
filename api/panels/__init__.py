"""The panels of Tren: one a module, with one value `PANEL`. A question goes in, table and picture come out."""

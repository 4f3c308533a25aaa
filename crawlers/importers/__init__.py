"""Files in (CSV, XLSX, JSONL), posts out by a column map; what cannot be read goes to a quarantine file."""

"""The text rules that every room must share: normalise and tokenise with offsets, mask personal data, highlight."""

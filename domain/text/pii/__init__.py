"""One detector of personal data per module: words come in, validated finds go out. `domain.text.mask` joins them."""

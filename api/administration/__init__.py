"""The settings of a center: people, tokens, agencies, corrections of region data, the audit trail."""

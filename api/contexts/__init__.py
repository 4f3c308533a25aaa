"""What each page is given: one frozen value per page, ready to be shown, with no further questions to ask."""

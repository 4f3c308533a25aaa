"""The desk as a page: a look at the queue, the chosen story, what a click does."""

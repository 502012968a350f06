"""Head office's pages in the browser: rendered here, without a line of script."""

"""The pages for readers and authors. They need no JavaScript and send none."""

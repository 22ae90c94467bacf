"""The static site of a release: its pages, complete without a script, and the files that they link to."""

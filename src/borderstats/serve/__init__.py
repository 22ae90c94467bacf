"""A release over HTTP: SDMX 2.1 and 3.0, a plain JSON API, files and pages. Reads public files only."""

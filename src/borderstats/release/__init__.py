"""From observations to a release: vintages, gates, files, manifest, signature, verification."""

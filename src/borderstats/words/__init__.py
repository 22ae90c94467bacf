"""The words of a release: labels, amounts and periods as a person reads them."""

"""Builds the gazetteer that ships in the package. Not used at run time; see __main__.py and ../README.md."""

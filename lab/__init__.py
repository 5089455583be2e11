"""The laboratory of the book: small models, trained and measured by code that a reader can run.

``python -m lab`` trains all models and writes ``lab/results/*.json``.  ``README.md`` is the way in.
"""

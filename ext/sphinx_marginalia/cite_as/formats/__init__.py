"""The formats of references, one module for each. Pure.

``bibtex`` has BibTeX and BibLaTeX, ``csl`` CSL-JSON, ``ris`` RIS, ``prose`` APA and Chicago.
"""

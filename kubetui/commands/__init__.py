"""Commands to copy: the ``kubectl`` and ``az`` lines that fit an object. Nothing here runs one.

Pure functions and declarations; no I/O, no Textual.
"""

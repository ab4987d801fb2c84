"""Objects in words, as ``kubectl describe`` has them: one file a kind, pure functions from JSON to lines.

A kind's file declares its sections and what else must be read for them (``facts.Description``); ``registry`` finds it,
``page`` lays the lines out. Nothing here waits or fetches.
"""

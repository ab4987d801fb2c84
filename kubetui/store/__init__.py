"""Objects by key, and views of them: filtered, sorted, windowed. Synchronous; no I/O, no Textual."""

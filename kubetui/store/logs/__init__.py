"""Log lines as they are held: entries, the buffer, the merge by time, filters and levels. Synchronous, no I/O."""

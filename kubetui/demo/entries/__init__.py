"""The objects that the demo holds, each small and able to write its own JSON and Table cells."""

"""The programs' voices: the formats that the components and applications really write."""

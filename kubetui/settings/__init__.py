"""The settings file: what it may say, read with every mistake named. Standard library only."""

"""What can go wrong, one file each: scripted, startable while the world runs, and healed when stopped."""

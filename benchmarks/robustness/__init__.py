"""What the store does when it is killed, or the ground goes away under it."""

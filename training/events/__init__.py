"""From annotated stories to the network's branch for events and the small models that assemble them."""

"""How the world is made: nodes, AKS's components, tenants. Each part fills the storage once."""

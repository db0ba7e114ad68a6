"""What a name in a module means: scopes, values, guards, neighbouring modules."""

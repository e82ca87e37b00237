"""The sets, one module each: a SPEC and a build(scene)."""

namespace patchead {}  // namespace patchead

#pragma once

#include "patchead/ranks/communicator.hpp"

/// The ranks of the running test program.
///
/// Use EXPECT_ before a collective call, never ASSERT_: a rank that returns early leaves the
/// others waiting.
const patchead::Communicator& test_world();

#pragma once

#include "patchead/core/blocks.hpp"
#include "patchead/core/images.hpp"

/// \file
/// \brief The values that travel from image to table cell.
///
/// Plain data, standard library only: every layer may include this file, and this file includes
/// no layer. A value is complete when constructed and is not changed afterwards.

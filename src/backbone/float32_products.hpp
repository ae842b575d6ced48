#pragma once

#include <ATen/Context.h>

/// \file
/// \brief What a GPU may make of float32 in products. LibTorch knows one setting for the whole
/// process; here it is strict but where a network asks for TF32.

namespace patchead::inline backbone_detail {

/// TF32: factors are rounded to 10 bits after the point. Convolutions, which modules of users have,
/// may do so unless told.
inline void allow_tf32(bool allowed) {
    at::globalContext().setAllowTF32CuBLAS(allowed);
    at::globalContext().setAllowTF32CuDNN(allowed);
}

/// TF32 while it lives, if it is `allowed`; then float32 is strict again.
class Float32Products {
  public:
    explicit Float32Products(bool tf32) : tf32_(tf32) {
        if (tf32_) { allow_tf32(true); }
    }
    ~Float32Products() {
        if (tf32_) { allow_tf32(false); }
    }
    Float32Products(const Float32Products&) = delete;
    Float32Products& operator=(const Float32Products&) = delete;

  private:
    bool tf32_;
};

}  // namespace patchead::inline backbone_detail

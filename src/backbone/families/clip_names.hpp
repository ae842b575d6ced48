#pragma once

#include "checkpoint/load_weights.hpp"

/// \file
/// \brief Names that networks of CLIP's kin share.

namespace patchead::inline backbone_detail {

/// Those of OpenAI's code, and so of OpenCLIP and the Perception Encoder.
inline const LayoutNames kClipNames{{"patch_embed", "conv1"},
                                    {"cls_token", "class_embedding"},
                                    {"pos_embed", "positional_embedding"},
                                    {"norm_pre", "ln_pre"},
                                    {"norm1", "ln_1"},
                                    {"attn.qkv.weight", "attn.in_proj_weight"},
                                    {"attn.qkv.bias", "attn.in_proj_bias"},
                                    {"attn.proj", "attn.out_proj"},
                                    {"norm2", "ln_2"},
                                    {"mlp.fc1", "mlp.c_fc"},
                                    {"mlp.fc2", "mlp.c_proj"},
                                    {"norm", "ln_post"}};

/// Of a block in transformers' CLIP and SigLIP.
inline const LayoutNames kClipBlockOfTransformers{{"norm1", "layer_norm1"},
                                                  {"attn.q", "self_attn.q_proj"},
                                                  {"attn.k", "self_attn.k_proj"},
                                                  {"attn.v", "self_attn.v_proj"},
                                                  {"attn.proj", "self_attn.out_proj"},
                                                  {"norm2", "layer_norm2"}};

}  // namespace patchead::inline backbone_detail

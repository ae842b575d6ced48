#include "patchead/core/layer_shape.hpp"

#include "patchead/core/error.hpp"

namespace patchead {

std::string text_of(std::span<const LayerShape> shapes) {
    std::string text;
    for (const auto& [name, stride, channels] : shapes) {
        text +=
            concat(text.empty() ? "" : ", ", name, ": ", channels, " channels on ", stride, " px");
    }
    return text;
}

}  // namespace patchead

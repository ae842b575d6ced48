#include "patchead/pipeline/networks.hpp"

namespace patchead {

const Backbone& Networks::at(std::size_t index) {
    if (!loaded_ || number_ != index) {
        loaded_.reset();  // The old network goes before the new one comes.
        const auto& source = sources_[index];
        loaded_ = load_backbone(source.family, source.weights, source.options);
        number_ = index;
    }
    return *loaded_;
}

}  // namespace patchead

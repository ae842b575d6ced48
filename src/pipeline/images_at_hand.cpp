#include "images_at_hand.hpp"

#include "patchead/data/image_io.hpp"

namespace patchead::inline pipeline_detail {

std::shared_ptr<const Image> ImagesAtHand::of(const Sample& sample) {
    const auto rows = sample.crop.value_or(CropRows{});
    const Name name{sample.image.native(), rows.first, rows.last, sample.perturbation};
    if (auto image = find(name)) { return image; }
    auto image = std::make_shared<const Image>(read_image(sample));
    keep(name, image);
    return image;
}

std::shared_ptr<const Image> ImagesAtHand::find(const Name& name) {
    const std::scoped_lock lock(mutex_);
    const auto found = places_.find(name);
    if (found == places_.end()) { return nullptr; }
    kept_.splice(kept_.begin(), kept_, found->second);
    return found->second->image;
}

void ImagesAtHand::keep(const Name& name, const std::shared_ptr<const Image>& image) {
    const std::scoped_lock lock(mutex_);
    const auto size = image->rgb.size();
    if (size > most_bytes_ || places_.contains(name)) { return; }
    for (bytes_ += size; bytes_ > most_bytes_; kept_.pop_back()) {
        bytes_ -= kept_.back().image->rgb.size();
        places_.erase(kept_.back().name);
    }
    kept_.push_front({name, image});
    places_.emplace(name, kept_.begin());
}

}  // namespace patchead::inline pipeline_detail

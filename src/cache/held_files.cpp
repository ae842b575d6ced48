#include "patchead/cache/held_files.hpp"

#include <utility>

namespace patchead {

HeldFiles::Bytes HeldFiles::find(const std::string& place) const {
    const std::scoped_lock lock(mutex_);
    const auto found = files_.find(place);
    return found == files_.end() ? nullptr : found->second;
}

void HeldFiles::put(const std::string& place, std::string bytes) {
    auto held = std::make_shared<const std::string>(std::move(bytes));
    const std::scoped_lock lock(mutex_);
    files_[place] = std::move(held);
}

std::map<std::string, HeldFiles::Bytes> HeldFiles::all() const {
    const std::scoped_lock lock(mutex_);
    return files_;
}

}  // namespace patchead

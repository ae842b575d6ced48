#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>

#include "patchead/core/types.hpp"

/// \file
/// \brief Decoded images, kept for the next network or size. Private to the pipeline layer.

namespace patchead::inline pipeline_detail {

/// The images that were asked for last, as many as fit. Threads may ask at the same time.
class ImagesAtHand {
  public:
    /// Keeps at most so many bytes of pixels.
    explicit ImagesAtHand(std::size_t most_bytes) : most_bytes_(most_bytes) {}

    /// The image of `sample`, read now if it is not at hand. Throws DataError that names the file.
    [[nodiscard]] std::shared_ptr<const Image> of(const Sample& sample);

  private:
    /// File, rows that are cut out, perturbation.
    using Name = std::tuple<std::string, int, int, std::string>;
    struct Kept {
        Name name;
        std::shared_ptr<const Image> image;
    };

    [[nodiscard]] std::shared_ptr<const Image> find(const Name& name);
    void keep(const Name& name, const std::shared_ptr<const Image>& image);

    std::size_t most_bytes_;
    std::mutex mutex_;
    std::size_t bytes_ = 0;
    std::list<Kept> kept_;  ///< What was asked for last comes first.
    std::map<Name, std::list<Kept>::iterator> places_;
};

}  // namespace patchead::inline pipeline_detail

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "patchead/core/choices.hpp"

/// \file
/// \brief Layers of a network of unknown depth, as users name them.

namespace patchead {

/// A layer: the tokens after a number of blocks.
struct LayerPlace {
    /// How it is named.
    ///  * block: by the number of blocks, from 1
    ///  * fraction: by a share of the depth, in (0, 1), rounded half up to blocks, at least 1
    ///  * middle: after depth / 2 blocks, rounded down, at least 1
    ///  * last: after all blocks
    enum class Kind { block, fraction, middle, last };
    Kind kind = Kind::last;
    int block = 0;                    ///< Of kind `block`.
    double fraction = 0;              ///< Of kind `fraction`.
    std::optional<TokenForm> form{};  ///< If the list names it.

    bool operator==(const LayerPlace&) const = default;
};

/// Some layers, in the order in which they were named.
struct LayerList {
    std::vector<LayerPlace> places{};

    [[nodiscard]] bool empty() const { return places.empty(); }
    bool operator==(const LayerList&) const = default;
};

/// Which layers these are in a network that gives `depth` of them: ascending, each once.
/// Throws ConfigError that names `network` and its depth if it has not so many.
/// Forms count for nothing here.
[[nodiscard]] std::vector<int> layers_at(const LayerList& list, int depth,
                                         std::string_view network = "the network");

/// Layers between commas: "3,6,9,12", "last", "middle", "0.25,0.5,0.75,1". A number with a point is
/// a fraction of the depth; beside one, 1 stands for all of it. `none` is the word for no layers.
class Layers {
  public:
    /// Whether a layer of the list may have a form: "6.raw", "0.5.norm", "last.projected".
    enum class Forms { no, yes };

    explicit Layers(const char* none = "none", Forms forms = Forms::no)
        : none_(none), forms_(forms) {}
    /// Throws ConfigError that names option, text and mend.
    [[nodiscard]] LayerList parse(const std::string& option, const std::string& text) const;
    [[nodiscard]] std::string text(const LayerList& list) const;
    [[nodiscard]] std::string key(const LayerList& list) const { return text(list); }
    [[nodiscard]] LayerList other(const LayerList& list) const;

  private:
    const char* none_;
    Forms forms_;
};

}  // namespace patchead

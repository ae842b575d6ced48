#include <algorithm>

#include <ATen/ATen.h>

#include "float32_products.hpp"
#include "in_groups.hpp"
#include "patchead/backbone/text.hpp"
#include "text/load_text_tower.hpp"

namespace patchead::inline backbone_detail {
namespace {

/// Of texts that go through a GPU together.
constexpr std::int64_t kTextsTogether = 256;

class TowerEncoder final : public TextEncoder {
  public:
    TowerEncoder(LoadedText text, ComputePlace place)
        : info_(std::move(text.info)),
          place_(place),
          tower_(converted(std::move(text.tower), place.device, place.type)) {}

    [[nodiscard]] TextEmbeddings embed(std::span<const TextTokens> texts) const override {
        for (const auto& text : texts) { check(text); }
        const c10::InferenceMode inference;
        const Float32Products products(place_.tf32);
        TextEmbeddings result{info_.dim, {}};
        result.features.resize(texts.size() * static_cast<std::size_t>(info_.dim));
        const auto run = [&](std::int64_t first, std::int64_t count) {
            const auto part =
                texts.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count));
            at::from_blob(result.features.data() + first * info_.dim, {count, info_.dim},
                          at::kFloat)
                .copy_(features_of(part));
        };
        const auto count = static_cast<std::int64_t>(texts.size());
        if (place_.work == Work::by_head) {
            in_groups(count, 1, run);
        } else {
            for (std::int64_t first = 0; first < count; first += kTextsTogether) {
                run(first, std::min(kTextsTogether, count - first));
            }
        }
        return result;
    }

    [[nodiscard]] const TextInfo& info() const override { return info_; }

  private:
    /// What stands behind a text's end cannot matter to it, and is left out; of several texts the
    /// shorter ones are filled up there. Shape: `[texts, dim]`.
    [[nodiscard]] at::Tensor features_of(std::span<const TextTokens> texts) const {
        std::vector<std::int64_t> ends;
        ends.reserve(texts.size());
        for (const auto& text : texts) { ends.push_back(end_of(text.ids)); }
        const auto length = *std::ranges::max_element(ends) + 1;
        const auto ids = at::zeros({static_cast<std::int64_t>(texts.size()), length}, at::kLong);
        for (std::size_t i = 0; i < texts.size(); ++i) {
            const auto row = ids[static_cast<std::int64_t>(i)];
            std::copy_n(texts[i].ids.begin(), ends[i] + 1, row.data_ptr<std::int64_t>());
        }
        const auto pass = run_texts(tower_, ids.to(place_.device), place_.work);
        return text_features(tower_, pass, at::tensor(ends, at::kLong).to(place_.device))
            .to(at::kFloat);
    }

    void check(const TextTokens& text) const {
        const auto count = static_cast<int>(text.ids.size());
        require<ConfigError>(count > 0 && count <= info_.context, "a text of ", count,
                             " tokens (the network takes 1 to ", info_.context,
                             "); let the tokenizer cut it");
        const auto [least, most] = std::ranges::minmax(text.ids);
        require<ConfigError>(least >= 0 && most < info_.vocabulary, "a text with token ",
                             least < 0 ? least : most, " (the network has ", info_.vocabulary,
                             "); take the vocabulary of this checkpoint");
    }

    TextInfo info_;
    ComputePlace place_;
    TextTower tower_;
};

}  // namespace
}  // namespace patchead::inline backbone_detail

namespace patchead {
namespace {

LoadOptions with_options_of(const BackboneEntry& entry, LoadOptions options) {
    options.overrides.insert(entry.options.begin(), entry.options.end());
    return options;
}

}  // namespace

bool brings_text(const BackboneEntry& entry, const std::filesystem::path& file,
                 const LoadOptions& options) {
    return has_text_tower(entry.family, file, with_options_of(entry, options).overrides);
}

std::unique_ptr<const TextEncoder> load_text_encoder(std::string_view family,
                                                     const std::filesystem::path& file,
                                                     const LoadOptions& options) {
    const auto place = parse_place(options);
    return std::make_unique<const TowerEncoder>(load_text_tower(family, file, options.overrides),
                                                place);
}

std::unique_ptr<const TextEncoder> load_text_encoder(const BackboneEntry& entry,
                                                     const std::filesystem::path& file,
                                                     const LoadOptions& options) {
    return load_text_encoder(entry.family, file, with_options_of(entry, options));
}

void require_fitting(const Tokenizer& tokenizer, const TextInfo& info,
                     const std::filesystem::path& file) {
    require<WeightsError>(tokenizer.size() == info.vocabulary, "vocabulary '", file.string(),
                          "' does not fit (", tokenizer.size(), " tokens, the text tower has ",
                          info.vocabulary, "); give the one of this checkpoint");
}

}  // namespace patchead

#include "patchead/backbone/verify.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include <ATen/ATen.h>

#include "patchead/core/digest.hpp"
#include "verify/network_fixture.hpp"
#include "verify/network_outputs.hpp"
#include "verify/text_outputs.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

/// Outputs that upstream gives in another variant, and the option that asks for it.
struct Variant {
    std::string_view tokens;
    std::string_view attention;  ///< Of that variant; empty: it is as always.
    std::string_view option;
    std::string_view value;
};
constexpr auto kVariants = std::to_array<Variant>({
    {"patch_tokens_pre_ln", "", "tokens", "pre_ln"},
    {"patch_tokens_proj", "", "tokens", "projected"},
    {"patch_tokens_prenorm", "", "tokens", "pre_norm"},
    {"patch_tokens_raw", "", "tokens", "pre_norm"},
    {"features_normalized", "", "tokens", "projected"},
    {"patch_tokens_fp32_periods", "cls_attention_fp32_periods", "periods", "fp32"},
});
constexpr std::string_view kComputedPeriods = "fp32";

/// Largest absolute difference; NaN if there is one.
double largest_difference(const at::Tensor& expected, const at::Tensor& actual,
                          const std::string& name) {
    require<DataError>(expected.numel() == actual.numel(), name, " has ", actual.numel(),
                       " values, upstream's ", expected.numel());
    return (actual.to(at::kDouble) - expected.to(at::kDouble)).abs().max().item<double>();
}

bool is_attention(std::string_view name) { return name.find("attention") != name.npos; }

void compare_output(VerifyCase& result, const std::string& name, const at::Tensor& expected,
                    const at::Tensor& actual) {
    const bool attention = is_attention(name);
    const double difference = largest_difference(expected, actual, name);
    result.outputs.push_back({name, difference, attention ? kAttentionTolerance : kTokenTolerance});
    auto& worst = attention ? result.attention_difference : result.token_difference;
    // Once NaN, it stays.
    if (!(difference <= worst)) { worst = difference; }
}

std::string digest_of(const Encoding& encoding) {
    Sha256 digest;
    digest.update(std::as_bytes(std::span(encoding.tokens)));
    digest.update(std::as_bytes(std::span(encoding.attention)));
    return digest.hex();
}

/// Scale and cosine of patch embeddings, whose upstream counterpart is `expected`.
void describe_tokens(VerifyCase& result, const at::Tensor& expected, const at::Tensor& actual) {
    result.token_scale = expected.abs().max().item<double>();
    if (expected.sizes() != actual.sizes()) { return; }
    result.token_cosine =
        at::cosine_similarity(actual.to(at::kDouble), expected.to(at::kDouble), -1)
            .mean()
            .item<double>();
}

/// All outputs, with the network's own options; those of texts, if `weights` is not empty.
void compare_all(const NetworkFixture& fixture, const Backbone& backbone, VerifyCase& result,
                 const fs::path& weights = {}) {
    auto outputs = run_network(fixture, backbone);
    if (!weights.empty()) { outputs.named.merge(run_texts_of(fixture, weights, outputs.named)); }
    result.digest = digest_of(outputs.plain);
    const auto is_of_variant = [](const auto& name) {
        return std::ranges::any_of(kVariants, [&](const auto& variant) {
            return name == variant.tokens || name == variant.attention;
        });
    };
    for (const auto& [name, expected] : fixture.outputs) {
        const auto found = outputs.named.find(name);
        if (found != outputs.named.end()) {
            compare_output(result, name, expected, found->second);
        } else if (!is_of_variant(name)) {
            result.left_out.push_back(name);
        }
    }
    describe_tokens(result, fixture.outputs.at(kPatchTokens), outputs.named.at(kPatchTokens));
}

/// Patch embeddings and attention of a variant.
void compare_variant(const NetworkFixture& fixture, const Backbone& backbone,
                     const Variant& variant, VerifyCase& result) {
    NetworkFixture only{fixture.family, fixture.options, fixture.image, {}, {}};
    const auto attention =
        variant.attention.empty() ? std::string(kClassAttention) : std::string(variant.attention);
    only.outputs[kPatchTokens] = fixture.outputs.at(std::string(variant.tokens));
    if (fixture.outputs.contains(attention)) {
        only.outputs[kClassAttention] = fixture.outputs.at(attention);
    }
    compare_all(only, backbone, result);
    result.outputs.front().name = attention;
    result.outputs.back().name = variant.tokens;
}

/// What `run` does with the result; what it throws stands there, too.
template <class Run>
VerifyCase try_run(std::string name, const Run& run) {
    VerifyCase result;
    result.name = std::move(name);
    try {
        run(result);
    } catch (const Error& error) { result.error = error.what(); }
    return result;
}

std::string name_of(const fs::path& folder) {
    return fs::absolute(folder / "").lexically_normal().parent_path().filename().string();
}

/// Runs one weights file in all ways that the fixture has outputs of.
class FileRunner {
  public:
    FileRunner(const NetworkFixture& fixture, const fs::path& weights, const std::string& folder)
        : fixture_(fixture),
          weights_(weights),
          name_((fs::path(folder) / weights.filename()).string()) {}

    std::vector<VerifyCase> run() {
        // Only the official file of DINOv3 has periods; for others they are computed, and rounded
        // as in the official file they give its numbers.
        const bool computes = lacks_periods();
        run_all(computes ? NamedOption{"periods", "bf16"} : NamedOption{});
        for (const auto& variant : kVariants) {
            if (fixture_.outputs.contains(std::string(variant.tokens))) { run_variant(variant); }
        }
        return std::move(cases_);
    }

  private:
    using NamedOption = std::pair<std::string, std::string>;

    [[nodiscard]] bool lacks_periods() const {
        if (!fixture_.outputs.contains(std::string(kVariants.back().tokens))) { return false; }
        try {
            return load({})->info().layout != "official";
        } catch (const Error&) {
            return false;  // Said where it is run.
        }
    }

    [[nodiscard]] std::unique_ptr<const Backbone> load(const NamedOption& option) const {
        auto options = fixture_.options;
        if (!option.first.empty()) { options.overrides[option.first] = option.second; }
        return load_backbone(fixture_.family, weights_, options);
    }

    [[nodiscard]] std::string named(const NamedOption& option) const {
        return option.first.empty() ? name_ : concat(name_, " ", option.first, "=", option.second);
    }

    void run_all(const NamedOption& option) {
        cases_.push_back(try_run(named(option), [&](VerifyCase& result) {
            compare_all(fixture_, *load(option), result, weights_);
        }));
    }

    void run_variant(const Variant& variant) {
        const NamedOption option{variant.option, variant.value};
        cases_.push_back(try_run(named(option), [&](VerifyCase& result) {
            compare_variant(fixture_, *load(option), variant, result);
        }));
    }

    const NetworkFixture& fixture_;
    const fs::path& weights_;
    std::string name_;
    std::vector<VerifyCase> cases_;
};

}  // namespace

std::vector<VerifyCase> verify_fixture(const fs::path& folder, const LoadOptions& place) {
    auto fixture = read_network_fixture(folder);
    fixture.options.device = place.device;
    fixture.options.precision = place.precision;
    const auto files = weight_files(folder);
    require<DataError>(!files.empty(), "no weights* file (.safetensors, .pth, .pt or .npz) in '",
                       folder.string(), "' (there is nothing to run); put the weights there");
    std::vector<VerifyCase> cases;
    for (const auto& file : files) {
        for (auto& result : FileRunner(fixture, file, name_of(folder)).run()) {
            cases.push_back(std::move(result));
        }
    }
    return cases;
}

VerifyCase verify_encoder(const fs::path& folder, const Backbone& backbone,
                          const std::string& name) {
    const auto fixture = read_network_fixture(folder);
    return try_run((fs::path(name_of(folder)) / name).string(),
                   [&](VerifyCase& result) { compare_all(fixture, backbone, result); });
}

}  // namespace patchead

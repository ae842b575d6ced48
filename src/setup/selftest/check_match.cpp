#include <bit>
#include <cstdint>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "patchead/backbone/gpu.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/scoring/match.hpp"
#include "selftest/checks.hpp"

namespace patchead::inline setup_detail {
namespace {

/// Embeddings, and the bits of their similarities that independent code found.
struct MatchFixture {
    FeatureBlock queries;
    FeatureBlock references;
    std::vector<std::uint32_t> nearest;
    std::vector<std::uint32_t> farthest;
};

FeatureBlock block_of(const nlohmann::json& json, const std::string& name) {
    FeatureBlock block{{json.at("rows"), json.at("cols")}, json.at("dim"), {}, {}, {}, {}};
    block.embeddings = json.at(name).get<std::vector<float>>();
    const auto size =
        static_cast<std::size_t>(block.grid.size()) * static_cast<std::size_t>(block.dim);
    require<DataError>(size > 0 && block.embeddings.size() % size == 0, "'", name,
                       "' are no whole images");
    for (std::size_t i = 0; i < block.embeddings.size() / size; ++i) {
        block.ids.push_back(concat(name, i));
    }
    return block;
}

MatchFixture read_fixture(const std::filesystem::path& file) {
    try {
        const auto json = nlohmann::json::parse(read_text(file));
        return {block_of(json, "queries"), block_of(json, "references"), json.at("nearest"),
                json.at("farthest")};
    } catch (const nlohmann::json::exception& error) {
        throw DataError(concat("'", file.string(), "' is no fixture of matching (", error.what(),
                               "); make it again"));
    }
}

struct NamedEngine {
    std::string name;
    MatchEngine engine;
};

/// "cpu" with a number is the code for GPUs, on the CPU.
std::vector<NamedEngine> engines_on(const std::string& device) {
    const bool on_cpu = device == "cpu";
    return {{"screened in fp32", {.screening = Screening::fp32}},
            {"screened in bf16", {.screening = Screening::bf16}},
            {on_cpu ? "the code for GPUs" : device,
             {.device = on_cpu ? "cpu:0" : device, .device_cache = gpu_cache(device)}}};
}

/// How many of the similarities have other bits than `expected`.
std::size_t count_other(const MatchTensor& found, const std::vector<std::uint32_t>& expected) {
    if (found.similarity.size() != expected.size()) { return expected.size(); }
    std::size_t count = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        count += std::bit_cast<std::uint32_t>(found.similarity[i]) == expected[i] ? 0 : 1;
    }
    return count;
}

}  // namespace

SelftestCheck check_match(const std::filesystem::path& fixture, const std::string& device,
                          std::string& bits) {
    const auto known = read_fixture(fixture);
    SelftestCheck check{"matching", {}};
    std::string names;
    std::string wrong;
    for (const auto& [name, engine] : engines_on(device)) {
        names += (names.empty() ? "" : ", ") + name;
        for (const auto reduce : {Reduce::nearest, Reduce::farthest}) {
            const auto found = match_references(known.queries, known.references, reduce, engine);
            const auto& expected = reduce == Reduce::nearest ? known.nearest : known.farthest;
            if (const auto other = count_other(found, expected); other > 0) {
                wrong += fmt::format("{}{}: {} of {} similarities", wrong.empty() ? "" : ", ", name,
                                     other, expected.size());
            }
            const auto bytes = std::as_bytes(std::span(found.similarity));
            bits.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());  // NOLINT
        }
    }
    check.found = fmt::format("the bits of independent code ({})", names);
    if (wrong.empty()) { return check; }
    check.verdict = CheckVerdict::failed;
    check.found = fmt::format("other bits than those of independent code: {}", wrong);
    check.mend =
        "do not compare tables with other machines; try --device cpu, then build again "
        "without options such as -ffast-math, and report it";
    return check;
}

}  // namespace patchead::inline setup_detail

/// \file
/// \brief HDF5 files of ours with some bytes changed or cut off: refused, or read as they were.

#include <algorithm>
#include <functional>
#include <limits>
#include <memory>

#include "fuzz.hpp"
#include "patchead/cache/describe.hpp"
#include "patchead/cache/model_file.hpp"
#include "patchead/cache/store.hpp"
#include "patchead/core/files.hpp"
#include "patchead/results/results.hpp"

namespace patchead::fuzz {
namespace {

const ArtifactKey kKeyOfFuzz("features", {{"backbone", "patchead_tiny"}, {"image_size", "224"}});
const Provenance kProvenanceOfFuzz{{"version", "0.1.0"}, {"machine", "a"}};
constexpr float kNotANumber = std::numeric_limits<float>::quiet_NaN();

/// `file` as the input has it: bytes changed, and maybe its end cut off. Four bytes a change: where
/// (three of them) and to what.
std::string changed(std::string file, Draw draw) {
    const auto cut = draw.byte();
    while (!draw.empty()) {
        const auto low = draw.word();
        const auto place = (low | static_cast<std::uint32_t>(draw.byte()) << 16U) % file.size();
        file[place] = static_cast<char>(draw.byte());
    }
    if (cut > 250) { file.resize(file.size() * (cut - 250U) / 6); }
    return file;
}

/// One kind of artifact: how a store writes it, and writes again what it has read.
struct ArtifactForm {
    std::function<void(const Store&)> write;
    std::function<void(const Store& from, const Store& to)> copy;
};

FeatureBlock some_features() {
    FeatureBlock block{
        .grid = {2, 3}, .dim = 4, .ids = {"a/0", "b"}, .embeddings = {}, .attention = {}};
    for (int i = 0; i < 48; ++i) { block.embeddings.push_back(static_cast<float>(i) / 8); }
    for (int i = 0; i < 12; ++i) { block.attention.push_back(static_cast<float>(i) / 16); }
    return block;
}

MatchTensor some_matches() {
    return {.grid = {1, 2},
            .query_ids = {"a", "b", "c"},
            .reference_ids = {"b", "dd"},
            .similarity = {0.5F, -0.25F, 0.1F, 0.2F, kNotANumber, 0.4F, 0.6F, 0.7F, 0.8F, 0.9F,
                           1.0F, -1.0F}};
}

PointResult some_result() {
    return {.metrics = {{"I-AUROC", 0.1, ""}, {"AUPRO", kNotANumber, "no anomalous pixel"}},
            .ids = {"x", "yy", "zzz"},
            .anomalous = {0, 1, 1},
            .scores = {0.25F, 0.5F, 0.75F},
            .references = {"train/0"}};
}

Alignment some_alignment() {
    Alignment turned;
    turned.transform = {{0, -1, 1, 1, 0, 0.125}};
    turned.accepted = true;
    turned.method = "orb";
    return turned;
}

template <class Value, class Read>
ArtifactForm form_of(const Value& value, const Read& read) {
    return {[value](const Store& store) { store.write(kKeyOfFuzz, value, kProvenanceOfFuzz); },
            [read](const Store& from, const Store& to) {
                to.write(kKeyOfFuzz, read(from), from.read_provenance(kKeyOfFuzz));
            }};
}

const std::vector<ArtifactForm>& artifact_forms() {
    static const std::vector<ArtifactForm> forms{
        {[](const Store& store) {
             store.write(kKeyOfFuzz, some_features(), CacheType::fp32, kProvenanceOfFuzz);
         },
         [](const Store& from, const Store& to) {
             to.write(kKeyOfFuzz, from.read_features(kKeyOfFuzz), CacheType::fp32,
                      from.read_provenance(kKeyOfFuzz));
         }},
        form_of(some_matches(), [](const Store& from) { return from.read_matches(kKeyOfFuzz); }),
        form_of(some_result(), [](const Store& from) { return from.read_result(kKeyOfFuzz); }),
        form_of(std::vector{Alignment{}, some_alignment()},
                [](const Store& from) { return from.read_alignments(kKeyOfFuzz); })};
    return forms;
}

/// A store in memory that holds this one file, if there is any.
struct SmallStore {
    explicit SmallStore(const std::string& bytes = {}) {
        const auto place = store.path(kKeyOfFuzz).string();
        if (!bytes.empty()) { files->put(place, bytes); }
    }
    [[nodiscard]] std::string bytes() const { return *files->all().begin()->second; }

    std::shared_ptr<HeldFiles> files = std::make_shared<HeldFiles>();
    Store store{files};
};

const std::string& pristine_artifact(std::size_t form) {
    static const auto all = [] {
        std::vector<std::string> files;
        for (const auto& kind : artifact_forms()) {
            const SmallStore made;
            kind.write(made.store);
            files.push_back(made.bytes());
        }
        return files;
    }();
    return all[form];
}

ModelFile some_model() {
    const auto bytes = std::make_shared<const std::string>("file");
    return {.facts = {{"version", "0.1.0"}, {"category", "a"}},
            .photos = {{"a.png", "digest", 4, 5, bytes}, {"b.png", "other", 6, 7, nullptr}},
            .left_out = {0.5F, 0.25F},
            .artifacts = {{"features/ab/abc.h5", bytes}}};
}

Results some_results() {
    ResultRow row;
    row.dataset = "mvtec";
    row.category = "screw";
    row.backbone = "patchead_tiny";
    row.image_size = 224;
    row.setting = "few-shot";
    row.shots = 1;
    row.modules = "none";
    row.metrics = some_result().metrics;
    row.ids = {"screw/test/good/000", "screw/test/bad/001"};
    row.anomalous = {0, 1};
    row.scores = {0.25F, 0.75F};
    row.prompts = {"screw/train/good/000"};
    row.left_out = {0.125F};
    auto other = row;
    other.seed = 1;
    auto results = no_results({{"version", "0.1.0"}, {"config", "shots = 1"}});
    results.rows = {row, other};
    results.missing = {{row, "no weights"}};
    return results;
}

}  // namespace

/// Refused, or the artifact that was written, byte for byte when it is written again.
void fuzz_artifact(std::string_view input) {
    Draw draw(input);
    const auto kind = static_cast<std::size_t>(draw.up_to(4));
    const auto form = kind % artifact_forms().size();
    const auto bytes = changed(pristine_artifact(form), draw);
    if (kind == artifact_forms().size()) {
        static_cast<void>(result_of([&] { return describe_file(scratch_file("a.h5", bytes)); }));
        return;
    }
    const SmallStore held(bytes);
    const SmallStore copy;
    const auto is_read = result_of([&] {
        artifact_forms()[form].copy(held.store, copy.store);
        return true;
    });
    if (is_read) {
        require_property(copy.bytes() == pristine_artifact(form),
                         "what is read is what was written");
    }
}

/// Refused, or the results (or the model) that were written.
void fuzz_results_file(std::string_view input) {
    static const auto place = scratch_folder() / "pristine.h5";
    static const auto again = scratch_folder() / "again.h5";
    static const auto results = [] {
        write_results(place, some_results());
        return read_text(place);
    }();
    static const auto model = [] {
        write_model_file(place, some_model());
        return read_text(place);
    }();
    Draw draw(input);
    const bool is_model = draw.up_to(1) == 1;
    const auto file = scratch_file("changed.h5", changed(is_model ? model : results, draw));
    const auto is_read = result_of([&] {
        is_model ? write_model_file(again, read_model_file(file))
                 : write_results(again, read_results(file));
        return true;
    });
    if (is_read) {
        require_property(read_text(again) == (is_model ? model : results),
                         "what is read is what was written");
    }
}

}  // namespace patchead::fuzz

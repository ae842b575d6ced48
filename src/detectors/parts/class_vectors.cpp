#include "parts/class_vectors.hpp"

#include <algorithm>
#include <cstdlib>

#include "parts/option_values.hpp"
#include "parts/tensors.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/random.hpp"

namespace patchead::inline detectors_detail {
namespace {

constexpr int kMostParaphrases = 1'000'000;

/// Shape: `sentences[n, E]` to `[E]`, double.
at::Tensor class_vector(const at::Tensor& sentences, const TextChoice& choice, Random& random) {
    if (choice.paraphrase != 0) {
        const auto count = static_cast<std::uint64_t>(sentences.size(0));
        return sentences[static_cast<std::int64_t>(random.below(count))];
    }
    return (choice.of_unit_texts ? unit_rows(sentences) : sentences).mean(0);
}

at::Tensor rows_of_sentences(const PlainTensor& sentences) {
    require<DataError>(sentences.shape.size() == 2 && sentences.shape[0] > 0,
                       "there are no embeddings of sentences; give some");
    return to_double(sentences);
}

}  // namespace

TextChoice text_choice(const DetectorOptions& options) {
    const int paraphrase = whole(options, "paraphrase", -kMostParaphrases);
    require<ConfigError>(paraphrase <= kMostParaphrases,
                         "detector option 'paraphrase': ", paraphrase, " is too large; give ",
                         kMostParaphrases, " at most");
    return {word(options, "text_mean", {"plain", "unit"}) == "unit", paraphrase};
}

DetectorOption text_mean_option() {
    return {"text_mean", "plain",
            "of a class's sentences: plain (of embeddings as they are) or unit (each divided by "
            "its length first)"};
}

DetectorOption paraphrase_option() {
    return {"paraphrase", "0",
            "0: all sentences; K: one normal and one anomalous sentence, the K-th draw; -K: these "
            "two, each in the place of the other (docs/method.md)",
            true};
}

at::Tensor class_vectors(const ClassTexts& texts, const TextChoice& choice) {
    Random random("paraphrase", static_cast<std::uint64_t>(std::abs(choice.paraphrase)));
    auto normal = class_vector(rows_of_sentences(texts.normal), choice, random);
    auto anomalous = class_vector(rows_of_sentences(texts.anomalous), choice, random);
    if (choice.paraphrase < 0) { std::swap(normal, anomalous); }
    return at::stack({normal, anomalous});
}

}  // namespace patchead::inline detectors_detail

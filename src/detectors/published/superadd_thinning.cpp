#include "parts/tensors.hpp"
#include "parts/thinning.hpp"
#include "patchead/core/error.hpp"
#include "published/inputs.hpp"

namespace patchead::inline detectors_detail {
namespace {

template <class T>
std::vector<T> values_of(const at::Tensor& tensor) {
    const auto flat = tensor.contiguous();
    const auto* const begin = flat.data_ptr<T>();
    return {begin, begin + flat.numel()};
}

/// What was drawn when the fixture was made.
class RecordedDraws final : public ThinningDraws {
  public:
    explicit RecordedDraws(const Inputs& inputs)
        : subsets_(inputs.rows("subsets")),
          numbers_(inputs.get("random_numbers")),
          top_up_(values_of<std::int64_t>(inputs.rows("top_up_order"))) {}

    RowNumbers subset(const RowNumbers&, std::int64_t count) override {
        require<DataError>(count == subsets_.size(1), "a fixture has subsets of ", subsets_.size(1),
                           " rows where ", count, " are drawn; make the fixture again");
        return values_of<std::int64_t>(subsets_[next_]);
    }
    std::vector<double> numbers(std::int64_t) override {
        return values_of<double>(numbers_[next_++]);
    }
    RowNumbers top_up(const RowNumbers&) override { return top_up_; }

  private:
    at::Tensor subsets_;
    at::Tensor numbers_;
    RowNumbers top_up_;
    std::int64_t next_ = 0;
};

}  // namespace

NamedTensors run_superadd_thinning(const Inputs& inputs) {
    const auto& parameters = inputs.parameters;
    const Thinning thinning{.target = parameters.at("target").get<std::int64_t>(),
                            .iterations = parameters.at("iterations").get<std::int64_t>(),
                            .neighbours = parameters.at("knn").get<std::int64_t>()};
    const auto features = inputs.get("features");
    RecordedDraws draws(inputs);
    const auto kept = at::tensor(thinned_rows(features, thinning, draws), at::kLong);
    Outputs outputs;
    outputs.add("kept", kept);
    outputs.add("features", features.index_select(0, kept));
    return outputs.take();
}

}  // namespace patchead::inline detectors_detail

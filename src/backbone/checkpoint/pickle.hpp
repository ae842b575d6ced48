#pragma once

#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "checkpoint/tensor_view.hpp"

/// \file
/// \brief Python pickles, read as a description and never executed.
///
/// A pickle is a program for a stack machine that may name any Python function and have it called.
/// Here a name is only a name: what a call would give is asked of a function of ours, which knows
/// the three calls of a state dictionary and answers anything else with an Opaque. A module of
/// TorchScript is a mapping of its attributes.

namespace patchead::inline backbone_detail {

struct PickleObject;

struct PickleSequence {
    std::vector<PickleObject*> items;
};
struct PickleMapping {
    std::vector<std::pair<PickleObject*, PickleObject*>> items;
};
/// A class or function by its name, "module.name".
struct PickleGlobal {
    std::string name;
};
/// The numbers that one or more tensors are views of.
struct PickleStorage {
    c10::ScalarType type = c10::ScalarType::Float;
    Bytes bytes;
};
/// Something that would exist in Python; here only what made it is known.
struct PickleOpaque {
    std::string maker;
    std::size_t offset = 0;  ///< Byte of the program that asks for it.
};

using PickleValue =
    std::variant<std::monostate, bool, std::int64_t, double, std::string, PickleSequence,
                 PickleMapping, PickleGlobal, PickleStorage, TensorView, PickleOpaque>;

struct PickleObject {
    PickleValue value;

    /// The value if it is a `T`, else null.
    template <class T>
    [[nodiscard]] const T* as() const {
        return std::get_if<T>(&value);
    }
};

/// What the machine does not know by itself.
struct PickleCalls {
    /// What `callable(*arguments)` gives.
    std::function<PickleValue(const std::string& callable, const PickleSequence& arguments)> call;
    /// What a persistent id stands for.
    std::function<PickleValue(const PickleObject& id)> persistent;
};

/// A pickle that has been read. Objects refer to each other, also in circles, and live as long as
/// this value.
class Pickle {
  public:
    /// Reads the pickle `program`, which lies in `file`.
    /// Throws WeightsError with file and offset for an opcode that torch.save does not write, a
    /// stack that runs empty or a program that ends early.
    Pickle(const MappedFile& file, Bytes program, const PickleCalls& calls);

    [[nodiscard]] const PickleObject& root() const { return *root_; }

  private:
    std::deque<PickleObject> objects_;
    PickleObject* root_ = nullptr;
};

/// "a tensor", "a dictionary", "a 'posix.system' object (never executed; byte 23 of data.pkl)"
[[nodiscard]] std::string describe(const PickleObject& object);

}  // namespace patchead::inline backbone_detail

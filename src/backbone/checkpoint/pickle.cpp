#include "checkpoint/pickle.hpp"

#include <bit>
#include <unordered_map>

#include "checkpoint/pickle_bytes.hpp"

namespace patchead::inline backbone_detail {
namespace {

using Object = PickleObject;

using Op = PickleOp;

constexpr std::string_view kModule = "__torch__.";

// What a program of a few bytes could otherwise make gigabytes of. The pickle of a network has some
// ten thousand objects, that of a training run with its optimizer a hundred thousand.
constexpr std::size_t kLongestProgram = std::size_t{1} << 23U;
constexpr std::size_t kMostObjects = 500'000;
constexpr std::size_t kLongestName = 160;  ///< Of classes and functions.

/// The stack machine. One call of `run`, one program.
class Machine {
  public:
    Machine(PickleBytes bytes, const PickleCalls& calls, std::deque<Object>& objects)
        : bytes_(bytes), calls_(calls), objects_(objects) {}

    Object* run() {
        for (;;) {
            const auto op = bytes_.opcode();
            if (op == Op::stop) { return pop(); }
            const bool known = constant(op) || container(op) || memo(op) || call(op);
            bytes_.check(known, "has the unknown opcode ", static_cast<int>(op));
        }
    }

  private:
    void push(PickleValue value) {
        bytes_.check(objects_.size() < kMostObjects, "makes more than ", kMostObjects, " objects");
        if (auto* opaque = std::get_if<PickleOpaque>(&value)) { opaque->offset = bytes_.place(); }
        stack_.push_back(&objects_.emplace_back(Object{std::move(value)}));
    }

    /// Marks divide the stack; nothing may reach below the last one.
    Object* pop() {
        bytes_.check(stack_.size() > (marks_.empty() ? 0 : marks_.back()),
                     "takes from an empty stack");
        auto* object = stack_.back();
        stack_.pop_back();
        return object;
    }

    Object* top() {
        auto* object = pop();
        stack_.push_back(object);
        return object;
    }

    /// The `count` topmost objects, the lowest first.
    std::vector<Object*> pop(std::size_t count) {
        std::vector<Object*> objects(count);
        for (auto i = count; i-- > 0;) { objects[i] = pop(); }
        return objects;
    }

    std::vector<Object*> pop_to_mark() {
        bytes_.check(!marks_.empty(), "lacks a mark");
        auto objects = pop(stack_.size() - marks_.back());
        marks_.pop_back();
        return objects;
    }

    void append(const std::vector<Object*>& items) {
        if (auto* list = std::get_if<PickleSequence>(&top()->value)) {
            list->items.insert(list->items.end(), items.begin(), items.end());
        }
    }

    void set(const std::vector<Object*>& items) {
        bytes_.check(items.size() % 2 == 0, "has a key without a value");
        if (auto* dict = std::get_if<PickleMapping>(&top()->value)) {
            for (std::size_t i = 0; i < items.size(); i += 2) {
                dict->items.emplace_back(items[i], items[i + 1]);
            }
        }
    }

    void put(std::uint32_t index) { memo_[index] = top(); }

    void get(std::uint32_t index) {
        const auto found = memo_.find(index);
        bytes_.check(found != memo_.end(), "recalls object ", index, ", which it never kept,");
        stack_.push_back(found->second);
    }

    void call() {
        const auto* arguments = pop()->as<PickleSequence>();
        const auto* callable = pop()->as<PickleGlobal>();
        bytes_.check(arguments != nullptr, "calls something without a tuple");
        push(callable != nullptr ? calls_.call(callable->name, *arguments)
                                 : PickleOpaque{"unnamed", 0});
    }

    /// A TorchScript module is its attributes; those of other objects mean nothing here.
    void build() {
        const auto* attributes = pop()->as<PickleMapping>();
        auto* object = top();
        const auto* opaque = object->as<PickleOpaque>();
        if (attributes == nullptr || opaque == nullptr) { return; }
        if (!opaque->maker.starts_with(kModule)) { return; }
        copied_ += attributes->items.size();
        bytes_.check(copied_ <= kMostObjects, "has more than ", kMostObjects, " attributes");
        object->value = PickleMapping(*attributes);
    }

    bool constant(Op op) {
        switch (op) {
            case Op::proto:
                static_cast<void>(bytes_.number<std::uint8_t>());  // The protocol.
                return true;
            case Op::none:
                push(std::monostate{});
                return true;
            case Op::new_true:
                push(true);
                return true;
            case Op::new_false:
                push(false);
                return true;
            case Op::binint:
                push(std::int64_t{bytes_.number<std::int32_t>()});
                return true;
            case Op::binint1:
                push(std::int64_t{bytes_.number<std::uint8_t>()});
                return true;
            case Op::binint2:
                push(std::int64_t{bytes_.number<std::uint16_t>()});
                return true;
            case Op::long1:
                push(bytes_.long1());
                return true;
            case Op::binfloat:
                push(std::bit_cast<double>(__builtin_bswap64(bytes_.number<std::uint64_t>())));
                return true;
            case Op::binunicode:
                push(bytes_.text(bytes_.number<std::uint32_t>()));
                return true;
            default:
                return false;
        }
    }

    bool container(Op op) {
        switch (op) {
            case Op::mark:
                marks_.push_back(stack_.size());
                return true;
            case Op::empty_list:
            case Op::empty_tuple:
                push(PickleSequence{});
                return true;
            case Op::empty_dict:
                push(PickleMapping{});
                return true;
            case Op::tuple:
                push(PickleSequence{pop_to_mark()});
                return true;
            case Op::tuple1:
                push(PickleSequence{pop(1)});
                return true;
            case Op::tuple2:
                push(PickleSequence{pop(2)});
                return true;
            case Op::tuple3:
                push(PickleSequence{pop(3)});
                return true;
            case Op::append:
                append(pop(1));
                return true;
            case Op::appends:
                append(pop_to_mark());
                return true;
            case Op::setitem:
                set(pop(2));
                return true;
            case Op::setitems:
                set(pop_to_mark());
                return true;
            default:
                return false;
        }
    }

    bool memo(Op op) {
        switch (op) {
            case Op::binput:
                put(bytes_.number<std::uint8_t>());
                return true;
            case Op::long_binput:
                put(bytes_.number<std::uint32_t>());
                return true;
            case Op::binget:
                get(bytes_.number<std::uint8_t>());
                return true;
            case Op::long_binget:
                get(bytes_.number<std::uint32_t>());
                return true;
            default:
                return false;
        }
    }

    bool call(Op op) {
        switch (op) {
            case Op::global: {
                const auto module = bytes_.line(kLongestName);
                push(PickleGlobal{module + "." + bytes_.line(kLongestName)});
                return true;
            }
            case Op::binpersid:
                push(calls_.persistent(*pop()));
                return true;
            case Op::reduce:
            case Op::newobj:
                call();
                return true;
            case Op::build:
                build();
                return true;
            default:
                return false;
        }
    }

    PickleBytes bytes_;
    const PickleCalls& calls_;
    std::deque<Object>& objects_;
    std::vector<Object*> stack_;
    std::vector<std::size_t> marks_;
    std::unordered_map<std::uint32_t, Object*> memo_;
    std::size_t copied_ = 0;  ///< Attributes of modules.
};

}  // namespace

Pickle::Pickle(const MappedFile& file, Bytes program, const PickleCalls& calls) {
    file.check(program.size() <= kLongestProgram, "its pickle has ", program.size(), " bytes, and ",
               kLongestProgram, " are the most that is read");
    root_ = Machine({file, program}, calls, objects_).run();
}

std::string describe(const PickleObject& object) {
    if (const auto* opaque = object.as<PickleOpaque>()) {
        return concat("a '", opaque->maker, "' object (never executed; byte ", opaque->offset,
                      " of data.pkl)");
    }
    if (const auto* global = object.as<PickleGlobal>()) {
        return concat("the name '", global->name, "'");
    }
    if (object.as<TensorView>() != nullptr) { return "a tensor"; }
    if (object.as<PickleMapping>() != nullptr) { return "a dictionary"; }
    if (object.as<PickleSequence>() != nullptr) { return "a list"; }
    return "a plain value";
}

}  // namespace patchead::inline backbone_detail

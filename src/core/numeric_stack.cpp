#include "patchead/core/numeric_stack.hpp"

#include <filesystem>
#include <string_view>

#include "patchead/core/error.hpp"

namespace patchead {
namespace {

constexpr auto kStacks = "stacks";
constexpr std::string_view kBetween = "; ";

std::string fact(const Facts& facts, const std::string& name) {
    const auto found = facts.find(name);
    return found == facts.end() ? std::string() : found->second;
}

/// The first two words of "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH ...": name and version.
std::string name_and_version(const std::string& config) {
    const auto first = config.find(' ');
    return first == config.npos ? config : config.substr(0, config.find(' ', first + 1));
}

/// With the kernel that it chose for this processor, if it says so.
std::string blas_of(const Facts& facts) {
    if (fact(facts, "mkl") == "yes") { return "MKL"; }
    const auto core = fact(facts, "blas core");
    if (core.empty()) { return std::filesystem::path(fact(facts, "blas")).filename().string(); }
    return concat(name_and_version(fact(facts, "blas config")), " ", core);
}

void add_lines(const std::string& text, std::set<std::string>& stacks) {
    for (std::size_t at = 0; at <= text.size();) {
        const auto end = std::min(text.find(kBetween, at), text.size());
        stacks.insert(text.substr(at, end - at));
        at = end + kBetween.size();
    }
}

}  // namespace

std::string numeric_stack(const Facts& facts) {
    const auto torch = fact(facts, "libtorch");
    if (torch.empty()) { return "unknown"; }
    auto text = concat("LibTorch ", torch);
    for (const auto& part : {blas_of(facts), fact(facts, "cpu instructions"), fact(facts, "gpu")}) {
        if (!part.empty()) { text.append(", ").append(part); }
    }
    return text;
}

std::set<std::string> stacks_of(const Facts& facts) {
    std::set<std::string> stacks;
    for (const auto& [name, text] : facts) {
        const bool is_one = name == kStacks || name.starts_with(concat(kStacks, " of run "));
        if (is_one) { add_lines(text, stacks); }
    }
    if (stacks.empty()) { stacks.insert(numeric_stack(facts)); }
    return stacks;
}

void record_stacks(const std::set<std::string>& stacks, Facts& facts) {
    facts[kStacks] = stacks_text(stacks);
}

std::string stacks_text(const std::set<std::string>& stacks) {
    std::string text;
    for (const auto& stack : stacks) { text.append(text.empty() ? "" : kBetween).append(stack); }
    return text;
}

}  // namespace patchead

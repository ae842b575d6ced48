#include "patchead/plan/method_options.hpp"

#include <array>
#include <stdexcept>
#include <vector>

#include "patchead/core/option_domains.hpp"
#include "patchead/core/registry.hpp"

namespace patchead {
namespace {

/// What a reading of Eqs. (2)-(3) stands for.
struct ReadingEntry {
    Reading reading;
    Reduce reduce;
    Select select;
};
constexpr auto kReadings =
    std::to_array<ReadingEntry>({{Reading::a, Reduce::nearest, Select::closest},
                                 {Reading::b, Reduce::nearest, Select::farthest},
                                 {Reading::c, Reduce::farthest, Select::farthest},
                                 {Reading::d, Reduce::farthest, Select::closest}});

void set_reading(Method& method, const std::string& text) {
    const auto reading = Words<Reading>().parse("reading", text);
    for (const auto& entry : kReadings) {
        if (entry.reading != reading) { continue; }
        method.matching.reduce = entry.reduce;
        method.few_shot.select = entry.select;
        method.zero_shot.select = entry.select;
    }
}

std::string reading_text(const Method& method) {
    for (const auto& entry : kReadings) {
        if (entry.reduce == method.matching.reduce && entry.select == method.few_shot.select) {
            return Words<Reading>().text(entry.reading);
        }
    }
    throw std::logic_error("a reading has no entry");
}

template <class Value, class Domain>
std::string other_of(const Domain& domain, const Value& initial) {
    return domain.text(domain.other(initial));
}

// A row of the table for a member of `method`.`part`.
#define PATCHEAD_ROW(part, what, type, member, initial, domain, option, help)                  \
    table.push_back({option, (domain).text(initial), other_of(domain, initial), help,          \
                     Changes::what,                                                            \
                     [](Method& method, const std::string& text) {                             \
                         method.part.member = static_cast<type>((domain).parse(option, text)); \
                     },                                                                        \
                     [](const Method& method) { return (domain).text(method.part.member); }});
#define PATCHEAD_KEYED_ROW(part, what, type, member, initial, domain, option, field, help) \
    PATCHEAD_ROW(part, what, type, member, initial, domain, option, help)

void add_scoring(std::vector<MethodOption>& table) {
#define PATCHEAD_SCORING_OPTION(type, member, initial, domain, option, field, help)   \
    table.push_back({option, (domain).text(initial), other_of(domain, initial), help, \
                     Changes::results,                                                \
                     [](Method& method, const std::string& text) {                    \
                         method.few_shot.member = (domain).parse(option, text);       \
                         method.zero_shot.member = method.few_shot.member;            \
                     },                                                               \
                     [](const Method& method) { return (domain).text(method.few_shot.member); }});
#define PATCHEAD_SCORING_OPTION_FOR(setting, member, initial, domain, option, help)         \
    table.push_back(                                                                        \
        {option, (domain).text(initial), other_of(domain, initial), help, Changes::results, \
         [](Method& method, const std::string& text) {                                      \
             method.scoring(setting).member = (domain).parse(option, text);                 \
         },                                                                                 \
         [](const Method& method) { return (domain).text(method.scoring(setting).member); }});
#include "patchead/core/options.def"
}

void add_images_and_masks(std::vector<MethodOption>& table) {
#define PATCHEAD_BATCH_OPTION(...) PATCHEAD_ROW(batch, matches, __VA_ARGS__)
#define PATCHEAD_COMPANY_OPTION(...) PATCHEAD_ROW(company, matches, __VA_ARGS__)
#define PATCHEAD_PROMPT_OPTION(...) PATCHEAD_ROW(prompts, matches, __VA_ARGS__)
#define PATCHEAD_MASKING_OPTION(...) PATCHEAD_KEYED_ROW(masking, results, __VA_ARGS__)
#include "patchead/core/options.def"
}

void add_alignment(std::vector<MethodOption>& table) {
#define PATCHEAD_ALIGN_ESTIMATE_OPTION(...) PATCHEAD_KEYED_ROW(align, alignments, __VA_ARGS__)
#define PATCHEAD_ALIGN_COPY_OPTION(...) PATCHEAD_KEYED_ROW(align, alignments, __VA_ARGS__)
#define PATCHEAD_ALIGN_USE_OPTION(settings, ...) PATCHEAD_KEYED_ROW(align, results, __VA_ARGS__)
#include "patchead/core/options.def"
}

void add_metrics(std::vector<MethodOption>& table) {
#define PATCHEAD_METRIC_OPTION(...) PATCHEAD_KEYED_ROW(metrics, results, __VA_ARGS__)
#define PATCHEAD_FUSE_OPTION(...) PATCHEAD_KEYED_ROW(fusing, results, __VA_ARGS__)
#include "patchead/core/options.def"
}

void add_store(std::vector<MethodOption>& table) {
#define PATCHEAD_FEATURE_OPTION(...) PATCHEAD_KEYED_ROW(features, features, __VA_ARGS__)
#define PATCHEAD_TOKEN_OPTION(...) PATCHEAD_ROW(tokens, tokens, __VA_ARGS__)
#define PATCHEAD_UNIT_OPTION(...) PATCHEAD_ROW(units, units, __VA_ARGS__)
#define PATCHEAD_PICTURE_OPTION(...) PATCHEAD_ROW(units, pictures, __VA_ARGS__)
#include "patchead/core/options.def"
}

}  // namespace

std::span<const MethodOption> method_options() {
    static const auto options = [] {
        std::vector<MethodOption> table{
            {"reading", "A", "C",
             "reading of the paper's Eqs. (2)-(3): A, B, C or D (docs/method.md)", Changes::matches,
             set_reading, reading_text}};
        for (const auto add :
             {add_scoring, add_images_and_masks, add_alignment, add_metrics, add_store}) {
            add(table);
        }
        return table;
    }();
    return options;
}

Method default_method() {
    Method method;
    for (const auto& option : method_options()) { option.set(method, option.default_text); }
    return method;
}

}  // namespace patchead

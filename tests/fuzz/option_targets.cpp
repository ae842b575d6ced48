/// \file
/// \brief Config files, and the values of options.

#include <algorithm>

#include "fuzz.hpp"
#include "options/parse_options.hpp"
#include "patchead/core/key.hpp"
#include "patchead/core/layer_list.hpp"
#include "patchead/core/sample.hpp"
#include "patchead/core/token_request.hpp"
#include "patchead/core/user_text.hpp"
#include "patchead/data/perturb.hpp"
#include "patchead/plan/method_options.hpp"

namespace patchead::fuzz {
namespace {

/// The options of the method, and some of other kinds.
const po::options_description& options_of_fuzz() {
    static const auto options = [] {
        std::vector<OptionRow> rows{{"dataset", "NAME...", "words", OptionRow::Kind::words},
                                    {"seeds", "N...", "words", OptionRow::Kind::words},
                                    {"data-root", "DIR", "text"},
                                    {"verify", "", "flag", OptionRow::Kind::flag}};
        for (const auto& option : method_options()) {
            rows.push_back({option.name, "X", option.help});
        }
        return group_of("all", rows);
    }();
    return options;
}

/// What was read as lines of a config file, each word in quotes where it needs them.
std::string written_config(const po::parsed_options& parsed) {
    std::string text;
    for (const auto& option : parsed.options) {
        text += option.string_key + " =";
        for (const auto& word : option.value) { text += " " + quoted_word(word); }
        text += "\n";
    }
    return text;
}

/// `again` is what comes of `text(value)`, which must be the value.
template <class Value, class Text, class Parse>
void require_fixed_point(const Value& value, const Text& text, const Parse& parse,
                         const char* what) {
    const auto written = text(value);
    const auto again = parse(written);
    require_property(again == value && text(again) == written, what);
}

}  // namespace

/// Refused, or options that lines written from them give back; and any words, once they are quoted,
/// are read as they were.
void fuzz_config(std::string_view input) {
    const std::string text(input);
    const auto& options = options_of_fuzz();
    const auto parsed = result_of([&] { return read_config_text(text, "a.cfg", options); });
    if (parsed) {
        const auto again = read_config_text(written_config(*parsed), "b.cfg", options);
        require_property(again.options.size() == parsed->options.size(), "no option is lost");
        for (std::size_t i = 0; i < again.options.size(); ++i) {
            const auto& [one, other] = std::pair(again.options[i], parsed->options[i]);
            require_property(one.string_key == other.string_key && one.value == other.value,
                             "an option stays as it is");
        }
        po::variables_map values;
        try {
            po::store(*parsed, values);
        } catch (const po::error&) { return; }
    }
    std::vector<std::string> words;
    std::string line;
    for (Draw draw(input); !draw.empty();) {
        words.emplace_back(draw.text());
        line += " " + quoted_word(words.back());
    }
    require_property(WrittenValue(line).words() == words, "quoted words are read as they were");
    require_property(
        fault_of_name(printable(input)).empty() || printable(input).find('\n') != std::string::npos,
        "what is printable is so");
    require_property(fault_of_name(escaped_name(input)).empty(), "so is an escaped name");
}

/// Refused, or a value whose text is read as the same value: of every option of the method, and of
/// layers, tokens, perturbations and saturation areas. The first byte chooses.
void fuzz_options(std::string_view input) {
    Draw draw(input);
    const auto chosen = draw.byte();
    const std::string text(draw.rest());
    const auto options = method_options();
    if (chosen < 200) {
        const auto& option = options[chosen % options.size()];
        auto method = default_method();
        const auto is_set = result_of([&] {
            option.set(method, text);
            return true;
        });
        if (!is_set) { return; }
        const auto written = option.text(method);
        auto again = default_method();
        option.set(again, written);
        require_property(option.text(again) == written, "the text of an option gives its value");
        return;
    }
    if (chosen < 215) {
        const Layers layers("none", chosen % 2 == 0 ? Layers::Forms::no : Layers::Forms::yes);
        if (const auto list = result_of([&] { return layers.parse("layers", text); })) {
            require_fixed_point(
                *list, [&](const LayerList& value) { return layers.text(value); },
                [&](const std::string& written) { return layers.parse("layers", written); },
                "layers stay as they are");
            static_cast<void>(result_of([&] { return layers_at(*list, 12); }));
        }
    } else if (chosen < 230) {
        if (const auto request = parse_token_request(text)) {
            require_property(text_of(*request) == text, "equal requests have equal texts");
        }
    } else if (chosen < 243) {
        if (const auto found = result_of([&] { return parse_perturbation(text); })) {
            require_fixed_point(
                *found, [](const Perturbation& value) { return text_of(value); },
                [](const std::string& written) { return parse_perturbation(written); },
                "a perturbation stays as it is");
        }
    } else if (const auto areas = result_of([&] { return parse_saturation(text); })) {
        require_fixed_point(
            *areas, [](const std::vector<Saturation>& value) { return text_of(value); },
            [](const std::string& written) { return parse_saturation(written); },
            "saturation areas stay as they are");
    }
}

}  // namespace patchead::fuzz

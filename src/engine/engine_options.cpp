#include <algorithm>
#include <vector>

#include "patchead/cache/maintenance.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/option_domains.hpp"
#include "patchead/engine/engine_settings.hpp"

namespace patchead {
namespace {

using Name = const std::string&;

// Domains as in core/option_domains.hpp; `text` of a default.
struct Text {
    [[nodiscard]] static std::string parse(Name, const std::string& text) { return text; }
    [[nodiscard]] static std::string text(const std::string& value) { return value; }
};

struct Required {
    [[nodiscard]] static std::filesystem::path parse(Name, const std::string& text) { return text; }
    [[nodiscard]] static std::string text(const std::filesystem::path& path) {
        return path.string();
    }
};

class Seconds {
  public:
    explicit Seconds(int least) : whole_(least, " seconds") {}
    [[nodiscard]] double parse(Name option, const std::string& text) const {
        return whole_.parse(option, text);
    }
    [[nodiscard]] static std::string text(double seconds) {
        return std::to_string(static_cast<int>(seconds));
    }

  private:
    Whole whole_;
};

struct Switch {
    [[nodiscard]] static bool parse(Name, const std::string&) { return true; }
    [[nodiscard]] static std::string text(bool) { return ""; }
};

struct StoreSize {
    [[nodiscard]] static std::uint64_t parse(Name option, const std::string& text) {
        return parse_size(option, text);
    }
    [[nodiscard]] static std::string text(std::optional<std::uint64_t>) { return ""; }
};

struct WritableFile {
    [[nodiscard]] static std::filesystem::path parse(Name option, const std::string& text) {
        const auto folder = std::filesystem::absolute(text).parent_path();
        require<ConfigError>(std::filesystem::is_directory(folder), "option --", option, ": '",
                             text, "' cannot be written (no such folder); make it first");
        return text;
    }
    [[nodiscard]] static std::string text(const std::filesystem::path&) { return ""; }
};

/// It becomes a part of file names.
struct NamePart {
    [[nodiscard]] static std::string parse(Name option, const std::string& text) {
        const auto is_plain = [](char c) {
            return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                   c == '-' || c == '_';
        };
        require<ConfigError>(!text.empty() && std::ranges::all_of(text, is_plain), "option --",
                             option, ": '", text, "' cannot be a part of a file name; give ",
                             "letters, digits, '-' and '_'");
        return text;
    }
    [[nodiscard]] static std::string text(const std::string&) { return ""; }
};

template <class Domain>
constexpr bool kIsRequired = std::is_same_v<Domain, Required>;

/// The row of the option for `member`.
template <class Value, class Domain>
EngineOption row(EngineOption said, Value EngineSettings::*member, const Domain& domain) {
    said.default_text = domain.text(EngineSettings{}.*member);
    said.is_required = kIsRequired<Domain>;
    said.set = [member, domain, name = said.name](EngineSettings& settings,
                                                  const std::string& text) {
        settings.*member = static_cast<Value>(domain.parse(name, text));
    };
    return said;
}

}  // namespace

Resources EngineSettings::resources() const {
    return {device,
            threads,
            {forward_batch, std::int64_t{forward_memory_mb} * 1'000'000, decode_threads, landmarks,
             image_memory_mb * 1'000'000}};
}

std::span<const EngineOption> engine_options() {
    static const std::vector<EngineOption> options{
#define PATCHEAD_ENGINE_OPTION(group, type, member, initial, domain, option, shown, help) \
    row({#group, option, shown, "", false, help, {}}, &EngineSettings::member, domain),
#include "patchead/engine/engine_options.def"
    };
    return options;
}

}  // namespace patchead

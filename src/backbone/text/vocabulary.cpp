#include "text/vocabulary.hpp"

#include <algorithm>

#include "patchead/core/error.hpp"
#include "patchead/core/user_text.hpp"
#include "text/utf8.hpp"

namespace patchead::inline backbone_detail {
namespace {

constexpr std::size_t kOtherTokens = 514;  // Than merges: of bytes, twice, and start and end.

bool is_written_directly(int byte) {
    return (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
}

ByteSymbols make_byte_symbols() {
    ByteSymbols symbols;
    for (int byte = 0; byte < 256; ++byte) {
        if (is_written_directly(byte)) { symbols.order.push_back(static_cast<std::uint8_t>(byte)); }
    }
    char32_t next = 0x100;
    for (int byte = 0; byte < 256; ++byte) {
        const bool is_direct = is_written_directly(byte);
        if (!is_direct) { symbols.order.push_back(static_cast<std::uint8_t>(byte)); }
        const auto code = is_direct ? static_cast<char32_t>(byte) : next++;
        symbols.of_byte[static_cast<std::size_t>(byte)] = to_utf8(std::u32string{code});
    }
    return symbols;
}

/// Checks a vocabulary and numbers its parts.
class VocabularyMaker {
  public:
    VocabularyMaker(std::vector<std::string> tokens, const std::string& place) : place_(place) {
        result_.tokens = std::move(tokens);
        for (std::size_t id = 0; id < result_.tokens.size(); ++id) {
            const auto& token = result_.tokens[id];
            const bool is_new = ids_.emplace(token, static_cast<std::int32_t>(id)).second;
            check(is_new, "it has the token '", escaped_name(token), "' twice");
        }
    }

    ByteVocabulary make(const MergeTexts& merges) {
        for (std::size_t byte = 0; byte < 256; ++byte) {
            const auto& symbol = byte_symbols().of_byte[byte];
            result_.inner[byte] = id_of(symbol);
            result_.ending[byte] = id_of(concat(symbol, kEndOfWord));
        }
        result_.start = special(kStartNames);
        result_.end = special(kEndNames);
        const auto count = result_.tokens.size();
        check(result_.end + std::size_t{1} == count, "the token of a text's end is not its last");
        check(merges.size() + kOtherTokens == count, "its ", count, " tokens need ",
              count - kOtherTokens, " merges, and it has ", merges.size());
        for (const auto& [left, right] : merges) { add(left, right); }
        return std::move(result_);
    }

  private:
    void add(const std::string& left, const std::string& right) {
        const TokenPair pair{id_of(left), id_of(right)};
        const auto rank = static_cast<std::int32_t>(result_.order.size());
        const bool is_new =
            result_.merges.emplace(pair, TokenMerge{rank, id_of(left + right)}).second;
        check(is_new, "it merges '", escaped_name(left), "' and '", escaped_name(right), "' twice");
        result_.order.push_back(pair);
    }

    [[nodiscard]] std::int32_t id_of(const std::string& token) const {
        const auto found = ids_.find(token);
        check(found != ids_.end(), "it has no token '", escaped_name(token), "'");
        return found->second;
    }

    [[nodiscard]] std::int32_t special(const std::array<std::string_view, 2>& names) const {
        const auto found = ids_.find(std::string(names[0]));
        return found != ids_.end() ? found->second : id_of(std::string(names[1]));
    }

    template <class... Parts>
    void check(bool ok, const Parts&... reason) const {
        require<WeightsError>(ok, "no whole vocabulary in '", place_, "' (", concat(reason...),
                              "); download it again");
    }

    const std::string& place_;
    ByteVocabulary result_;
    std::unordered_map<std::string, std::int32_t> ids_;
};

}  // namespace

const ByteSymbols& byte_symbols() {
    static const auto symbols = make_byte_symbols();
    return symbols;
}

std::vector<std::string> tokens_of(const MergeTexts& merges) {
    std::vector<std::string> tokens;
    tokens.reserve(merges.size() + kOtherTokens);
    const auto& [of_byte, order] = byte_symbols();
    for (const auto byte : order) { tokens.push_back(of_byte[byte]); }
    for (const auto byte : order) { tokens.push_back(concat(of_byte[byte], kEndOfWord)); }
    for (const auto& [left, right] : merges) { tokens.push_back(left + right); }
    tokens.emplace_back(kStartNames[0]);
    tokens.emplace_back(kEndNames[0]);
    return tokens;
}

ByteVocabulary make_vocabulary(std::vector<std::string> tokens, const MergeTexts& merges,
                               const std::string& place) {
    return VocabularyMaker(std::move(tokens), place).make(merges);
}

}  // namespace patchead::inline backbone_detail

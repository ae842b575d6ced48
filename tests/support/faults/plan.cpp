#include "plan.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <vector>

namespace patchead::faults {
namespace {

constexpr std::size_t kCounters = kKinds.size() + 1;

constexpr auto kErrors = std::to_array<std::pair<std::string_view, int>>({{"EIO", EIO},
                                                                          {"ENOSPC", ENOSPC},
                                                                          {"EDQUOT", EDQUOT},
                                                                          {"EMFILE", EMFILE},
                                                                          {"ESTALE", ESTALE},
                                                                          {"EINTR", EINTR},
                                                                          {"ENOMEM", ENOMEM},
                                                                          {"EACCES", EACCES},
                                                                          {"EROFS", EROFS}});

/// What was asked for, once.
struct Plan {
    std::vector<std::string> folders;
    std::array<std::atomic<std::uint64_t>, kCounters>* counters = nullptr;
    Kind kind{};
    std::uint64_t place = 0;  ///< 0: nothing fails.
    Verdict verdict;
    bool lasts = false;
    std::string fault;
    std::string log;
};

std::string text_of(const char* variable) {
    const char* value = std::getenv(variable);
    return value == nullptr ? std::string() : value;
}

std::vector<std::string> split(const std::string& text, char at) {
    std::vector<std::string> parts;
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = std::min(text.find(at, begin), text.size());
        parts.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

[[noreturn]] void refuse(const std::string& what) {
    std::fprintf(stderr, "faults: %s\n", what.c_str());
    std::_Exit(125);
}

void parse_fault(const std::string& text, Plan& plan) {
    const auto parts = split(text, ':');
    if (parts.size() != 3) { refuse("PATCHEAD_FAULT is not KIND:N:FAULT but " + text); }
    const auto* const kind = std::ranges::find(kKinds, parts[0]);
    plan.fault = parts[2];
    auto name = parts[2];
    plan.lasts = name.ends_with('+');
    if (plan.lasts) { name.pop_back(); }
    const auto* const error =
        std::ranges::find(kErrors, name, [](auto pair) { return pair.first; });
    plan.verdict.is_short = name == "short";
    if (kind == kKinds.end() || (error == kErrors.end() && !plan.verdict.is_short)) {
        refuse("PATCHEAD_FAULT is of no known kind or fault: " + text);
    }
    plan.kind = static_cast<Kind>(kind - kKinds.begin());
    plan.place = std::strtoull(parts[1].c_str(), nullptr, 10);
    if (!plan.verdict.is_short) { plan.verdict.error = error->second; }
}

/// Before the variables are there (in a process that forks for each run) nothing counts.
const Plan* plan() {
    static const Plan* const made = [] {
        auto* plan = new Plan;  // Never deleted: calls come until the very end.
        plan->folders = split(text_of("PATCHEAD_FAULT_FOLDERS"), ':');
        plan->log = text_of("PATCHEAD_FAULT_LOG");
        if (const auto fault = text_of("PATCHEAD_FAULT"); !fault.empty()) {
            parse_fault(fault, *plan);
        }
        const auto state = text_of("PATCHEAD_FAULT_STATE");
        const int file = ::openat(AT_FDCWD, state.c_str(), O_RDWR | O_CLOEXEC);
        void* const shared = ::mmap(nullptr, kCounters * sizeof(std::uint64_t),
                                    PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        if (file < 0 || shared == MAP_FAILED) { refuse("no counters in '" + state + "'"); }
        ::close(file);
        plan->counters = static_cast<std::array<std::atomic<std::uint64_t>, kCounters>*>(shared);
        return plan;
    }();
    return made;
}

/// Which calls a full or lost disk concerns.
bool concerns(int error, Kind kind) {
    if (error != ENOSPC && error != EDQUOT && error != EROFS) { return kind != Kind::unlink; }
    return kind == Kind::create || kind == Kind::write || kind == Kind::truncate ||
           kind == Kind::mkdir || kind == Kind::link;
}

void log(const Plan& plan, Kind kind, std::uint64_t place, const std::string& path) {
    if (plan.log.empty()) { return; }
    const auto line = std::string(kKinds[static_cast<std::size_t>(kind)]) + " " +
                      std::to_string(place) + " " + plan.fault + " " + path + "\n";
    const int file = ::openat(AT_FDCWD, plan.log.c_str(), O_WRONLY | O_APPEND | O_CREAT, 0666);
    if (::write(file, line.data(), line.size()) < 0) { refuse("cannot write " + plan.log); }
    ::close(file);
}

thread_local bool is_inside = false;  ///< Own calls do not count.

}  // namespace

bool is_watched(std::string_view path) {
    if (is_inside || std::getenv("PATCHEAD_FAULT_FOLDERS") == nullptr) { return false; }
    is_inside = true;
    const auto& folders = plan()->folders;
    is_inside = false;
    return std::ranges::any_of(folders, [&](const std::string& folder) {
        return path.starts_with(folder) &&
               (path.size() == folder.size() || path[folder.size()] == '/');
    });
}

Verdict judge(Kind kind, const std::string& path) {
    is_inside = true;
    const auto& plan = *faults::plan();
    auto& counters = *plan.counters;
    const auto place = ++counters[static_cast<std::size_t>(kind)];
    auto& has_failed = counters.back();
    const bool hits = plan.place != 0 && plan.kind == kind && plan.place == place;
    const bool goes_on = plan.lasts && has_failed.load() != 0 && concerns(plan.verdict.error, kind);
    if (hits) { has_failed = 1; }
    if (hits || goes_on) { log(plan, kind, place, path); }
    is_inside = false;
    return hits || goes_on ? plan.verdict : Verdict{};
}

}  // namespace patchead::faults

#include "patchead/core/process.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "patchead/core/digest.hpp"
#include "patchead/core/error.hpp"

namespace patchead {
namespace {

/// Host, and what tells its boots and its containers apart (Linux; elsewhere it stays empty).
std::string find_machine() {
    std::array<char, 256> host{};
    ::gethostname(host.data(), host.size() - 1);
    std::string boot;
    std::ifstream("/proc/sys/kernel/random/boot_id") >> boot;
    std::error_code error;
    const auto processes = std::filesystem::read_symlink("/proc/self/ns/pid", error).string();
    return concat(host.data(), "-", sha256(boot + processes).substr(0, 8));
}

const std::string& machine() {
    static const auto name = find_machine();
    return name;
}

/// A process that has ended stays as a zombie until its parent asks, which may be never.
bool is_zombie(pid_t process) {
    std::ifstream file(concat("/proc/", process, "/stat"));
    std::string text;
    std::getline(file, text);
    const auto name_end = text.rfind(')');
    return name_end != std::string::npos && name_end + 2 < text.size() &&
           (text[name_end + 2] == 'Z' || text[name_end + 2] == 'X');
}

}  // namespace

std::string process_token() { return concat(machine(), ".", ::getpid()); }

bool is_gone(std::string_view token) {
    const auto dot = token.rfind('.');
    if (dot == std::string_view::npos || token.substr(0, dot) != machine()) { return false; }
    const auto digits = token.substr(dot + 1);
    pid_t process = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), process);
    if (error != std::errc() || end != digits.data() + digits.size() || process <= 0) {
        return false;
    }
    return (::kill(process, 0) != 0 && errno == ESRCH) || is_zombie(process);
}

}  // namespace patchead

#include "patchead/core/process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <sched.h>
#include <spawn.h>
#include <sys/wait.h>
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

int cores_of_process(int processes) {
    const auto installed = static_cast<int>(::sysconf(_SC_NPROCESSORS_ONLN));
    cpu_set_t bound;
    CPU_ZERO(&bound);
    // Fails on machines of more than 1024 cores; then the share alone counts.
    const bool is_known = ::sched_getaffinity(0, sizeof bound, &bound) == 0;
    const int usable = is_known ? CPU_COUNT(&bound) : installed;
    return std::max(1, std::min(usable, installed / std::max(1, processes)));
}

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

int run_program(const std::vector<std::string>& command) {
    std::vector<char*> arguments;
    arguments.reserve(command.size() + 1);
    for (const auto& word : command) { arguments.push_back(const_cast<char*>(word.c_str())); }
    arguments.push_back(nullptr);
    pid_t process = 0;
    const int error =
        ::posix_spawnp(&process, arguments.front(), nullptr, nullptr, arguments.data(), environ);
    require<ConfigError>(error == 0, "cannot start '", command.front(), "' (", std::strerror(error),
                         "); install it, or name another program");
    int status = 0;
    while (::waitpid(process, &status, 0) < 0) {
        require<ConfigError>(errno == EINTR, "lost sight of '", command.front(), "' (",
                             std::strerror(errno), "); run the same command again");
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace patchead

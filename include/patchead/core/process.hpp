#pragma once

#include <string>
#include <string_view>
#include <vector>

/// \file
/// \brief Who a process is, for others that find what it left on a shared disk; its cores; other
/// programs.

namespace patchead {

/// "<host>-<8 hex digits>.<pid>" of this process. The digits tell apart boots of one machine and
/// containers that have one host name.
[[nodiscard]] std::string process_token();

/// Whether the process of a `token` has certainly ended: it was one of this machine and there is no
/// such process any more. False for other machines, whose processes nobody can see from here.
[[nodiscard]] bool is_gone(std::string_view token);

/// Cores for this process, at least 1: those that it is bound to, or its share of all where
/// `processes` like it share the machine.
[[nodiscard]] int cores_of_process(int processes);

/// Runs a program (found as a shell finds it) with its output going where ours goes, and waits for
/// it. Returns its exit code, 128 + signal if one ended it. Throws ConfigError if it cannot be
/// started.
[[nodiscard]] int run_program(const std::vector<std::string>& command);

}  // namespace patchead

#pragma once

#include <string>
#include <vector>

/// \file
/// \brief The Python programs that come with patchead, and a Python that can run them.

namespace patchead {

/// The first Python that has all `modules`, of $PATCHEAD_PYTHON, python3 as a shell finds it, and
/// the system's /usr/bin/python3. If none has them, the first one that there is: its tool says what
/// it lacks. Throws ConfigError if there is none.
[[nodiscard]] std::string find_python(const std::vector<std::string>& modules);

/// Runs `analysis/<script>` with `given_python`, or if that is empty with the Python that
/// `find_python` gives, and says on stderr which one that is. Throws ConfigError if the script did
/// not come along with the program, or if it fails; `outcome` then says what there is not, e.g.
/// "there is no HTML report".
void run_python_tool(const std::string& script, const std::vector<std::string>& arguments,
                     const std::string& given_python, const std::vector<std::string>& modules,
                     const std::string& outcome);

}  // namespace patchead

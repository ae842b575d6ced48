#include "options/command_help.hpp"

#include <bit>
#include <cstddef>
#include <string_view>

#include <fmt/format.h>

namespace patchead {
namespace {

/// Characters beyond ASCII, of valid UTF-8, by their numbers: not every troff reads their bytes.
std::string in_ascii(std::string_view text) {
    std::string ascii;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto lead = static_cast<unsigned char>(text[at]);
        if (lead < 0x80) {
            ascii += text[at];
            continue;
        }
        const int more = std::countl_one(lead) - 1;
        unsigned code = lead & (0x3FU >> more);
        for (int i = 0; i < more && at + 1 < text.size(); ++i) {
            code = code << 6U | (static_cast<unsigned char>(text[++at]) & 0x3FU);
        }
        ascii += fmt::format("\\[u{:04X}]", code);
    }
    return ascii;
}

std::string for_man(std::string_view text) {
    auto line = in_ascii(replaced(text, {{'\\', "\\e"}, {'-', "\\-"}, {'\n', " "}}));
    return line.starts_with('.') || line.starts_with('\'') ? "\\&" + line : line;
}

}  // namespace

std::string manual_page(const std::vector<CommandHelp>& commands, const std::string& version) {
    std::string text = fmt::format(
        ".TH PATCHEAD 1 \"\" \"patchead {}\" \"User Commands\"\n"
        ".SH NAME\n"
        "patchead \\- benchmark of training\\-free visual anomaly detection\n"
        ".SH SYNOPSIS\n"
        ".B patchead\n.I COMMAND\n[options]\n.br\n"
        ".B mpirun \\-n\n.I RANKS\n.B patchead sweep \\-\\-config\n.I FILE\n"
        ".SH DESCRIPTION\n"
        "Embeds images with frozen encoders, matches patches, scores, measures, and prints the "
        "paper's tables.\nEvery option can also stand in a file given with \\-\\-config.\n"
        ".SH COMMANDS\n",
        for_man(version));
    for (const auto& command : commands) {
        text += fmt::format(".SS {}\n{}.\n", for_man(command.name), for_man(command.summary));
        for (const auto& option : command.options) {
            text += fmt::format(".TP\n\\fB{}\\fR \\fI{}\\fR\n{}\n", for_man(option.name),
                                for_man(option.value), for_man(option.help));
        }
    }
    return text +
           ".SH EXIT STATUS\n"
           "0: done. 1: an error, said in one line. 70: a fault of the program. 74: the disk is "
           "full "
           "or read\\-only.\n75: stopped before its end; the same command goes on. 76: some units "
           "failed or were damaged.\n"
           ".SH ENVIRONMENT\n"
           ".TP\nPATCHEAD_HOME\nPrefix or source tree with what comes with the program, if it is "
           "not "
           "around the binary.\n"
           ".TP\nPATCHEAD_PYTHON\nPython that makes the HTML report and the figures.\n";
}

}  // namespace patchead

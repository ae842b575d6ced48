// A run of the program as a fork of the server (forked.hpp); where there is none, a start of its
// own.

#include <poll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "forked.hpp"

namespace {

using namespace patchead::forked;

int connected() {
    const char* path = std::getenv(kSocket);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path == nullptr || std::strlen(path) >= sizeof address.sun_path) { return -1; }
    std::strcpy(address.sun_path, path);
    const int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0
               ? server
               : -1;
}

bool ask(int server, int count, char** arguments) {
    std::string words = std::filesystem::current_path().string() + '\0';
    for (int i = 0; i < count; ++i) { words.append(arguments[i]).push_back('\0'); }
    for (char** word = environ; *word != nullptr; ++word) { words.append(*word).push_back('\0'); }
    Message message;
    message.request = {static_cast<std::uint32_t>(words.size()), static_cast<std::uint32_t>(count)};
    message.streams = {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO};
    if (!message.send(server)) { return false; }
    for (std::size_t done = 0; done < words.size();) {
        const ssize_t sent = send(server, words.data() + done, words.size() - done, MSG_NOSIGNAL);
        if (sent <= 0) { return false; }
        done += static_cast<std::size_t>(sent);
    }
    return true;
}

/// Wait status of the run; -1 if the server is gone. Signals are passed on.
int status_of(int server, int signals) {
    std::array<pollfd, 2> ends{pollfd{server, POLLIN, 0}, pollfd{signals, POLLIN, 0}};
    while (poll(ends.data(), ends.size(), -1) >= 0) {
        signalfd_siginfo caught{};
        if (ends[1].revents != 0 && read(signals, &caught, sizeof caught) == sizeof caught) {
            const auto number = static_cast<unsigned char>(caught.ssi_signo);
            send(server, &number, 1, MSG_NOSIGNAL);
        }
        int status = 0;
        if (ends[0].revents != 0) {
            return read(server, &status, sizeof status) == sizeof status ? status : -1;
        }
    }
    return -1;
}

}  // namespace

int main(int count, char** arguments) {
    char* binary = std::getenv("PATCHEAD_BINARY");
    if (binary == nullptr) {
        std::fputs("PATCHEAD_BINARY is not set\n", stderr);
        return 125;
    }
    arguments[0] = binary;
    const int server = connected();
    if (server < 0) {
        execv(binary, arguments);
        std::perror(binary);
        return 125;
    }
    sigset_t passed;
    sigemptyset(&passed);
    for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2}) {
        sigaddset(&passed, number);
    }
    sigprocmask(SIG_BLOCK, &passed, nullptr);
    const int signals = signalfd(-1, &passed, SFD_CLOEXEC);
    const int status = ask(server, count, arguments) ? status_of(server, signals) : -1;
    if (WIFSIGNALED(status)) {
        const rlimit no_core{0, 0};
        setrlimit(RLIMIT_CORE, &no_core);
        signal(WTERMSIG(status), SIG_DFL);
        sigprocmask(SIG_UNBLOCK, &passed, nullptr);
        raise(WTERMSIG(status));
    }
    if (!WIFEXITED(status)) {
        std::fputs("the fork server is gone\n", stderr);
        return 125;
    }
    return WEXITSTATUS(status);
}

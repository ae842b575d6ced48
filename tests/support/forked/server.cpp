// Preloaded into the program: stops it before main() and forks for each run that a client asks for
// (forked.hpp).

#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "forked.hpp"

namespace {

using namespace patchead::forked;
using Main = int (*)(int, char**, char**);

Main program = nullptr;

/// The words of a request, and where they are used.
struct Words {
    std::string text;
    std::vector<char*> words;
};

bool read_words(int client, std::size_t bytes, Words& words) {
    words.text.resize(bytes);
    for (std::size_t done = 0; done < bytes;) {
        const ssize_t count = read(client, words.text.data() + done, bytes - done);
        if (count <= 0) { return false; }
        done += static_cast<std::size_t>(count);
    }
    for (std::size_t at = 0; at < bytes; at += std::strlen(words.words.back()) + 1) {
        words.words.push_back(words.text.data() + at);
    }
    return true;
}

/// Ends a run once all is taken down that it made after main() began. What was there before, which
/// is nearly all LibTorch's, every run would take down again, and that takes five times as long as
/// the start of a fork.
void end_early(int status, void* /*nothing*/) {
    std::cout.flush();
    std::fflush(nullptr);
    std::_Exit(status);
}

/// The run itself: a child that is as if it had just been started by the client.
[[noreturn]] void run(const Message& message, Words& words, pid_t client) {
    cpu_set_t cores;
    if (sched_getaffinity(client, sizeof cores, &cores) == 0) {
        sched_setaffinity(0, sizeof cores, &cores);
    }
    for (int i = 0; i < kStreams; ++i) { dup2(message.streams[static_cast<std::size_t>(i)], i); }
    close_range(kStreams, ~0U, 0);
    if (chdir(words.words.front()) != 0) {
        std::perror("forked: chdir");
        std::_Exit(125);
    }
    const auto environment = words.words.begin() + 1 + message.request.arguments;
    clearenv();
    for (auto word = environment; word != words.words.end(); ++word) { putenv(*word); }
    std::vector<char*> arguments(words.words.begin() + 1, environment);
    arguments.push_back(nullptr);
    on_exit(end_early, nullptr);
    std::exit(program(static_cast<int>(message.request.arguments), arguments.data(), environ));
}

/// Passes signals on to the run, ends it with its client, and says how it ended.
void attend(pid_t child, int client) {
    const int ended = static_cast<int>(syscall(SYS_pidfd_open, child, 0));
    std::array<pollfd, 2> ends{pollfd{ended, POLLIN, 0}, pollfd{client, POLLIN, 0}};
    while (poll(ends.data(), ends.size(), -1) >= 0 && ends[0].revents == 0) {
        unsigned char signal = 0;
        if (ends[1].revents != 0 && read(client, &signal, 1) != 1) {
            kill(child, SIGKILL);
            ends[1].fd = -1;
        } else if (signal != 0) {
            kill(child, signal);
        }
    }
    int status = 0;
    waitpid(child, &status, 0);
    send(client, &status, sizeof status, MSG_NOSIGNAL);
}

[[noreturn]] void answer(int client) {
    Message message;
    Words words;
    ucred peer{};
    socklen_t size = sizeof peer;
    if (getsockopt(client, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 ||
        !message.receive(client) || !read_words(client, message.request.bytes, words)) {
        std::_Exit(1);
    }
    const pid_t child = fork();
    if (child == 0) { run(message, words, peer.pid); }
    for (const int stream : message.streams) { close(stream); }
    attend(child, client);
    std::_Exit(0);
}

/// In place of main(): until standard input ends, which the script holds open.
int serve(int count, char** arguments, char** environment) {
    const char* listening = std::getenv(kListening);
    if (listening == nullptr) { return program(count, arguments, environment); }
    // A thread is not there in a fork, but what it holds is.
    if (std::distance(std::filesystem::directory_iterator("/proc/self/task"), {}) != 1) {
        std::fputs(
            "forked: the program has threads before main(), so each run is a start of its own\n",
            stderr);
        return 1;
    }
    const int server = std::atoi(listening);
    std::array<pollfd, 2> ends{pollfd{STDIN_FILENO, POLLIN, 0}, pollfd{server, POLLIN, 0}};
    while (poll(ends.data(), ends.size(), -1) >= 0 && ends[0].revents == 0) {
        const int client = accept4(server, nullptr, nullptr, SOCK_CLOEXEC);
        if (client >= 0 && fork() == 0) {
            close(server);
            answer(client);
        }
        close(client);
        while (waitpid(-1, nullptr, WNOHANG) > 0) {}
    }
    while (waitpid(-1, nullptr, 0) > 0) {}  // So that their time counts as the script's.
    std::_Exit(0);
}

}  // namespace

extern "C" int __libc_start_main(Main main, int count, char** arguments, void (*start)(),
                                 void (*end)(), void (*end_of_loader)(), void* stack) {
    using Start = int (*)(Main, int, char**, void (*)(), void (*)(), void (*)(), void*);
    program = main;
    const auto next = reinterpret_cast<Start>(dlsym(RTLD_NEXT, "__libc_start_main"));
    return next(serve, count, arguments, start, end, end_of_loader, stack);
}

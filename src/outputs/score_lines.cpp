#include "patchead/outputs/score_lines.hpp"

#include <cerrno>
#include <iostream>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "patchead/core/files.hpp"
#include "patchead/core/system_call.hpp"
#include "patchead/report/photo_files.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

/// An open file; closed in the end.
class AppendedFile {
  public:
    explicit AppendedFile(const fs::path& path)
        : path_(path), descriptor_(uninterrupted([&] {
              return ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
          })) {
        if (descriptor_ < 0) { fail_to_write(path, errno); }
    }
    AppendedFile(const AppendedFile&) = delete;
    AppendedFile& operator=(const AppendedFile&) = delete;
    ~AppendedFile() { ::close(descriptor_); }

    /// At one go where the system takes it so, and then no other process sees half of it.
    void append(const std::string& text) {
        const auto before = ::lseek(descriptor_, 0, SEEK_END);
        int error = write_all(descriptor_, text);
        if (error == 0 && uninterrupted([&] { return ::fsync(descriptor_); }) != 0) {
            error = errno;
        }
        if (error == 0) { return; }
        const auto cut = [&] { return ::ftruncate(descriptor_, before); };
        fail_to_write(path_, uninterrupted(cut) == 0 ? error : errno);
    }

  private:
    const fs::path& path_;
    int descriptor_;
};

}  // namespace

ScoreLines::ScoreLines(fs::path file) : file_(std::move(file)) {
    require_writable(fs::absolute(file_).parent_path());
    std::error_code error;
    if (!fs::exists(file_, error)) { return; }
    auto text = read_text(file_);
    const auto end = text.rfind('\n') + 1;  // 0 if there is no whole line.
    if (end < text.size()) {
        fs::resize_file(file_, end, error);
        if (error) { fail_to_write(file_, error.value()); }
        text.resize(end);
    }
    for (auto& stamp : stamps_in(text, file_.string())) { done_.insert(std::move(stamp)); }
}

void ScoreLines::add(const PhotoScore& photo, const PhotoScale& scale, const PhotoStamp& stamp) {
    append(photo_line(photo, scale, stamp), stamp);
}

void ScoreLines::add(const FailedPhoto& photo, const PhotoStamp& stamp) {
    append(photo_line(photo, stamp), stamp);
}

void ScoreLines::append(const std::string& line, const PhotoStamp& stamp) {
    AppendedFile(file_).append(line + "\n");
    done_.insert(stamp);
    std::cout << line << std::endl;
}

}  // namespace patchead

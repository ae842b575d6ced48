#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "h5/h5.hpp"

/// \file
/// \brief The file of the system below an HDF5 file, whose errors are kept. Private.

namespace patchead::h5 {

/// The system would not open, read or write a file: disk full, no permission, network. Says nothing
/// about what is in the file, and is therefore no Failure.
struct SystemFailure : std::runtime_error {
    explicit SystemFailure(int number) : runtime_error("the system failed"), error(number) {}
    int error;  ///< Of errno.
};

/// An open file and its first error, after which nothing is written any more.
class SystemFile {
  public:
    enum class Use { read, make };

    /// Throws SystemFailure.
    SystemFile(const std::filesystem::path& path, Use use);
    /// A file in memory: empty, to be made; or as it is, to be read. `bytes` must outlive it.
    explicit SystemFile(std::string& bytes) : made_(&bytes), held_(&bytes) { bytes.clear(); }
    explicit SystemFile(const std::string& bytes) : held_(&bytes), end_(bytes.size()) {}
    SystemFile(const SystemFile&) = delete;
    SystemFile& operator=(const SystemFile&) = delete;
    ~SystemFile() { close(); }

    /// Bytes that were never written are zero. False if the system fails.
    [[nodiscard]] bool read(haddr_t address, std::span<char> bytes);
    void write(haddr_t address, std::span<const char> bytes);
    void resize(haddr_t size);
    /// Some network file systems tell only now that the disk was full.
    void close();
    [[nodiscard]] haddr_t end() const { return end_; }

    /// Throws SystemFailure of the first error.
    void require_healthy() const;

  private:
    void keep(int error);

    int descriptor_ = -1;
    std::string* made_ = nullptr;
    const std::string* held_ = nullptr;  ///< Null: the file is on a disk.
    int error_ = 0;
    haddr_t end_ = 0;
};

/// Lets HDF5 reach a file through `file`, which must outlive it. HDF5 has drivers of its own for
/// that, but loses the number of an error; and 1.10 crashes when closing a file whose last bytes it
/// could not write. This one tells HDF5 that all is well with writing, and keeps what was not.
void use_file(const Properties& access, SystemFile* file);

}  // namespace patchead::h5

#pragma once

#include <chrono>
#include <filesystem>
#include <iterator>
#include <string>
#include <thread>

#include "mpi_test.hpp"
#include "temporary_folder.hpp"

/// Where the ranks of a test leave notes for each other without MPI, which what is tested uses.
///
/// Made and destroyed by all ranks at once. Who waits for a note in vain is ended by ctest.
class NoticeBoard {
  public:
    NoticeBoard() : path_(test_world().broadcast(own_.path().string())) {}

    void put(const std::string& note) const { put_bytes(path_ / note, ""); }

    void wait_for_notes(std::size_t count) const {
        const auto notes = [&] {
            return static_cast<std::size_t>(std::distance(
                std::filesystem::directory_iterator(path_), std::filesystem::directory_iterator()));
        };
        while (notes() < count) { std::this_thread::sleep_for(std::chrono::milliseconds(1)); }
    }

  private:
    TemporaryFolder own_;
    std::filesystem::path path_;  ///< That of rank 0.
};

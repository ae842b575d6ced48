#pragma once

#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "patchead/core/error.hpp"

/// A folder of raw arrays and of lines that describe cases; the oracle's class Dump reads it.
class Dump {
  public:
    explicit Dump(std::filesystem::path folder)
        : folder_(std::move(folder)),
          arrays_(folder_ / "arrays.txt"),
          cases_(folder_ / "cases.txt") {}

    template <class Item>
    void array(const std::string& name, const char* type, const std::vector<Item>& values,
               std::initializer_list<std::size_t> shape) {
        std::ofstream file(folder_ / name, std::ios::binary);
        file.write(reinterpret_cast<const char*>(values.data()),
                   static_cast<std::streamsize>(values.size() * sizeof(Item)));
        arrays_ << name << ' ' << type;
        for (const auto size : shape) { arrays_ << ' ' << size; }
        arrays_ << '\n';
        patchead::require<patchead::DataError>(file.good() && arrays_.good(), "cannot write '",
                                               name, "'");
    }

    template <class... Parts>
    void add_case(const Parts&... parts) {
        cases_.precision(17);
        (cases_ << ... << parts) << std::endl;
        patchead::require<patchead::DataError>(cases_.good(), "cannot write a case");
    }

  private:
    std::filesystem::path folder_;
    std::ofstream arrays_;
    std::ofstream cases_;
};

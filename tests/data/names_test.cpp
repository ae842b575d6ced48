#include <algorithm>

#include "mvtec_like.hpp"
#include "patchead/data/check.hpp"
#include "patchead/data/folder.hpp"
#include "patchead/data/manifest.hpp"

namespace patchead {
namespace {

class Names : public MvtecLike {};

TEST_F(Names, OfAnyTextAreTaken) {
    const std::string odd = R"(a b,"c" <i>&amp; 50% #1 $x_y$ \z 正常)";
    add("nut/train/good/" + odd + ".png");
    add("nut/test/" + odd + "/0.png");
    add("nut/ground_truth/" + odd + "/0_mask.png");
    add(odd + "/train/good/0.png");
    const auto found = ids();
    EXPECT_EQ(std::ranges::count(found, "nut/train/good/" + odd), 1);
    EXPECT_EQ(std::ranges::count(found, "nut/test/" + odd + "/0"), 1);
    EXPECT_EQ(std::ranges::count(found, odd + "/train/good/0"), 1);
}

TEST_F(Names, ThatAreNotUtf8AreRefusedWhereverTheyStand) {
    const std::string gbk = "\xD5\xFD\xB3\xA3";
    const std::string shown = "\\xD5\\xFD\\xB3\\xA3";
    for (const auto& file :
         {"nut/train/good/" + gbk + ".png", "nut/test/" + gbk + "/000.png",
          "nut/ground_truth/crack/" + gbk + "_mask.png", gbk + "/train/good/000.png"}) {
        add(file);
        expect_error({shown, "it is not UTF-8", "convmv"});
        const auto check =
            check_dataset("mvtec-like", folder_, {}, {.read_files = false, .threads = 1});
        ASSERT_TRUE(check.has_errors());
        EXPECT_NE(check.findings[0].text.find(shown), std::string::npos);
        std::filesystem::remove_all(root_ / file);
        std::filesystem::remove_all(root_ / gbk);
    }
}

TEST_F(Names, WithControlCharactersAreRefused) {
    for (const auto& [name, shown] :
         {std::pair("a\nb", "a\\nb"), std::pair("\x1B[31mred", "\\x1B[31mred"),
          std::pair("a\tb", "a\\tb")}) {
        const auto file = root_ / "nut/train/good" / (std::string(name) + ".png");
        write_bytes(file, "");
        expect_error({shown, "control character"});
        std::filesystem::remove(file);
    }
}

TEST_F(Names, OfAUsersOwnFoldersAreLookedAt) {
    write_bytes(folder_ / "normal/b\xF6lt.png", "");
    write_bytes(folder_ / "abnormal/0.png", "");
    const auto message = message_of<DataError>([&] {
        static_cast<void>(index_folders({folder_ / "normal", folder_ / "abnormal", {}, {}}));
    });
    EXPECT_NE(message.find("b\\xF6lt.png"), std::string::npos) << message;
}

TEST_F(Names, OfCategoriesAreShortEnoughToNameFiles) {
    add("nut/train/good/" + std::string(251, 'x') + ".png");
    EXPECT_EQ(ids({"nut"}).size(), 5U);
    add(std::string(250, 'k') + "/train/good/0.png");
    expect_error({"250 bytes", "rename its folder"});
}

TEST_F(Names, OfAManifestThatWasSavedElsewhereAreRead) {
    const auto frozen = freeze(std::vector{index()});
    std::string saved = "\xEF\xBB\xBF";
    for (const char c : frozen) { saved += c == '\n' ? std::string("\r\n") : std::string(1, c); }
    const auto file = folder_ / "split.tsv";
    write_bytes(file, saved);
    EXPECT_EQ(read_manifest(file, folder_).at(0).samples.size(), 8U);
}

TEST_F(Names, InAManifestAreLookedAt) {
    auto frozen = freeze(std::vector{index()});
    frozen.insert(frozen.find("nut/test/crack"), "\x1B");
    const auto file = folder_ / "split.tsv";
    write_bytes(file, frozen);
    const auto message =
        message_of<Error>([&] { static_cast<void>(read_manifest(file, folder_)); });
    EXPECT_NE(message.find("split.tsv"), std::string::npos) << message;
}

}  // namespace
}  // namespace patchead

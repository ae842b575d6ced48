#include "patchead/data/manifest.hpp"

#include "fixtures.hpp"

namespace patchead {
namespace {

std::vector<Sample> two_samples() {
    return {{.id = "kos01/test/defect/Part5#1",
             .dataset = "ksdd",
             .category = "kos01",
             .split = "test",
             .defect_type = "defect",
             .anomalous = true,
             .image = "/data sets/kos01/Part5.jpg",
             .mask = "/data sets/kos01/Part5_label.bmp",
             .crop = CropRows{420, 841},
             .digest = "ab"},
            {.id = "bölt/train/good/000",
             .dataset = "mvtec-like",
             .category = "bölt",
             .split = "train",
             .defect_type = "good",
             .anomalous = false,
             .image = "relative/000.PNG",
             .mask = {},
             .crop = {},
             .digest = {}}};
}

TEST(Manifest, GivesBackTheSameSamples) {
    const auto samples = two_samples();
    EXPECT_EQ(samples_from_tsv(to_tsv(samples)), samples);
    EXPECT_TRUE(samples_from_tsv(to_tsv({})).empty());
}

TEST(Manifest, HasAHeaderAndALinePerSample) {
    EXPECT_EQ(to_tsv(two_samples()),
              "id\tdataset\tcategory\tsplit\tdefect_type\tlabel\timage\tmask\ty0\ty1\tdigest\n"
              "kos01/test/defect/Part5#1\tksdd\tkos01\ttest\tdefect\t1\t/data sets/kos01/Part5.jpg"
              "\t/data sets/kos01/Part5_label.bmp\t420\t841\tab\n"
              "bölt/train/good/000\tmvtec-like\tbölt\ttrain\tgood\t0\trelative/000.PNG\t\t\t\t\n");
}

TEST(Manifest, HasColumnsForSeveralMasksAreasAndGroupsOnlyIfSomeSampleHasThem) {
    auto samples = two_samples();
    samples[1].group = "S0001";
    EXPECT_EQ(samples_from_tsv(to_tsv(samples)), samples);
    EXPECT_NE(to_tsv(samples).find("\tdigest\tgroup\n"), std::string::npos);
    samples[0].more_masks = {"a b/001.png", "c/002.png"};
    samples[0].saturation = {{254, 1200, false}, {255, 0.125, true}};
    EXPECT_EQ(samples_from_tsv(to_tsv(samples)), samples);
    EXPECT_NE(to_tsv(samples).find("\tab\ta b/001.png|c/002.png\t254=1200 255=0.125r\t\n"),
              std::string::npos)
        << to_tsv(samples);
    samples[0].more_masks = {"a|b.png"};
    EXPECT_THROW(static_cast<void>(to_tsv(samples)), DataError);
    EXPECT_THROW(static_cast<void>(parse_saturation("255=")), DataError);
    EXPECT_THROW(static_cast<void>(parse_saturation("x=1")), DataError);
}

TEST(Manifest, RefusesTabsAndLineBreaksInNames) {
    for (const std::string name : {"a\tb.png", "a\nb.png", "a\rb.png"}) {
        auto samples = two_samples();
        samples[0].image = name;
        const auto message = message_of<DataError>([&] { static_cast<void>(to_tsv(samples)); });
        EXPECT_NE(message.find("'" + name + "'"), std::string::npos) << message;
        EXPECT_NE(message.find("rename"), std::string::npos) << message;
    }
}

TEST(Manifest, RefusesATextThatWasCutShort) {
    const auto text = to_tsv(two_samples());
    for (std::size_t size = 0; size < text.size(); ++size) {
        // Cut behind a line it is a shorter manifest, and no reader can tell.
        if (size > 0 && text[size - 1] == '\n') { continue; }
        EXPECT_THROW(static_cast<void>(samples_from_tsv(text.substr(0, size))), DataError) << size;
    }
}

TEST(Manifest, NamesTheLineThatIsWrong) {
    const auto header = to_tsv({});
    const auto error_in = [&](const std::string& line) {
        return message_of<DataError>([&] { static_cast<void>(samples_from_tsv(header + line)); });
    };
    EXPECT_NE(error_in("a\tb\n").find("line 2"), std::string::npos);
    EXPECT_NE(error_in("i\td\tc\ts\tt\t2\tx\t\t\t\t\n").find("label '2'"), std::string::npos);
    EXPECT_NE(error_in("i\td\tc\ts\tt\t1\tx\t\t0\t9x\t\n").find("'9x'"), std::string::npos);
    EXPECT_NE(error_in("i\td\tc\ts\tt\t1\tx\t\t0\t\t\n").find("''"), std::string::npos);
}

TEST(Manifest, RefusesWhatItWouldNotWrite) {
    const auto header = to_tsv({});
    const auto line = std::string("i\td\tc\ts\tt\t1\tx\t\t\t\t");
    const auto error_in = [&](const std::string& column, const std::string& value) {
        const auto text =
            header.substr(0, header.size() - 1) + "\t" + column + "\n" + line + "\t" + value + "\n";
        return message_of<DataError>([&] { static_cast<void>(samples_from_tsv(text)); });
    };
    EXPECT_NE(error_in("more_masks", "/a||/b").find("a mask has no name"), std::string::npos);
    EXPECT_NE(error_in("unseen", "yes").find("'yes'"), std::string::npos);
    EXPECT_NE(error_in("saturation", "1=nan").find("1=nan"), std::string::npos);
    const auto from_windows = header + line + "\r\n";
    EXPECT_NE(message_of<DataError>([&] {
                  static_cast<void>(samples_from_tsv(from_windows));
              }).find("carriage return"),
              std::string::npos);
}

}  // namespace
}  // namespace patchead

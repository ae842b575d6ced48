#include "patchead/data/map_file.hpp"

#include <array>
#include <limits>

#include <opencv2/imgcodecs.hpp>

#include "fixtures.hpp"
#include "patchead/core/npy.hpp"

namespace patchead {
namespace {

class MapFileTest : public FolderTest {
  protected:
    [[nodiscard]] FloatMap read(const std::string& name, std::string_view bytes) const {
        write_bytes(folder_ / name, bytes);
        return read_map(folder_ / name);
    }
    void expect_refused(const std::string& name, std::string_view bytes,
                        const std::vector<std::string>& parts) const {
        const auto message = message_of<DataError>([&] { static_cast<void>(read(name, bytes)); });
        EXPECT_NE(message.find(name), std::string::npos) << message;
        for (const auto& part : parts) {
            EXPECT_NE(message.find(part), std::string::npos) << message;
        }
    }
    static std::string array(const std::vector<std::int64_t>& shape) {
        std::vector<float> values(static_cast<std::size_t>(*npy_count(shape)));
        for (std::size_t i = 0; i < values.size(); ++i) { values[i] = static_cast<float>(i); }
        return npy_text(values, shape);
    }
    static std::string picture(const std::string& ending, const cv::Mat& pixels) {
        std::vector<std::uint8_t> bytes;
        EXPECT_TRUE(cv::imencode(ending, pixels, bytes));
        return {bytes.begin(), bytes.end()};
    }
};

const std::vector<float> kSix{0, 1, 2, 3, 4, 5};

TEST_F(MapFileTest, IsKnownByItsName) {
    for (const auto* name : {"a.npy", "a.NPZ", "b/c.tif", "a.tiff", "a.PNG", "a.b.npy"}) {
        EXPECT_TRUE(is_map_name(name)) << name;
    }
    for (const auto* name : {"a.jpg", "a", "npy", "a.npy.tmp"}) {
        EXPECT_FALSE(is_map_name(name)) << name;
    }
    EXPECT_TRUE(is_other_map_name("a.JPG"));
    EXPECT_FALSE(is_other_map_name("a.txt"));
}

TEST_F(MapFileTest, HasTheNumbersOfAnArray) {
    for (const auto& shape : std::vector<std::vector<std::int64_t>>{
             {2, 3}, {1, 2, 3}, {2, 3, 1}, {1, 1, 2, 3}, {1, 2, 3, 1}}) {
        const auto map = read("a.npy", array(shape));
        EXPECT_EQ(map.size, (MapSize{2, 3}));
        EXPECT_EQ(map.values, kSix);
    }
    EXPECT_EQ(read("a.npy", array({1, 6})).size, (MapSize{1, 6}));
    auto by_columns = array({3, 2});
    by_columns.replace(by_columns.find("False"), 5, "True ");
    by_columns.erase(by_columns.find("True ") + 4, 1);
    by_columns.insert(by_columns.find('\n'), 1, ' ');
    EXPECT_EQ(read("a.npy", by_columns).values, (std::vector<float>{0, 3, 1, 4, 2, 5}));
}

TEST_F(MapFileTest, HasTheNumbersOfAPicture) {
    const cv::Mat real(2, 3, CV_32F, const_cast<float*>(kSix.data()));
    cv::Mat whole;
    real.convertTo(whole, CV_16U, 1000);
    EXPECT_EQ(read("a.tiff", picture(".tiff", real)).values, kSix);
    const auto map = read("a.png", picture(".png", whole));
    EXPECT_EQ(map.size, (MapSize{2, 3}));
    EXPECT_EQ(map.values.back(), 5000);
}

TEST_F(MapFileTest, ThatIsNoneIsRefused) {
    const cv::Mat colours(2, 3, CV_16UC3, cv::Scalar(1, 2, 3));
    cv::Mat bytes(2, 3, CV_8U, cv::Scalar(1));
    expect_refused("a.png", picture(".png", colours), {"3 channels", "picture"});
    expect_refused("a.png", picture(".png", bytes), {"8 bits a pixel", "float32"});
    expect_refused("a.tif", picture(".jpg", bytes), {"is a JPEG"});
    expect_refused("a.npy", array({3, 2, 3}), {"three channels"});
    expect_refused("a.npy", array({4, 2, 2}), {"several maps", "4 x 2 x 2"});
    expect_refused("a.npy", array({2, 3}).substr(0, 140), {"12 bytes follow", "24"});
    expect_refused("a.npz", array({2, 3}), {"is damaged", "zip directory"});
    expect_refused("a.npy", "", {"no bytes"});
    EXPECT_THROW(static_cast<void>(read_map(folder_ / "none.npy")), UnreadableError);
}

TEST_F(MapFileTest, WithAValueThatIsNotFiniteIsRefused) {
    std::vector<float> values(6, 1);
    values[4] = std::numeric_limits<float>::quiet_NaN();
    values[5] = std::numeric_limits<float>::infinity();
    const auto bytes = npy_text(values, std::array<std::int64_t, 2>{2, 3});
    expect_refused("a.npy", bytes, {"NaN", "row 1, column 1", "2 such values"});
}

}  // namespace
}  // namespace patchead

#include <sstream>

#include <gtest/gtest.h>

#include "patchead/core/error.hpp"
#include "patchead/report/tables.hpp"
#include "samples.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

/// The number of a table of one row and column.
std::string shown(double mean, double std = 0, int seeds = 1) {
    Table table{"t", "c", {"r"}, {"M"}, {{{"x"}, {{mean, std, seeds, 1, ""}}}}, {}};
    std::istringstream lines(to_markdown(table));
    std::string line;
    for (int i = 0; i < 5; ++i) { std::getline(lines, line); }
    const auto bar = line.rfind('|');
    const auto start = line.find_last_of('|', bar - 1) + 1;
    const auto first = line.find_first_not_of(' ', start);
    return line.substr(first, line.find_last_not_of(' ', bar - 1) + 1 - first);
}

TEST(Percent, HasOneDecimal) {
    EXPECT_EQ(shown(0), "0.0");
    EXPECT_EQ(shown(1), "100.0");
    EXPECT_EQ(shown(0.5), "50.0");
    EXPECT_EQ(shown(0.0004), "0.0");
    EXPECT_EQ(shown(0.0626), "6.3");
    EXPECT_EQ(shown(0.99949), "99.9");
    EXPECT_EQ(shown(1e-300), "0.0");
}

// These are ties in binary too: 62.5 and 187.5 thousandths.
TEST(Percent, RoundsTiesToEven) {
    EXPECT_EQ(shown(0.0625), "6.2");
    EXPECT_EQ(shown(0.1875), "18.8");
}

// The doubles are 0.82050000000000000711, 0.00150000000000000003, 0.23449999999999998623 and
// 0.99950000000000005507. Multiplied by 100 first, two of them would land on the other side.
TEST(Percent, RoundsTheExactValueOfTheDouble) {
    EXPECT_EQ(shown(0.8205), "82.1");
    EXPECT_EQ(shown(0.0015), "0.2");
    EXPECT_EQ(shown(0.2345), "23.4");
    EXPECT_EQ(shown(0.9995), "100.0");
}

TEST(Percent, HasASpreadFromTwoSeedsOn) {
    EXPECT_EQ(shown(0.5, 0, 1), "50.0");
    EXPECT_EQ(shown(0.5, 0, 2), "50.0 ± 0.0");
    EXPECT_EQ(shown(0.5, 0.125, 3), "50.0 ± 12.5");
}

Results few_and_zero_shot() {
    auto results = results_of({measured("ant", 0, 0.5), measured("bee", 0, 1),
                               measured("ant", 1, 0.25), measured("bee", 1, 0.5)});
    for (std::int64_t seed = 0; seed < 2; ++seed) {
        auto zero = measured("ant", seed, kNan, "no anomaly");
        zero.setting = "batch-zero-shot";
        zero.shots = 0;
        results.rows.push_back(zero);
        auto gap = zero;
        gap.category = "bee";
        gap.metrics.clear();
        results.missing.push_back({gap, "cannot read 'a|b.png'\n(cut short)"});
    }
    return results;
}

TEST(Markdown, IsAlignedAndReadable) {
    EXPECT_EQ(to_markdown(make_tables(few_and_zero_shot()).at(1)),
              R"(**d: each category, and their unweighted mean, in percent**

backbone net, image_size 224, modules none

| setting         | shots | category | seeds |           M |
|-----------------|-------|----------|-------|------------:|
| batch-zero-shot | 0     | ant      | 0     |       – [1] |
| batch-zero-shot | 0     | bee      | 0     |       – [2] |
| batch-zero-shot | 0     | Average  | 0     |       – [3] |
| few-shot        | 1     | ant      | 2     | 37.5 ± 12.5 |
| few-shot        | 1     | bee      | 2     | 75.0 ± 25.0 |
| few-shot        | 1     | Average  | 2     | 56.2 ± 18.8 |

[1] undefined: no anomaly

[2] missing: cannot read 'a\|b.png' (cut short)

[3] undefined: no anomaly (ant); missing: cannot read 'a\|b.png' (cut short) (bee)

Means over the seeds ± population standard deviation over them; a value without ± comes from one seed.

A mean leaves out undefined values, and every seed in which a category is missing.

Transductive: scores of batch-zero-shot rows depend on the other test images of their batch.
)");
}

TEST(Markdown, OfOneRowKeepsItsColumns) {
    const auto text = to_markdown(make_tables(results_of({measured("a", 0, 0.5)})).at(0));
    EXPECT_NE(text.find("| backbone | image_size | setting  | shots | modules | seeds |    M |\n"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("| net      | 224        | few-shot | 1     | none    | 1     | 50.0 |\n"),
              std::string::npos)
        << text;
}

TEST(Markdown, NumbersEqualNotesOnce) {
    auto results = results_of({});
    results.metric_names = {"M", "N"};
    results.missing = {{point("a", 0), "lost"}};
    const auto text = to_markdown(make_tables(results).at(0));
    EXPECT_NE(text.find("| – [1] | – [1] |"), std::string::npos) << text;
    EXPECT_EQ(text.find("[2]"), std::string::npos) << text;
}

TEST(Markdown, EscapesWhatWouldEndACell) {
    const Table table{"t", "c", {"r"}, {"M"}, {{{"a|b\nc"}, {{0.5, 0, 1, 1, ""}}}}, {}};
    EXPECT_NE(to_markdown(table).find("| a\\|b c | "), std::string::npos) << to_markdown(table);
}

TEST(TableCsv, HasFullPrecisionAndNanWhereMissing) {
    auto results = few_and_zero_shot();
    results.rows[0].metrics[0].value = 1.0 / 3;
    EXPECT_EQ(to_csv(make_tables(results).at(1)),
              "backbone,image_size,setting,shots,modules,category,M,M_std,seeds\n"
              "net,224,batch-zero-shot,0,none,ant,nan,nan,0\n"
              "net,224,batch-zero-shot,0,none,bee,nan,nan,0\n"
              "net,224,batch-zero-shot,0,none,Average,nan,nan,0\n"
              "net,224,few-shot,1,none,ant,0.29166666666666663,0.04166666666666666,2\n"
              "net,224,few-shot,1,none,bee,0.75,0.25,2\n"
              "net,224,few-shot,1,none,Average,0.5208333333333333,0.14583333333333331,2\n");
}

TEST(TableCsv, QuotesNamesWithCommas) {
    const Table table{"t", "c", {"r"}, {"M"}, {{{"a,\"b\""}, {{0.5, 0, 1, 1, ""}}}}, {}};
    EXPECT_EQ(to_csv(table), "r,M,M_std,seeds\n\"a,\"\"b\"\"\",0.5,0,1\n");
}

TEST(TableJson, HasNullWhereMissingAndKeepsTheOrder) {
    const Table table{"t",
                      "c",
                      {"r"},
                      {"N", "M"},
                      {{{"x"}, {{1.0 / 3, 0.125, 2, 4, ""}, {{}, 0, 0, 0, "lost"}}}},
                      {"note"}};
    EXPECT_EQ(to_json(table), R"({
  "name": "t",
  "caption": "c",
  "row_columns": [
    "r"
  ],
  "value_columns": [
    "N",
    "M"
  ],
  "rows": [
    {
      "r": "x",
      "values": {
        "N": {
          "mean": 0.3333333333333333,
          "std": 0.125,
          "seeds": 2,
          "categories": 4
        },
        "M": {
          "mean": null,
          "std": null,
          "seeds": 0,
          "categories": 0,
          "note": "lost"
        }
      }
    }
  ],
  "footnotes": [
    "note"
  ]
}
)");
}

TEST(TableJson, IsValidForFolderNamesThatAreNoUtf8) {
    const Table table{"t", "c", {"r"}, {}, {{{"a\xff"}, {}}}, {}};
    EXPECT_NE(to_json(table).find("\"a\xEF\xBF\xBD\""), std::string::npos) << to_json(table);
}

TEST(WriteTables, WritesFourFilesEachAndNothingElse) {
    const TemporaryFolder folder;
    const auto tables = make_tables(few_and_zero_shot());
    write_tables(folder.path() / "tables", tables);
    EXPECT_EQ(folder.files(), 8);
    for (const auto& table : tables) {
        const auto stem = folder.path() / "tables" / table.name;
        EXPECT_EQ(bytes_of(stem.string() + ".md"), to_markdown(table));
        EXPECT_EQ(bytes_of(stem.string() + ".tex"), to_latex(table));
        EXPECT_EQ(bytes_of(stem.string() + ".csv"), to_csv(table));
        EXPECT_EQ(bytes_of(stem.string() + ".json"), to_json(table));
    }
}

TEST(WriteTables, NamesTheFolderThatCannotBeMade) {
    const TemporaryFolder folder;
    const auto taken = folder.path() / "tables";
    put_bytes(taken, "a file");
    try {
        write_tables(taken, make_tables(few_and_zero_shot()));
        FAIL() << "wrote into a file";
    } catch (const CacheError& error) {
        EXPECT_NE(std::string(error.what()).find(taken.string()), std::string::npos);
    }
    EXPECT_EQ(bytes_of(taken), "a file");
}

}  // namespace
}  // namespace patchead

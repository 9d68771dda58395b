// What people see, as whole pages: NAME.json is what the daemon says, NAME.txt what is shown at
// 2026-11-22T12:10:00Z. A new page is written by hand, or looked at before it is kept.
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "daemon/ctl/event_line.hpp"
#include "daemon/ctl/job_view.hpp"
#include "daemon/ctl/status_view.hpp"

namespace sim52xx::ctl {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const WallTime golden_time = *parse_time("2026-11-22T12:10:00Z");

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(fs::path(SIM52XX_GOLDEN) / folder))
    if (entry.path().extension() == ".json")
      names.push_back(folder + "/" + entry.path().stem().string());
  return names;
}

std::string shown(const std::string& name, const json& value) {
  const Style plain;
  if (name.starts_with("status/")) return status_view(value, plain, golden_time);
  if (name.starts_with("job/")) return job_view(value, plain, golden_time);
  std::string lines;
  for (const json& event : value)
    lines += event_line(event, plain, golden_time) + "\n";
  return lines;
}

class Golden : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    ::setenv("TZ", "UTC0", 1);
    ::tzset();
  }
};

TEST_P(Golden, LooksAsItDid) {
  const fs::path base = fs::path(SIM52XX_GOLDEN) / GetParam();
  const json value = json::parse(content(base.string() + ".json"), nullptr, false, true);
  ASSERT_FALSE(value.is_discarded());
  EXPECT_EQ(shown(GetParam(), value), content(base.string() + ".txt"));
}

std::string name_of(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  for (char& c : name)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Status, Golden, testing::ValuesIn(names_in("status")), name_of);
INSTANTIATE_TEST_SUITE_P(Job, Golden, testing::ValuesIn(names_in("job")), name_of);
INSTANTIATE_TEST_SUITE_P(Events, Golden, testing::ValuesIn(names_in("events")), name_of);

TEST(StatusView, ColoursStandForTheState) {
  const json status = {{"state", "modem_absent"}};
  EXPECT_NE(status_view(status, Style(true), golden_time).find("\x1b[31mmodem_absent\x1b[0m"),
            std::string::npos);
  EXPECT_EQ(status_view(status, Style(), golden_time).find('\x1b'), std::string::npos);
}

TEST(StatusView, OddAnswersAreNoReasonToCrash) {
  for (const char* odd : {"null", "7", "[]", R"({"modem": [], "sessions": {}, "jobs": 7})",
                          R"({"sessions": [null, 7, {"client": "x", "target": 1, "up": -1}]})",
                          R"({"arbiter": {"stack": {}, "waiters": [null, {"waiting_for": 1}]}})"})
    EXPECT_NO_THROW(status_view(json::parse(odd), Style(), golden_time)) << odd;
}

}  // namespace
}  // namespace sim52xx::ctl

// sim52xxctl doctor as whole pages: doctor/healthy.json has the facts of a machine on which all is
// well, doctor/NAME.json what is different (a merge patch, RFC 7386), doctor/NAME.txt what is shown.
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "daemon/ctl/doctor/check.hpp"
#include "daemon/ctl/doctor/modem_clock.hpp"
#include "daemon/ctl/doctor/report.hpp"

namespace sim52xx::ctl::doctor {
namespace {

namespace fs = std::filesystem;

const fs::path folder = fs::path(SIM52XX_GOLDEN) / "doctor";

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

json facts_of(const std::string& name) {
  json facts = json::parse(content(folder / "healthy.json"), nullptr, true, true);
  if (name != "healthy")
    facts.merge_patch(json::parse(content(folder / (name + ".json")), nullptr, true, true));
  return facts;
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".json") all.push_back(entry.path().stem().string());
  return all;
}

class Doctor : public testing::TestWithParam<std::string> {};

TEST_P(Doctor, SaysWhatItSaid) {
  const auto answers = examine(facts_of(GetParam()));
  const std::string found = summary(answers);
  const std::string last = found.empty() ? "all is well" : found;
  EXPECT_EQ(page(answers, Style()) + last + "\n", content(folder / (GetParam() + ".txt")));
}

// Whoever has a problem is told what to do about it, and whoever has none is not.
TEST_P(Doctor, ProblemsHaveRemedies) {
  for (const Answer& answer : examine(facts_of(GetParam()))) {
    const Grade grade = answer.verdict.grade;
    const bool wrong = grade == Grade::problem || grade == Grade::warning;
    EXPECT_EQ(wrong, !answer.verdict.remedies.empty()) << answer.name;
    EXPECT_FALSE(answer.verdict.finding.empty()) << answer.name;
  }
}

std::string name_of(const testing::TestParamInfo<std::string>& page) {
  return page.param;
}

INSTANTIATE_TEST_SUITE_P(Pages, Doctor, testing::ValuesIn(names()), name_of);

TEST(DoctorTable, ACheckNeedsOnlyWhatWasAskedBefore) {
  std::set<std::string_view> asked;
  for (const Check& check : checks()) {
    EXPECT_TRUE(check.needs.empty() || asked.contains(check.needs)) << check.name;
    EXPECT_NE(check.look == nullptr, check.look_at == nullptr) << check.name;
    EXPECT_TRUE(asked.insert(check.name).second) << check.name;
  }
}

TEST(DoctorReport, TellsInJson) {
  const json told = report(examine(facts_of("sim_pin")));
  EXPECT_EQ(told["healthy"], false);
  for (const json& check : told["checks"]) {
    if (check["name"] != "sim") continue;
    EXPECT_EQ(check["verdict"], "problem");
    EXPECT_EQ(check["question"], "Can the SIM be used?");
  }
}

TEST(DoctorReport, OddFactsAreNoReasonToCrash) {
  for (const char* odd :
       {"null", "{}", "[]", R"({"status": {"modem": [], "sessions": [null, 7, {}]}})",
        R"({"device": {"exists": true, "holders": [null, 1], "mode": "x"}, "daemon": 7})",
        R"({"daemon": {"advice": [1, null]}, "configuration": {"ok": false, "messages": 3}})",
        R"({"status": {"modem": {"last_error": 7}}, "tries": [5, {"outcome": "failed"}]})"})
    EXPECT_FALSE(examine(json::parse(odd)).empty()) << odd;
}

TEST(DoctorReport, WordsOfTheModemDoNotReachTheTerminalAsCommands) {
  json facts = facts_of("healthy");
  facts["status"]["modem"]["operator"] = "\x1b[2J";
  EXPECT_EQ(page(examine(facts), Style()).find('\x1b'), std::string::npos);
}

TEST(ModemClock, IsReadWithItsZone) {
  const WallTime noon = *parse_time("2026-11-22T12:00:00Z");
  EXPECT_EQ(modem_clock(R"(+CCLK: "26/11/22,12:00:00+00")"), noon);
  EXPECT_EQ(modem_clock("26/11/22,14:00:00+08"), noon);
  EXPECT_EQ(modem_clock("26/11/22,07:00:00-20"), noon);
  EXPECT_EQ(modem_clock("80/01/06,00:00:10"), *parse_time("1980-01-06T00:00:10Z"));
  EXPECT_FALSE(modem_clock(""));
  EXPECT_FALSE(modem_clock("no clock"));
  EXPECT_FALSE(modem_clock("26/13/01,00:00:00"));
  EXPECT_EQ(clock_command(noon), R"(AT+CCLK="26/11/22,12:00:00+00")");
}

}  // namespace
}  // namespace sim52xx::ctl::doctor

#include "daemon/system/options.hpp"

#include <vector>

#include <stdlib.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/system/version.hpp"

namespace sim52xx::daemon {
namespace {

using testing::HasSubstr;
using Parsed = std::variant<Options, ExitCode>;

Parsed parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "sim52xxd");
  return parse_options(static_cast<int>(arguments.size()), arguments.data());
}

TEST(Options, Defaults) {
  ::unsetenv("RUNTIME_DIRECTORY");
  const Parsed parsed = parse({});
  const auto* options = std::get_if<Options>(&parsed);
  ASSERT_NE(options, nullptr);
  EXPECT_EQ(options->config, "/etc/sim52xx/sim52xxd.toml");
  EXPECT_EQ(options->runtime_dir, "/run/sim52xx");
  EXPECT_EQ(options->action, Options::Action::run);
  EXPECT_FALSE(options->foreground);
  EXPECT_EQ(options->log_level, spdlog::level::info);
}

TEST(Options, RuntimeDirectoryOfSystemd) {
  ::setenv("RUNTIME_DIRECTORY", "/run/a:/run/b", 1);
  const Parsed from_systemd = parse({});
  const Parsed given = parse({"--runtime-dir", "/x"});
  ::unsetenv("RUNTIME_DIRECTORY");
  EXPECT_EQ(std::get<Options>(from_systemd).runtime_dir, "/run/a");
  EXPECT_EQ(std::get<Options>(given).runtime_dir, "/x");
}

TEST(Options, All) {
  const Parsed parsed =
      parse({"--config=/c", "--foreground", "--log-level", "debug", "--print-config"});
  const auto& options = std::get<Options>(parsed);
  EXPECT_EQ(options.config, "/c");
  EXPECT_TRUE(options.foreground);
  EXPECT_EQ(options.log_level, spdlog::level::debug);
  EXPECT_EQ(options.action, Options::Action::print_config);
  EXPECT_EQ(std::get<Options>(parse({"--check-config"})).action, Options::Action::check_config);
}

TEST(Options, TextsGoToStandardOutput) {
  testing::internal::CaptureStdout();
  EXPECT_EQ(std::get<ExitCode>(parse({"--version"})), ExitCode::ok);
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "sim52xxd " + std::string(version) + "\n");
  testing::internal::CaptureStdout();
  EXPECT_EQ(std::get<ExitCode>(parse({"--help"})), ExitCode::ok);
  EXPECT_THAT(testing::internal::GetCapturedStdout(), HasSubstr("--runtime-dir DIR"));
}

TEST(Options, MistakesAreUsageErrors) {
  for (const std::vector<const char*>& arguments :
       std::vector<std::vector<const char*>>{{"--nonsense"},
                                             {"--config"},
                                             {"--log-level", "loud"},
                                             {"extra"},
                                             {"--check-config", "--print-config"}}) {
    testing::internal::CaptureStderr();
    EXPECT_EQ(std::get<ExitCode>(parse(arguments)), ExitCode::usage) << arguments[0];
    EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("--help")) << arguments[0];
  }
}

}  // namespace
}  // namespace sim52xx::daemon

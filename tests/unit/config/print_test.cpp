#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/config/reader.hpp"

namespace sim52xx::daemon::config {
namespace {

using testing::HasSubstr;

void expect_round_trip(const std::vector<Source>& sources) {
  const Loaded first = load(sources);
  ASSERT_THAT(first.problems, testing::IsEmpty());
  const std::string printed = print_config(first.config, first.settings);
  const Loaded second = load({Source{"printed", printed}});
  EXPECT_THAT(second.problems, testing::IsEmpty()) << printed;
  EXPECT_EQ(second.config, first.config) << printed;
}

TEST(PrintConfig, DefaultsReadBack) {
  expect_round_trip({Source{"a", ""}});
}

TEST(PrintConfig, EveryKindReadsBack) {
  expect_round_trip({Source{"a", R"([modem]
apn = 'back\slash'
pin_file = "/tab\there/\u00e9"
urc_port = 0
reset_command = "echo \"x\" '\\'"
[ssl0]
host = "a.example.com"
transparent = "always"
accept_alerts = ["bad-issuer", "unrecognized-name"]
half_close_timeout = 0.125
idle_timeout = 31536000
[ssl1]
host = "::1"
[endpoint.x]
host = "x"
session = 0
[endpoint.1-2_3]
host = "y"
[timeouts]
connect = 1
[timeouts.ssl]
connect = 0.1
[control]
spool_limit = 1099511627776
)"}});
}

TEST(PrintConfig, SaysWhereEachValueIsFrom) {
  const Loaded loaded =
      load({Source{"/etc/main.toml", "[modem]\napn = \"a\"\nbaud = 9600\n[timeouts]\nstop = 5"},
            Source{"/etc/conf.d/10\n.toml", "\n\n[modem]\nbaud = 300"}});
  const std::string printed = print_config(loaded.config, loaded.settings);
  EXPECT_THAT(printed, HasSubstr("\napn = \"a\"  # /etc/main.toml:2\n"));
  EXPECT_THAT(printed, HasSubstr("\nbaud = 300  # /etc/conf.d/10\\n.toml:4\n"));
  EXPECT_THAT(printed, HasSubstr("\nprofile = \"sim52xx\"  # default\n"));
  EXPECT_THAT(printed, HasSubstr("\n#apn_user =  # not set (default)\n"));
  EXPECT_THAT(printed, HasSubstr("\n[timeouts.ftps]  # timers of the FTPS stack\n"
                                 "connect = 120  # as in [timeouts]\n"));
}

}  // namespace
}  // namespace sim52xx::daemon::config

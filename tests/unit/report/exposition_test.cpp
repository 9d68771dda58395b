#include "daemon/report/exposition.hpp"

#include <gtest/gtest.h>

namespace sim52xx::daemon {
namespace {

// As https://prometheus.io/docs/instrumenting/exposition_formats/ has it.
TEST(Exposition, WritesMetricsAndSamples) {
  Exposition out;
  out.metric("a_total", "counter", "What it\nis \\ for")
      .sample(3)
      .sample(4294967296.0 * 1000, {{"name", "x\"y\\z\n"}, {"way", "up"}});
  out.metric("b", "gauge", "B").sample(-0.5);
  EXPECT_EQ(out.text(),
            "# HELP a_total What it\\nis \\\\ for\n"
            "# TYPE a_total counter\n"
            "a_total 3\n"
            "a_total{name=\"x\\\"y\\\\z\\n\",way=\"up\"} 4294967296000\n"
            "# HELP b B\n"
            "# TYPE b gauge\n"
            "b -0.5\n");
}

}  // namespace
}  // namespace sim52xx::daemon

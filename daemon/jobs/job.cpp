#include "daemon/jobs/job.hpp"

#include <array>

namespace sim52xx::daemon {
namespace {

constexpr std::array<std::string_view, 9> names{"queued",  "acquiring", "connecting",
                                                "sending", "receiving", "closing",
                                                "done",    "failed",    "cancelled"};

}  // namespace

std::string_view name(JobState state) {
  return names.at(static_cast<std::size_t>(state));
}

std::optional<JobState> find_job_state(std::string_view name) {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == name) return static_cast<JobState>(i);
  return std::nullopt;
}

}  // namespace sim52xx::daemon

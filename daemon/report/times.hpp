// Times as the control protocol has them: RFC 3339, UTC, milliseconds.
#pragma once

#include <chrono>
#include <string>

namespace sim52xx::daemon {

using WallTime = std::chrono::system_clock::time_point;

// "2026-07-01T12:00:00.250Z"
std::string rfc3339(WallTime time);

// When that moment of the monotonic clock was, on the wall: only differences are known.
WallTime wall_time(std::chrono::steady_clock::time_point time,
                   std::chrono::steady_clock::time_point now);

}  // namespace sim52xx::daemon

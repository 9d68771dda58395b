// Bodies as requests name them: inside the JSON, as a descriptor that was passed with the line, or,
// for an answer, by naming none, which spools it.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "daemon/body/body.hpp"
#include "daemon/body/spool.hpp"
#include "daemon/control/call_params.hpp"
#include "daemon/control/methods.hpp"
#include "daemon/jobs/job_record.hpp"

namespace sim52xx::daemon::control {

// Of a body inside of JSON, as it is encoded there.
inline constexpr std::size_t inline_limit = std::size_t{256} * 1024;

// The bodies of one request.
class CallBodies {
 public:
  CallBodies(Runtime& runtime, SpoolSpace& space, std::vector<Fd> fds)
      : runtime_(runtime), space_(space), fds_(std::move(fds)) {}

  // From body, body_base64 or body_fd; nullptr where none of them is given.
  Result<std::unique_ptr<Source>> source(const CallParams& params);
  // To response_fd, or to a spool that belongs to `place` of the result.
  Result<std::unique_ptr<Sink>> sink(const CallParams& params, const std::string& place);

  // The spools that were made.
  [[nodiscard]] std::vector<JobBody> take_spools() { return std::move(spools_); }
  // Bytes of bodies that are in memory.
  [[nodiscard]] std::size_t memory() const { return memory_; }

 private:
  Result<Fd> take(const CallParams& params, std::string_view name);

  Runtime& runtime_;
  SpoolSpace& space_;
  std::vector<Fd> fds_;
  std::vector<JobBody> spools_;
  std::size_t memory_ = 0;
};

// Puts the bodies that were spooled for a job into its result, as far as they fit: as `body` where
// they are text, else as `body_base64`.
void put_bodies(json& result, const std::vector<JobBody>& bodies);

}  // namespace sim52xx::daemon::control

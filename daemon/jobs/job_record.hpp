// What the daemon keeps of a job: small while it is queued, and after it is over; the job itself
// is there until then.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "daemon/async/event.hpp"
#include "daemon/body/spool.hpp"
#include "daemon/jobs/job.hpp"

namespace sim52xx::daemon {

struct JobOwner {
  uid_t uid = 0;
  pid_t pid = 0;
};

// Where a body that nobody passed a descriptor for is kept, and to which object of the result it
// belongs: "" or "/steps/2" (RFC 6901).
struct JobBody {
  std::string place;
  std::shared_ptr<Spool> spool;
};

// What was asked for, apart from the job itself.
struct JobOrder {
  std::string kind;  // "https", "ftps"
  JobOwner owner;
  std::string client_ref;         // may be empty
  std::uint64_t fingerprint = 0;  // of the parameters
  std::optional<Duration> timeout;
  bool detached = false;
  std::size_t memory = 0;  // of bodies that came with the request
};

class JobRecord {
 public:
  JobRecord(Runtime& runtime, std::uint64_t n, JobOrder o)
      : number(n), id(std::to_string(n)), order(std::move(o)), changed(runtime) {}

  [[nodiscard]] bool over() const { return job == nullptr; }
  // Over, or told to stop: what it comes to is known, though the modem may still be unwound.
  [[nodiscard]] bool decided() const { return over() || job->stopped().has_value(); }
  [[nodiscard]] JobState state() const {
    if (over()) return end;
    return job->stopped() ? JobState::closing : job->state;
  }
  // Why it failed, or is about to.
  [[nodiscard]] const std::optional<Error>& failure() const {
    return over() ? error : job->stopped();
  }
  [[nodiscard]] const Progress& current_progress() const {
    return over() ? progress : job->progress;
  }

  const std::uint64_t number;
  const std::string id;
  JobOrder order;
  Event changed;  // its state, or who is attached

  std::unique_ptr<Job> job;  // until it is over
  std::vector<JobBody> bodies;
  std::chrono::system_clock::time_point created = std::chrono::system_clock::now();
  std::optional<std::chrono::system_clock::time_point> started;
  Time accepted{};
  std::unique_ptr<Timer> timer;  // of its timeout
  std::size_t attached = 0;      // connections that wait for its answer

  // Of one that is over:
  JobState end = JobState::failed;
  std::chrono::system_clock::time_point finished;
  Time over_since{};
  Progress progress;
  // JSON text, for a tree would take many times as much; where it failed: as far as it had come.
  std::string result;
  std::optional<Error> error;
  bool delivered = false;  // somebody has been told
  std::size_t kept = 0;    // bytes of memory that it takes
};

using JobPtr = std::shared_ptr<JobRecord>;

}  // namespace sim52xx::daemon

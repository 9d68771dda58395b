// The reader or the writer of a job's own body must not keep the modem from others: where it does
// nothing for a time while somebody waits for what the job holds, the job ends and says for whom.
// Where nobody waits, it may take as long as it likes.
#pragma once

#include <chrono>
#include <memory>
#include <string_view>

#include "daemon/arbiter/arbiter.hpp"
#include "daemon/async/timers.hpp"
#include "daemon/body/body.hpp"

namespace sim52xx::daemon {

class Job;

class BodyStall {
 public:
  static constexpr std::chrono::seconds longest{30};

  // `job` owns this.
  BodyStall(Runtime& runtime, const Arbiter& arbiter, Job& job);

  // The same body, whose waits count from now on; none stays none.
  std::unique_ptr<Source> watch(std::unique_ptr<Source> body);
  std::unique_ptr<Sink> watch(std::unique_ptr<Sink> body);

 private:
  class Waiting;
  class WatchedSource;
  class WatchedSink;

  void look();

  Runtime& runtime_;
  const Arbiter& arbiter_;
  Job& job_;
  std::string_view what_;
  Timer timer_;
};

}  // namespace sim52xx::daemon

// One HTTPS or FTPS job: what the world may know of it, and how it is told to stop. What it does is
// in the classes derived from it (https_job.hpp, ftps_job.hpp); who keeps it and starts it is in
// job_list.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <nlohmann/json.hpp>

#include "daemon/arbiter/arbiter.hpp"
#include "daemon/async/event.hpp"
#include "protocol/outcome.hpp"

namespace sim52xx::daemon {

enum class JobState : std::uint8_t {
  queued,
  acquiring,
  connecting,
  sending,
  receiving,
  closing,
  done,
  failed,
  cancelled,
};

std::string_view name(JobState state);
// nullopt for a word that is none of them.
std::optional<JobState> find_job_state(std::string_view name);

struct Progress {
  std::string stage;  // finer than the state: "redirect 1", "step 2 of 3: put"; may be empty
  std::uint64_t up = 0;
  std::uint64_t down = 0;
  std::optional<std::uint64_t> total;  // of the direction that counts, where it is known
};

class Job : public ArbiterUser {
 public:
  Job(Runtime& runtime, std::string id, Want needs)
      : ArbiterUser("job " + id, needs), changed(runtime), job_id(std::move(id)) {}

  // Does the work, once, and answers the `result` of the job object, or why there is none. After
  // stop() it unwinds the modem (a sent command is never abandoned: connections are closed, logged
  // out) and returns the error it was stopped with; that can take the note's timers.
  virtual asio::awaitable<Result<nlohmann::json>> run() = 0;

  // Asks it to end with `why`: cancelled, timeout, interrupted. The first reason stays.
  void stop(Error why) {
    if (stop_) return;
    stop_ = std::move(why);
    on_stop();
    changed.notify();
  }
  [[nodiscard]] const std::optional<Error>& stopped() const { return stop_; }

  // By run() as it goes on: acquiring, connecting, sending, receiving, closing.
  void set_state(JobState next) {
    if (state == next) return;
    state = next;
    changed.notify();
  }

  void evict(const std::string& why) override {
    stop(Error(ErrorKind::interrupted, "session", why));
  }
  [[nodiscard]] bool gone() const override { return stop_.has_value(); }
  [[nodiscard]] bool may_preempt() const override { return true; }

  Event changed;  // state, progress, or stop() was called
  const std::string job_id;
  JobState state = JobState::queued;
  Progress progress;
  // The result as far as it has come, for a job that fails half-way; null: nothing to show.
  nlohmann::json partial;

 protected:
  // stop() was called: wake whatever this job waits for (its bodies, the arbiter).
  virtual void on_stop() {}

 private:
  std::optional<Error> stop_;
};

}  // namespace sim52xx::daemon

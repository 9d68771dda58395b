// All jobs: numbers them, starts them as the modem comes near, keeps what they came to for a
// while. Thousands may be queued; only a few of each kind wait at the arbiter, which asks all of
// its waiters at every turn.
//
//   queued -> acquiring -> connecting -> sending -> receiving -> closing -> done
//                 \____________\__________\____________\_______-> closing -> failed, cancelled
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "daemon/async/task_group.hpp"
#include "daemon/jobs/job_record.hpp"
#include "daemon/report/times.hpp"

namespace sim52xx::daemon {

// Told of every job. Must not wait.
class JobWatcher {
 public:
  virtual ~JobWatcher() = default;
  virtual void on_job_state(const JobRecord& job) = 0;
  virtual void on_job_progress(const JobRecord& job) = 0;
};

// Who asks for a job: the owner and administrators see it, for others it does not exist.
struct JobReader {
  uid_t uid = 0;
  bool admin = false;
};

class JobList {
 public:
  static constexpr std::size_t at_the_arbiter = 32;               // of one kind
  static constexpr std::size_t waiting_most = 16384;              // not over
  static constexpr std::size_t waiting_memory_most = 64U << 20U;  // of their bodies
  static constexpr std::size_t kept_most = 16384;                 // over
  static constexpr std::size_t kept_memory_most = 32U << 20U;     // of what they came to

  struct Settings {
    Duration ttl;  // of those that are over
  };
  // What to run, and the spools it fills.
  struct Parts {
    std::unique_ptr<Job> job;
    std::vector<JobBody> bodies;
  };
  using Make = std::function<Result<Parts>(const std::string& id)>;
  // For whom a job waits at the arbiter.
  using Explain = std::function<std::optional<WaitingFor>(const ArbiterUser&)>;

  struct Counters {
    std::uint64_t accepted = 0;
    std::uint64_t done = 0;
    std::uint64_t failed = 0;
    std::uint64_t cancelled = 0;
    std::uint64_t forgotten = 0;  // before their time, for want of room
  };

  // `failed` is called for an internal error. `watcher` may be none.
  JobList(Runtime& runtime, Settings settings, Explain explain, JobWatcher* watcher,
          std::function<void()> failed);

  // A new job; or, where its client_ref is known, the job of before. Errors: invalid (the same
  // client_ref with other parameters, or what `make` refuses), limit, interrupted (the daemon
  // stops).
  Result<JobPtr> submit(JobOrder order, const Make& make);

  // nullptr: there is none of that id that the reader may know of.
  [[nodiscard]] JobPtr find(std::string_view id, const JobReader& reader) const;
  // The newest first, at most `most` of those that `wanted` takes.
  [[nodiscard]] std::vector<JobPtr> select(
      const JobReader& reader, std::size_t most,
      const std::function<bool(const JobRecord&)>& wanted) const;
  [[nodiscard]] std::optional<WaitingFor> waiting_for(const JobRecord& job) const;

  // Ends it with `why`, which is its answer from now on; the modem may have to be unwound. Nothing
  // happens to one that is over.
  void stop(JobRecord& job, Error why);
  // Somebody waits for its answer, or no longer does: without anybody an attached job is cancelled.
  static void attach(JobRecord& job);
  void leave(JobRecord& job);

  void set_settings(Settings settings);
  // Ends all jobs; no others are accepted.
  void stop();
  asio::awaitable<void> join();

  [[nodiscard]] const Counters& counters() const { return counters_; }
  // Not over; over and kept.
  [[nodiscard]] std::size_t waiting() const { return jobs_.size() - over_.size(); }
  [[nodiscard]] std::size_t kept() const { return over_.size(); }
  [[nodiscard]] std::size_t kept_memory() const { return kept_memory_; }

 private:
  using Reference = std::pair<uid_t, std::string>;

  // Those that want the same of the arbiter.
  struct Lane {
    explicit Lane(Want w) : want(w) {}
    Want want;
    std::map<std::uint64_t, JobPtr> queued;
    std::map<std::uint64_t, JobPtr> started;
  };

  Result<JobPtr> known(const JobOrder& order) const;
  Lane& lane_of(const JobRecord& job);
  void start_next(Lane& lane);
  void arm_timeout(const JobPtr& job);
  void time_out(JobRecord& job);
  asio::awaitable<void> run(JobPtr job);
  asio::awaitable<void> follow(JobPtr job);
  void finish(JobRecord& job, Result<nlohmann::json> result);
  void keep(JobRecord& job);
  void forget(std::uint64_t number);
  void forget_old();
  void make_room();

  Runtime& runtime_;
  Settings settings_;
  Explain explain_;
  JobWatcher* watcher_;
  TaskGroup tasks_;
  std::map<std::uint64_t, JobPtr> jobs_;
  std::map<Reference, JobPtr> references_;
  std::map<std::pair<Time, std::uint64_t>, JobPtr> over_;  // the oldest first
  std::vector<std::unique_ptr<Lane>> lanes_;
  Timer expiry_;
  std::uint64_t last_number_ = 0;
  std::size_t waiting_memory_ = 0;
  std::size_t kept_memory_ = 0;
  Counters counters_;
  bool stopping_ = false;
};

}  // namespace sim52xx::daemon

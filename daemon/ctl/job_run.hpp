// Waits for the answer of a request that runs a job: copies what must be copied, shows how far it
// is, and cancels it on Ctrl-C.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "daemon/ctl/client.hpp"
#include "daemon/ctl/interrupts.hpp"
#include "daemon/ctl/plan.hpp"
#include "daemon/ctl/progress.hpp"
#include "daemon/ctl/pump.hpp"

namespace sim52xx::ctl {

struct JobRequest {
  std::string method;
  json params = json::object();
  std::vector<int> passed;            // descriptors
  std::function<void()> when_passed;  // ours can be closed
  std::vector<std::optional<Pump>*> pumps;
  std::string job_id;          // where it is known beforehand
  bool watched = false;        // it is not ours: Ctrl-C leaves it alone
  bool show_progress = false;  // on standard error
};

class JobRun {
 public:
  JobRun(const Globals& globals, JobRequest request);

  // The result, or why there is none; Exit::interrupted after Ctrl-C.
  Outcome<json> run();

  [[nodiscard]] const Progress& progress() const { return progress_; }
  // How long it took.
  [[nodiscard]] double seconds() const;

 private:
  Outcome<void> start(Client& client);
  Outcome<void> round(Client& client);
  void handle(json message);
  void follow(const json& event);
  Outcome<void> interrupted(Client& client, int signal);
  void copy(const std::vector<struct pollfd>& ready);
  void drain(double patience);
  void paint();
  void wipe();
  [[nodiscard]] int next_look() const;
  [[nodiscard]] Failure in_the_end(Failure failure) const;

  const Globals& globals_;
  JobRequest request_;
  Interrupts interrupts_;
  Progress progress_;
  double begin_;
  int id_ = 0;          // of the request
  int signal_ = 0;      // that has come
  double give_up_ = 0;  // when, after a signal; 0: never
  double painted_ = 0;
  std::string shown_;  // what is painted
  std::optional<json> answer_;
};

}  // namespace sim52xx::ctl

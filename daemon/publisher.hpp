// Makes events of what the parts of the daemon tell their watchers.
#pragma once

#include <nlohmann/json.hpp>

#include "daemon/arbiter/arbiter.hpp"
#include "daemon/control/job_answers.hpp"
#include "daemon/events/hub.hpp"
#include "daemon/jobs/job_list.hpp"
#include "daemon/modem/modem.hpp"
#include "daemon/proxy/connection.hpp"
#include "daemon/stacks/ssl_stack.hpp"

namespace sim52xx::daemon {

class Publisher final : public ModemWatcher,
                        public AlertWatcher,
                        public ConnectionWatcher,
                        public ArbiterWatcher,
                        public JobWatcher {
 public:
  Publisher(const Runtime& runtime, EventHub& hub) : runtime_(runtime), hub_(hub) {}

  // Jobs are told of as the control methods show them.
  void set_jobs(const control::JobsContext& context) { jobs_ = &context; }

  void on_modem_state(const Modem& modem) override;
  void on_modem_restarted(const Modem& modem) override;
  void on_modem_registration(const Modem& modem) override;
  void on_modem_error(const Modem& modem) override;
  void on_unknown_line(std::string_view line) override;
  void on_alert(const Target& target, const Alert& alert, AlertAnswer verdict) override;
  void on_opening(const Connection& connection) override;
  void on_open(const Connection& connection) override;
  void on_closed(const Connection& connection) override;
  void on_granted(const ArbiterUser& user, const Grant& grant) override;
  void on_released(const ArbiterUser& user, const Grant& grant, bool clean) override;
  void on_waiting(const ArbiterUser& user, const WaitingFor& waiting) override;
  void on_preempted(const ArbiterUser& victim, const std::string& why) override;
  void on_job_state(const JobRecord& job) override;
  void on_job_progress(const JobRecord& job) override;
  void on_reloaded(const nlohmann::json& result);
  void on_stopping();

  // Certificate alerts so far.
  [[nodiscard]] std::uint64_t alerts() const { return alerts_; }

 private:
  void publish_job(std::string_view type, const JobRecord& job);

  const Runtime& runtime_;
  EventHub& hub_;
  const control::JobsContext* jobs_ = nullptr;
  std::optional<int> registration_;
  std::uint64_t alerts_ = 0;
};

}  // namespace sim52xx::daemon

// The `status` object of the control protocol, gathered from the parts that know.
#pragma once

#include <functional>
#include <list>

#include <nlohmann/json.hpp>

#include "daemon/arbiter/arbiter.hpp"
#include "daemon/control/api.hpp"
#include "daemon/control/job_answers.hpp"
#include "daemon/modem/modem.hpp"
#include "daemon/proxy/endpoint_server.hpp"
#include "daemon/stacks/ssl_stack.hpp"

namespace sim52xx::daemon {

class Status final : public control::StatusSource {
 public:
  Status(Runtime& runtime, const Modem& modem, const SslStack& stack, const Arbiter& arbiter,
         const std::list<EndpointServer>& endpoints)
      : runtime_(runtime), modem_(modem), stack_(stack), arbiter_(arbiter), endpoints_(endpoints),
        started_(runtime.now()) {}

  nlohmann::json status(const control::Client& client) override;
  // Called when somebody has looked.
  std::function<void()> looked;
  // Those to tell of.
  void set_jobs(const control::JobsContext& context) { jobs_ = &context; }

 private:
  using json = nlohmann::json;

  [[nodiscard]] json modem() const;
  [[nodiscard]] json ages() const;
  [[nodiscard]] json recovery() const;
  [[nodiscard]] json arbiter() const;
  [[nodiscard]] json sessions() const;
  [[nodiscard]] json session(const EndpointServer& server) const;
  [[nodiscard]] json last_session(const EndpointServer& server) const;
  [[nodiscard]] json endpoints() const;
  [[nodiscard]] json waiting(const Connection& connection) const;
  [[nodiscard]] json waiting_for(const WaitingFor& waiting) const;
  [[nodiscard]] bool is_endpoint(std::string_view name) const;
  [[nodiscard]] std::string when(Time time) const;

  const Runtime& runtime_;
  const Modem& modem_;
  const SslStack& stack_;
  const Arbiter& arbiter_;
  const std::list<EndpointServer>& endpoints_;
  Time started_;
  const control::JobsContext* jobs_ = nullptr;
};

}  // namespace sim52xx::daemon

// What the user configured, checked and complete: plain values, never changed once read. Made by
// reader.hpp only; the keys, their ranges and their defaults' meaning are in keys.cpp.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/arbiter_policy.hpp"
#include "protocol/result_codes.hpp"
#include "protocol/ssl_policy.hpp"

namespace sim52xx::daemon::config {

using Duration = std::chrono::milliseconds;

enum class FlowControl : std::uint8_t { none, rtscts };
enum class ApnAuth : std::uint8_t { either, pap, chap };
enum class SessionChoice : std::uint8_t { zero, one, any };
enum class Busy : std::uint8_t { wait, reject, kick };
enum class FailureReply : std::uint8_t { none, http };
using Transparent = Transparency;
using sim52xx::Preempt;

// Where a secret is to be found; never the secret itself. At most one of the two is set.
struct SecretName {
  std::string credential;  // a file of $CREDENTIALS_DIRECTORY
  std::string file;        // an absolute path

  [[nodiscard]] bool is_set() const { return !credential.empty() || !file.empty(); }
  friend bool operator==(const SecretName&, const SecretName&) = default;
};

struct Modem {
  std::string device = "/dev/sim52xx";
  int baud = 115200;
  FlowControl flow_control = FlowControl::none;
  std::string profile = "sim52xx";
  std::string apn;  // empty: the context stored in the modem stays as it is
  std::string apn_user;
  SecretName apn_password;
  ApnAuth apn_auth = ApnAuth::either;
  SecretName pin;
  std::optional<int> urc_port;  // the port of AT+CATR
  std::string reset_command;    // for /bin/sh; empty: none

  friend bool operator==(const Modem&, const Modem&) = default;
};

// One data socket, NAME.sock, pinned to one host and port.
struct Endpoint {
  std::string name;
  SessionChoice session = SessionChoice::any;
  std::string host;
  int port = 443;
  Transparent transparent = Transparent::automatic;  // never where the session is fixed to 1
  std::uint32_t accept_alerts = 0;                   // masks of protocol/alert.hpp
  Busy busy = Busy::wait;
  Duration half_close_timeout = std::chrono::seconds(60);
  Duration idle_timeout = Duration::zero();  // zero: never
  Duration stall_timeout = std::chrono::seconds(30);
  Duration window_max = std::chrono::seconds(10);
  Duration probe_interval = std::chrono::seconds(10);
  std::size_t buffer_limit = std::size_t{256} * 1024;
  FailureReply failure_reply = FailureReply::none;

  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

// For HTTPS jobs that go over an SSL session.
struct Https {
  std::uint32_t accept_alerts = 0;

  friend bool operator==(const Https&, const Https&) = default;
};

// The timers of the note's 2.7, 3.16 and 4.8.
struct StackTimeouts {
  Duration connect = std::chrono::minutes(2);
  Duration transfer = std::chrono::minutes(2);
  Duration close = std::chrono::minutes(2);
  Duration stop = std::chrono::minutes(2);

  friend bool operator==(const StackTimeouts&, const StackTimeouts&) = default;
};

// [timeouts] in `common`; the three stacks' own, with what they do not override filled in.
struct Timeouts {
  StackTimeouts common;
  StackTimeouts https;
  StackTimeouts ftps;
  StackTimeouts ssl;

  [[nodiscard]] const StackTimeouts& of(Stack stack) const;
  friend bool operator==(const Timeouts&, const Timeouts&) = default;
};

struct Arbiter {
  Duration linger = std::chrono::seconds(5);
  Preempt preempt = Preempt::idle;
  Duration preempt_after = std::chrono::minutes(15);
  Duration idle_after = std::chrono::minutes(1);

  friend bool operator==(const Arbiter&, const Arbiter&) = default;
};

// The control socket and its jobs.
struct Control {
  Duration job_ttl = std::chrono::hours(1);
  std::size_t spool_limit = std::size_t{64} * 1024 * 1024;

  friend bool operator==(const Control&, const Control&) = default;
};

struct Config {
  Modem modem;
  std::vector<Endpoint> endpoints;  // ssl0, ssl1, then the others by name; a host
                                    // is missing only where systemd made the socket
  Https https;
  Timeouts timeouts;
  Arbiter arbiter;
  Control control;

  // The endpoint of that name; nullptr where none is configured.
  [[nodiscard]] const Endpoint* endpoint(std::string_view name) const;
  friend bool operator==(const Config&, const Config&) = default;
};

}  // namespace sim52xx::daemon::config

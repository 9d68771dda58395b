// The modem as a whole and its SSL stack, brought up by a script.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "daemon/async/task_group.hpp"
#include "daemon/modem/modem.hpp"
#include "daemon/stacks/ssl_stack.hpp"
#include "tests/scripted/script.hpp"

namespace sim52xx::test {

using namespace std::chrono_literals;
namespace config = daemon::config;
using daemon::Modem;
using daemon::SslSession;
using daemon::SslStack;
using daemon::Target;

class ModemTest : public ::testing::Test {
 protected:
  static constexpr std::string_view imei = "359769034498003";
  static constexpr std::string_view number = "\r\n359769034498003\r\n\r\nOK\r\n";

  ModemTest();
  void TearDown() override;

  // The modem's part in what bring-up asks: how it is found, what is set up, the SIM, the rest.
  void script_attention();
  void script_set_up();
  void script_sim();
  void script_network();
  void script_bring_up();

  // Plugs the modem in; it is ready, or the script says why not.
  void plug_in();
  // Plays all of the above.
  void bring_up();

  // An SSL session, by name of its endpoint, to www.myserver.com:443.
  Task<Result<void>> open(int id, SslSession::Mode mode, std::uint32_t accept_alerts = 0);

  std::filesystem::path marker_path;
  config::Modem settings;
  config::Timeouts all_timeouts;
  config::StackTimeouts& timeouts = all_timeouts.ssl;
  config::Endpoint endpoint;
  Stage stage;
  Line line{stage};
  Script script{stage, line};
  std::string_view dtr_answer = "OK";              // to AT&D1 and AT&D0
  std::string_view other_family_answer = "ERROR";  // to AT+CCHOPEN=?
  std::string_view ftps_stop_answer = "ERROR";
  bool plugged = true;
  bool internal_error = false;
  daemon::TaskGroup tasks{stage.runtime, [this] { internal_error = true; }};
  Modem modem;
  SslStack stack;
  std::array<Target, 2> targets;
};

}  // namespace sim52xx::test

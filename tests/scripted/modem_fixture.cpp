#include "tests/scripted/modem_fixture.hpp"

#include <unistd.h>

namespace sim52xx::test {

ModemTest::ModemTest()
    : marker_path(std::filesystem::temp_directory_path() /
                  ("sim52xx-scripted-" + std::to_string(getpid()))),
      modem(stage.runtime, settings, all_timeouts, sim52xx_profile(), daemon::Marker(marker_path),
            tasks),
      stack(stage.runtime, modem, timeouts, tasks),
      targets{Target("ssl0", "www.myserver.com", 443, 0),
              Target("ssl1", "www.myserver.com", 443, 0)} {
  std::filesystem::remove(marker_path);
  settings.device = "script";
  modem.add_user(stack);
  modem.set_open([this]() -> Result<std::unique_ptr<daemon::Port>> {
    if (plugged) return line.connect();
    return Error(ErrorKind::modem_absent, "port", "unplugged");
  });
}

void ModemTest::TearDown() {
  modem.stop();
  stage.run(tasks.join());
  script.expect_finished();
  EXPECT_FALSE(internal_error);
  std::filesystem::remove(marker_path);
}

void ModemTest::script_attention() {
  script.command("AT").expect("AT+CGSN\r").print(std::string(number));
}

void ModemTest::script_set_up() {
  script.command("ATE0").command("AT+CMEE=2");
  script.command(line.carrier ? "AT&D1" : "AT&D0", dtr_answer).command("AT&C1");
  script.command("AT+IFC=0,0");
  script.command("AT+CSSLSTOP", "ERROR").command("AT+CHTTPSSTOP", "ERROR");
  script.command("AT+CFTPSSTOP", ftps_stop_answer);
  script.expect("ATI\r").print(
      "\r\nManufacturer: SIMCOM INCORPORATED\r\nModel: SIMCOM_SIM5216A\r\n"
      "Revision: SIM5216A_V1.5\r\nIMEI: 359769034498003\r\n+GCAP: +CGSM,+FCLASS,+DS\r\n"
      "\r\nOK\r\n");
  script.command("AT+CCHOPEN=?", other_family_answer);
  if (other_family_answer != "ERROR") script.say("OK");
}

void ModemTest::script_sim() {
  script.command("AT+CPIN?", "+CPIN: READY").say("OK");
}

void ModemTest::script_network() {
  script.command("AT+CGREG?", "+CGREG: 0,1").say("OK");
  script.command("AT+CSQ", "+CSQ: 20,99").say("OK");
  script.command("AT+COPS?", "+COPS: 0,0,\"Test\",2").say("OK");
  script.command("AT+CNSMOD?", "+CNSMOD: 0,4").say("OK");
  script.command("AT+CICCID", "+ICCID: 8944501234567890123").say("OK");
}

void ModemTest::script_bring_up() {
  script_attention();
  script_set_up();
  script_sim();
  script_network();
}

void ModemTest::plug_in() {
  tasks.spawn("modem", modem.run());
  stage.settle();
}

void ModemTest::bring_up() {
  script_bring_up();
  plug_in();
  ASSERT_TRUE(modem.ready());
}

Task<Result<void>> ModemTest::open(int id, SslSession::Mode mode, std::uint32_t accept_alerts) {
  Target& target = targets.at(static_cast<std::size_t>(id));
  target.accept_alerts = accept_alerts;
  return stage.start(stack.open(id, mode, target, endpoint));
}

}  // namespace sim52xx::test

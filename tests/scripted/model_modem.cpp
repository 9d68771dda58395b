#include "tests/scripted/model_modem.hpp"

#include <array>
#include <utility>

namespace sim52xx::test {
namespace {

using namespace std::chrono_literals;

struct KnownAnswer {
  std::string_view command;
  std::string_view text;
};

// Bring-up, and the session's own commands that need no thought.
constexpr std::array answers{
    KnownAnswer{"AT", "OK"},
    KnownAnswer{"ATE0", "OK"},
    KnownAnswer{"AT+CMEE=2", "OK"},
    KnownAnswer{"AT&C1", "OK"},
    KnownAnswer{"AT+IFC=0,0", "OK"},
    KnownAnswer{"AT+CHTTPSSTOP", "ERROR"},
    KnownAnswer{"AT+CFTPSSTOP", "ERROR"},
    KnownAnswer{"ATI", "Model: SIMCOM_SIM5216A\r\n\r\nOK"},
    KnownAnswer{"AT+CCHOPEN=?", "ERROR"},
    KnownAnswer{"AT+CPIN?", "+CPIN: READY\r\n\r\nOK"},
    KnownAnswer{"AT+CGREG?", "+CGREG: 0,1\r\n\r\nOK"},
    KnownAnswer{"AT+CSQ", "+CSQ: 20,99\r\n\r\nOK"},
    KnownAnswer{"AT+COPS?", "+COPS: 0,0,\"Test\",2\r\n\r\nOK"},
    KnownAnswer{"AT+CNSMOD?", "+CNSMOD: 0,4\r\n\r\nOK"},
    KnownAnswer{"AT+CICCID", "+ICCID: 8944501234567890123\r\n\r\nOK"},
    KnownAnswer{"AT+CGSN", "359769034498003\r\n\r\nOK"},
    KnownAnswer{"AT+CSSLSET=1", "OK"},
    KnownAnswer{"AT+CSSLMODE=0", "OK"},
    KnownAnswer{"AT+CSSLMODE=1", "OK"},
    KnownAnswer{"AT+CSSLSTART", "OK"},
    KnownAnswer{"AT+CSSLSTOP", "OK"},
    KnownAnswer{"AT+CSSLSEND?", "+CSSLSEND: 0,0,1,0\r\n\r\nOK"},
};

}  // namespace

ModelModem::ModelModem(Stage& stage, Line& line)
    : stage_(stage),
      line_(line),
      escape_(stage.runtime.timers, [this] { escape(); }),
      print_(stage.runtime.timers, [this] { print_due(); }),
      close_(stage.runtime.timers, [this] { peer_closes(std::exchange(farewell_, {})); }) {
  line_.heard = [this](std::string_view bytes) { on_heard(bytes); };
  line_.terminal_ready_changed = [this](bool on) { on_dtr(on); };
}

void ModelModem::on_dtr(bool on) {
  if (on || !data_mode_ || !hears_dtr || !dtr_escapes_) return;
  escape_.cancel();
  ++dtr_escapes;
  data_mode_ = false;
  command_.clear();
  print("\r\nOK\r\n");
  print_guest();
}

void ModelModem::set_carrier() {
  if (line_.carrier && drives_dcd) line_.carrier = open_;
}

void ModelModem::peer_sends(std::string_view bytes) {
  if (data_mode_) {
    print(std::string(bytes));
  } else {
    backlog_ += bytes;
  }
}

void ModelModem::peer_closes(std::string farewell) {
  if (!data_mode_ && !backlog_.empty()) {
    farewell_ = std::move(farewell);
    return;
  }
  print(std::move(farewell), true);
}

void ModelModem::guest_sends(std::string_view bytes) {
  guest_backlog_ += bytes;
  if (!data_mode_) print_guest();
}

void ModelModem::print_guest() {
  while (guest_open_ && !guest_backlog_.empty()) {
    const std::string block = guest_backlog_.substr(0, 24);
    guest_backlog_.erase(0, block.size());
    print("\r\n+CSSLRECV: DATA,1," + std::to_string(block.size()) + "\r\n" + block);
  }
}

// The session is over as the farewell is printed. Plus signs that wait for their silence are lost.
void ModelModem::end_session() {
  data_mode_ = open_ = false;
  set_carrier();
  if (!escape_.armed()) return;
  escape_.cancel();
  to_peer.resize(to_peer.size() - 3);
}

void ModelModem::on_heard(std::string_view bytes) {
  for (const char byte : bytes)
    data_mode_ ? on_data(byte) : on_command(byte);
}

void ModelModem::on_data(char byte) {
  const Duration gap = stage_.now() - last_byte_;
  last_byte_ = stage_.now();
  to_peer += byte;
  escape_.cancel();
  const bool strict = firmware == Firmware::strict;
  if (byte != '+') {
    pluses_ = 0;
  } else if (pluses_ > 0 && (strict ? gap <= 900ms : gap < 900ms)) {
    ++pluses_;
  } else {
    pluses_ = !strict || gap >= 1s ? 1 : 0;
  }
  if (strict ? pluses_ == 3 : pluses_ >= 3)
    escape_.arm(stage_.now() + (strict ? Duration(1s) : Duration(200ms)));
}

void ModelModem::escape() {
  ++escapes;
  to_peer.resize(to_peer.size() - 3);
  data_mode_ = false;
  command_.clear();
  print("\r\nOK\r\n");
  print_guest();
}

void ModelModem::on_command(char byte) {
  if (byte != '\r') {
    command_ += byte;
    return;
  }
  execute(std::exchange(command_, {}));
}

void ModelModem::execute(std::string_view text) {
  if (text.empty()) return;
  if (text == "ATO") return go_online();
  if (text == "AT&D0" || text == "AT&D1") {
    dtr_escapes_ = text.back() == '1';
    return print("\r\nOK\r\n");
  }
  if (text == "+++") {  // of an escape that came too late
    if (firmware == Firmware::strict) print("\r\nERROR\r\n");
    return;
  }
  if (text.starts_with("AT+CSSLOPEN=0,")) {
    open_ = true;
    backlog_.clear();
    farewell_.clear();
    return go_online();
  }
  if (text == "AT+CSSLCLOSE=0") {
    print(open_ ? "\r\nOK\r\n\r\nCLOSED\r\n" : "\r\nERROR\r\n");
    open_ = false;
    set_carrier();
    return;
  }
  if (text.starts_with("AT+CSSLOPEN=1,") || text == "AT+CSSLCLOSE=1") {
    guest_open_ = text.starts_with("AT+CSSLOPEN");
    guest_backlog_.clear();
    return print("\r\nOK\r\n");
  }
  for (const KnownAnswer& row : answers)
    if (row.command == text) return print("\r\n" + std::string(row.text) + "\r\n");
  strangers.emplace(text);
  print("\r\nERROR\r\n");
}

void ModelModem::go_online() {
  if (!open_) return print("\r\nNO CARRIER\r\n");
  data_mode_ = true;
  set_carrier();
  pluses_ = 0;
  last_byte_ = Time{};
  print("\r\nCONNECT 115200\r\n" + std::exchange(backlog_, {}));
  // Later: what the host sends at the very moment of the end nobody could save.
  if (!farewell_.empty()) close_.arm(stage_.now() + latency + 50ms);
}

void ModelModem::print(std::string bytes, bool farewell) {
  out_.push_back({stage_.now() + latency, std::move(bytes), farewell});
  if (!print_.armed()) print_due();
}

void ModelModem::print_due() {
  while (!out_.empty() && out_.front().due <= stage_.now()) {
    if (out_.front().farewell) end_session();
    const Output next = std::move(out_.front());
    out_.pop_front();
    line_.print(next.bytes);
    if (next.farewell) print_guest();
  }
  if (!out_.empty()) print_.arm(out_.front().due);
}

}  // namespace sim52xx::test

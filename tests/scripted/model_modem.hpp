// A modem that lives: command mode and transparent mode, an escape as strict or as sloppy firmware
// understands it, and a peer behind its session 0. Whatever reaches its command line and is none of
// the daemon's commands is written down.
#pragma once

#include <deque>
#include <set>
#include <string>
#include <string_view>

#include "tests/scripted/line.hpp"

namespace sim52xx::test {

class ModelModem {
 public:
  // strict: 1 s of silence, three plus signs at most 0.9 s apart, 1 s of silence. sloppy: three
  // plus signs less than 0.9 s apart and 0.2 s of silence, whatever came before.
  enum class Firmware : unsigned char { strict, sloppy };

  ModelModem(Stage& stage, Line& line);

  Firmware firmware = Firmware::strict;
  Duration latency{};  // of everything it prints
  // DTR off is an escape, as AT&D1 wants; where it is false, DTR does not reach the modem (USB).
  bool hears_dtr = false;
  bool drives_dcd = false;  // DCD is on while there is a session in transparent mode or a window

  // The peer behind session 0.
  void peer_sends(std::string_view bytes);
  // The peer closes in order; `farewell` is what the modem prints then, with its line ends.
  void peer_closes(std::string farewell);
  std::string to_peer;  // what the peer has got
  [[nodiscard]] bool session_open() const { return open_; }
  // The peer behind session 1; printed in blocks, in command mode only.
  void guest_sends(std::string_view bytes);

  int escapes = 0;  // by plus signs
  int dtr_escapes = 0;
  std::set<std::string> strangers;  // command lines that are not the daemon's

 private:
  struct Output {
    Time due;
    std::string bytes;
    bool farewell;
  };

  void on_heard(std::string_view bytes);
  void on_data(char byte);
  void on_command(char byte);
  void execute(std::string_view text);
  void go_online();
  void escape();
  void on_dtr(bool on);
  void set_carrier();
  void print_guest();
  void print(std::string bytes, bool farewell = false);
  void print_due();
  void end_session();

  Stage& stage_;
  Line& line_;
  bool dtr_escapes_ = false;  // AT&D1
  bool data_mode_ = false;
  bool open_ = false;
  std::size_t pluses_ = 0;
  Time last_byte_{};
  daemon::Timer escape_;
  std::string command_;
  bool guest_open_ = false;
  std::string guest_backlog_;
  std::string backlog_;   // from the peer, while in command mode
  std::string farewell_;  // the peer has closed behind backlog_
  std::deque<Output> out_;
  daemon::Timer print_;
  daemon::Timer close_;
};

}  // namespace sim52xx::test

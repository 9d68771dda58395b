// The emulated modem without its port and its network: bytes and time in, bytes out.
//
// It owns the mode (command, data, online command), runs command lines through the table, and
// decides when a URC or a block of data may be printed. The families know it by the part under
// "For the families".
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "tests/emulator/core/basic.hpp"
#include "tests/emulator/core/commands.hpp"
#include "tests/emulator/core/efs.hpp"
#include "tests/emulator/core/escape.hpp"
#include "tests/emulator/core/exclusion.hpp"
#include "tests/emulator/core/families.hpp"
#include "tests/emulator/core/file_store.hpp"
#include "tests/emulator/core/ftp_client.hpp"
#include "tests/emulator/core/ftps.hpp"
#include "tests/emulator/core/https.hpp"
#include "tests/emulator/core/knobs.hpp"
#include "tests/emulator/core/line_editor.hpp"
#include "tests/emulator/core/network.hpp"
#include "tests/emulator/core/output.hpp"
#include "tests/emulator/core/phone.hpp"
#include "tests/emulator/core/settings.hpp"
#include "tests/emulator/core/ssl.hpp"
#include "tests/emulator/core/timers.hpp"

namespace sim52xx::sim {

enum class Mode { off, booting, command, data, online_command };
std::string_view name(Mode mode);

struct Counts {
  std::uint64_t reboots = 0;
  std::uint64_t escapes = 0;
  std::uint64_t urcs = 0;
  std::uint64_t lines = 0;
  std::uint64_t errors = 0;
  std::map<std::string, std::uint64_t, std::less<>> commands;  // by name
};

// All that is not the modem itself.
struct Outside {
  Network& network;
  FtpClient& ftp;
  FileStore& files;
};

class Modem {
 public:
  Modem(Settings settings, Outside outside, Time now);

  // The port. What front() shows is to be written, then told to written().
  void receive(std::string_view bytes, Time now);
  [[nodiscard]] bool wants_input() const;
  [[nodiscard]] std::string_view front() const;
  void written(std::size_t count, Time now);
  // Time: to be called at deadline().
  void tick(Time now);
  [[nodiscard]] std::optional<Time> deadline() const;
  // The network; its events, of all channels, are to be called here, then settle().
  NetworkEvents& network_events() { return router_; }
  SslStack& ssl() { return ssl_; }
  HttpsStack& https() { return https_; }
  FtpsStack& ftps() { return ftps_; }
  void settle(Time now);

  // What a test may do.
  std::string set(std::string_view knob, const KnobValue& value, Time now);
  void urc(std::string_view line, Time now);
  void reboot(Time now);
  // DTR goes off: what AT&D wants.
  void drop_dtr(Time now);
  void lose_network(Time now);
  // AT+CSSLSTOP, AT+CHTTPSSTOP or AT+CFTPSSTOP on another port.
  void stop_elsewhere(User stack, Time now);
  // The START of one; false: it was ERROR there.
  bool start_elsewhere(User stack) { return exclusion_.take(stack); }
  void arm(bool to_host, Fault fault) {
    (to_host ? output_.faults() : from_host_).arm(std::move(fault));
  }
  // A fault at a step of the dialogue; what lies outside of the modem is told to `outside`.
  void arm(StepFault fault) { output_.steps().arm(std::move(fault)); }
  struct FaultOutside {
    std::function<void(double seconds)> vanish;  // the port
    std::function<void()> close_peers;
  };
  void set_fault_outside(FaultOutside outside) { fault_outside_ = std::move(outside); }
  FaultSteps& steps() { return output_.steps(); }

  [[nodiscard]] Mode mode() const { return mode_; }
  [[nodiscard]] const Settings& settings() const { return settings_; }
  [[nodiscard]] const Counts& counts() const { return counts_; }
  [[nodiscard]] const SslStack& ssl() const { return ssl_; }
  [[nodiscard]] const HttpsStack& https() const { return https_; }
  [[nodiscard]] const FtpsStack& ftps() const { return ftps_; }
  [[nodiscard]] const Exclusion& exclusion() const { return exclusion_; }
  [[nodiscard]] bool carrier() const;

  // For the families. ------------------------------------------------------------------------
  Settings& settings() { return settings_; }
  Output& output() { return output_; }
  Timers::Id after(milliseconds delay, std::function<void()> call);
  void cancel(Timers::Id& id) { timers_.cancel(id); }
  // What `call` gives, `delay` milliseconds from now.
  Result later(int delay, std::function<Result()> call);
  Exclusion& exclusion() { return exclusion_; }
  Efs& efs() { return efs_; }
  // Prints a line when no other frame is in the making.
  void urc(std::string_view line);
  // Ends a command that was pending.
  void finish(Result result);
  // Prints the prompt and takes `count` raw bytes.
  void prompt(std::size_t count, std::function<void(std::string)> taken);
  // Prints CONNECT and enters data mode.
  void connect();
  // Session 0 of data mode is gone: back to command mode.
  void disconnect();
  [[nodiscard]] bool in_data_mode() const { return mode_ == Mode::data; }
  [[nodiscard]] bool in_window() const { return mode_ == Mode::online_command; }
  // No command line is being typed or answered, and data mode is off.
  [[nodiscard]] bool idle() const;
  [[nodiscard]] bool registered() const { return phone_.registered(); }
  void network_lost();
  void restart();
  void power_off();

 private:
  void run();
  void data_mode();
  void take_payload();
  void command_line(const LineEditor::Line& line);
  void step_line();
  bool strike(const StepFault& fault);
  void strike_later(FaultSteps::Shape shape);
  void strike_payload();
  void after_fault(double time, std::function<void()> call);
  void enter_data_mode();
  bool conclude(Result result);
  void flush_urcs();
  void stop_everything();
  void boot();
  void escaped();
  void tick_escape();

  Settings settings_;
  Time now_;
  Timers timers_;
  Output output_{settings_};
  LineEditor editor_;
  EscapeRecogniser escape_;
  CommandTable table_;
  Counts counts_;
  Basic basic_{*this};
  Phone phone_{*this};
  Exclusion exclusion_;
  Families families_{*this};
  Efs efs_;
  SslStack ssl_;
  HttpsStack https_;
  FtpsStack ftps_;
  NetworkRouter router_{ssl_, https_};

  Mode mode_ = Mode::command;
  FaultyLine from_host_;
  std::string input_;
  bool running_ = false;         // run() is at work
  bool answering_ = false;       // a command line is being carried out
  bool busy_ = false;            // a fault holds its result back
  bool connected_late_ = false;  // which is CONNECT
  FaultOutside fault_outside_;
  std::string rest_;  // what is left of it
  std::size_t payload_size_ = 0;
  std::function<void(std::string)> payload_taken_;
  std::deque<std::string> urcs_;
};

}  // namespace sim52xx::sim

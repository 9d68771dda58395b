// The modem's comings and goings: data mode and back, URCs, reset, power.
#include "tests/emulator/core/modem.hpp"

namespace sim52xx::sim {

bool Modem::carrier() const {
  return mode_ == Mode::data || mode_ == Mode::online_command;
}

void Modem::connect() {
  std::string words = settings_.connect_text;
  if (words.empty())
    words = settings_.line.connect_detail == 0 ? "CONNECT" : "CONNECT " + settings_.rate;
  output_.result(ResultCode::connect, words);
  if (busy_)
    connected_late_ = true;
  else
    enter_data_mode();
}

void Modem::enter_data_mode() {
  mode_ = Mode::data;
  escape_.reset(settings_.escape == "sloppy", settings_.time_scale, now_);
  strike_payload();
}

void Modem::escaped() {
  ++counts_.escapes;
  mode_ = Mode::online_command;
  output_.result(ResultCode::success);
}

void Modem::disconnect() {
  if (carrier()) mode_ = Mode::command;
  connected_late_ = false;
}

void Modem::drop_dtr(Time now) {
  now_ = now;
  const int how = settings_.line.terminal_ready;
  if (how == 0 || !carrier()) return;
  if (mode_ == Mode::data) {
    editor_.clear();
    escaped();
  }
  if (how == 2) ssl_.hang_up();
  settle(now);
}

void Modem::network_lost() {
  ssl_.network_lost();
  https_.network_lost();
  ftps_.network_lost();
}

void Modem::lose_network(Time now) {
  now_ = now;
  network_lost();
  settle(now);
}

void Modem::stop_elsewhere(User stack, Time now) {
  now_ = now;
  if (stack == User::ssl) ssl_.stopped_elsewhere();
  if (stack == User::https) https_.stopped_elsewhere();
  if (stack == User::ftps) ftps_.stopped_elsewhere();
  settle(now);
}

void Modem::urc(std::string_view line) {
  ++counts_.urcs;
  urcs_.emplace_back(line);
}

void Modem::urc(std::string_view line, Time now) {
  urc(line);
  settle(now);
}

void Modem::flush_urcs() {
  if (urcs_.empty() || mode_ == Mode::off || mode_ == Mode::booting) return;
  if (mode_ == Mode::data && settings_.urc_online == "drop") urcs_.clear();
  const bool held = mode_ == Mode::data && settings_.urc_online == "hold";
  const bool frame_open = mode_ != Mode::data && (payload_taken_ || editor_.editing());
  if (held || (frame_open && !settings_.urc_anywhere)) return;
  for (const auto& line : urcs_)
    output_.line(line);
  urcs_.clear();
}

std::string Modem::set(std::string_view knob, const KnobValue& value, Time now) {
  const int registration = settings_.registration;
  const std::string sim = settings_.sim;
  auto problem = sim52xx::sim::set(knob, value, settings_);
  now_ = now;
  if (settings_.registration != registration) phone_.registration_changed();
  if (settings_.sim != sim) phone_.sim_changed();
  settle(now);
  return problem;
}

void Modem::stop_everything() {
  ssl_.power_failed();
  https_.power_failed();
  ftps_.power_failed();
  efs_.reset();
  exclusion_.clear();
  timers_.clear();
  editor_.clear();
  input_.clear();
  urcs_.clear();
  rest_.clear();
  answering_ = false;
  payload_taken_ = nullptr;
  busy_ = connected_late_ = false;
  output_.resume();
  output_.steps().restarted();
}

void Modem::power_off() {
  stop_everything();
  mode_ = Mode::off;
}

void Modem::reboot(Time now) {
  now_ = now;
  output_.clear();
  settings_.wedge = false;
  restart();
}

void Modem::restart() {
  ++counts_.reboots;
  stop_everything();
  mode_ = Mode::booting;
  settings_.line = settings_.stored;
  basic_.reset();
  phone_.reset();
  after(milliseconds(settings_.boot_ms), [this] { boot(); });
}

// The order and the rough times of a real boot.
void Modem::boot() {
  mode_ = Mode::command;
  output_.line("START");
  after(seconds(1), [this] { urc("+STIN: 25"); });
  after(seconds(2), [this] { phone_.report_sim(); });
  after(seconds(4), [this] { urc("SMS DONE"); });
  after(seconds(5), [this] { urc("PB DONE"); });
}

}  // namespace sim52xx::sim

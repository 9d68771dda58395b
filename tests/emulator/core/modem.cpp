#include "tests/emulator/core/modem.hpp"

#include <algorithm>
#include <utility>

namespace sim52xx::sim {
namespace {

// Bytes of the host that wait while a command is carried out.
constexpr std::size_t input_limit = 4096;

}  // namespace

std::string_view name(Mode mode) {
  switch (mode) {
    case Mode::off:
      return "off";
    case Mode::booting:
      return "booting";
    case Mode::command:
      return "command";
    case Mode::data:
      return "data";
    case Mode::online_command:
      return "online_command";
  }
  return "";
}

Modem::Modem(Settings settings, Outside outside, Time now)
    : settings_(std::move(settings)),
      now_(now),
      efs_(*this, outside.files),
      ssl_(*this, outside.network),
      https_(*this, outside.network),
      ftps_(*this, outside.ftp) {
  basic_.install(table_);
  phone_.install(table_);
  ssl_.install(table_);
  https_.install(table_);
  ftps_.install(table_);
  efs_.install(table_);
  families_.install(table_);
  output_.on_later([this](FaultSteps::Shape shape) { strike_later(std::move(shape)); });
}

void Modem::receive(std::string_view bytes, Time now) {
  tick(now);  // silence that is over ended before these bytes
  if (settings_.wedge || mode_ == Mode::off || mode_ == Mode::booting) return;
  input_ += from_host_.pass(bytes);
  settle(now);
}

bool Modem::wants_input() const {
  if (settings_.deaf) return false;
  if (mode_ == Mode::data) return ssl_.room(0) > 0;
  return input_.size() < std::max(input_limit, payload_size_);
}

std::string_view Modem::front() const {
  return settings_.wedge ? std::string_view{} : output_.front();
}

void Modem::written(std::size_t count, Time now) {
  output_.taken(count);
  settle(now);
}

void Modem::tick(Time now) {
  now_ = now;
  if (settings_.wedge) return;
  timers_.run(now);
  if (mode_ == Mode::data) tick_escape();
  settle(now);
}

void Modem::tick_escape() {
  const auto verdict = escape_.poll(now_);
  if (!verdict.forward.empty()) ssl_.from_host(verdict.forward);
  if (verdict.escape) escaped();
}

std::optional<Time> Modem::deadline() const {
  if (settings_.wedge) return std::nullopt;
  auto next = timers_.next();
  if (mode_ != Mode::data) return next;
  const auto escape = escape_.deadline();
  if (escape && (!next || *escape < *next)) next = escape;
  return next;
}

void Modem::settle(Time now) {
  now_ = now;
  if (settings_.wedge) {
    ssl_.stand_still();
    https_.stand_still();
    ftps_.stand_still();
    return;
  }
  run();
  flush_urcs();
  ssl_.pump();
  https_.pump();
  ftps_.pump();
  flush_urcs();  // the end of a session comes behind its data
}

void Modem::run() {
  if (running_) return;
  running_ = true;
  while (!input_.empty() && !busy_ && !settings_.wedge) {
    if (mode_ == Mode::data) {
      data_mode();
    } else if (payload_taken_) {
      if (input_.size() < payload_size_) break;
      take_payload();
    } else if (answering_) {
      break;
    } else {
      const char byte = input_.front();
      input_.erase(0, 1);
      std::string echo;
      const auto line = editor_.feed(byte, echo);
      if (settings_.line.echo) output_.bytes(echo);
      if (!line) continue;
      // Terminals end lines by CR LF: that LF is no payload and no data.
      if (byte == '\r' && input_.starts_with('\n')) input_.erase(0, 1);
      command_line(*line);
    }
  }
  running_ = false;
}

void Modem::data_mode() {
  const std::string bytes = std::exchange(input_, {});
  ssl_.from_host(escape_.feed(bytes, now_));
}

void Modem::take_payload() {
  std::string payload = input_.substr(0, payload_size_);
  input_.erase(0, payload_size_);
  if (settings_.line.echo) output_.bytes(payload);
  std::exchange(payload_taken_, nullptr)(std::move(payload));
}

void Modem::command_line(const LineEditor::Line& line) {
  ++counts_.lines;
  answering_ = true;
  rest_ = line.body;
  const auto fault = output_.steps().on_command(rest_);
  if (fault && strike(*fault)) return;
  if (line.overlong)
    conclude(error);
  else
    step_line();
}

void Modem::step_line() {
  while (answering_) {
    const auto call = next_call(rest_);
    if (!call) {
      answering_ = false;
      output_.result(ResultCode::success);
      return;
    }
    ++counts_.commands[call->name];
    const Result result = table_.run(*call, settings_.spelling);
    if (result.kind == Result::Kind::pending || !conclude(result)) return;
  }
}

// Whether the line goes on.
bool Modem::conclude(Result result) {
  if (result.kind == Result::Kind::ok) return answering_;
  answering_ = false;
  rest_.clear();
  if (result.kind != Result::Kind::error) return false;
  ++counts_.errors;
  const int detail = basic_.error_detail();
  if (result.cme == 0 || detail == 0)
    output_.result(ResultCode::failure);
  else
    output_.result(ResultCode::failure,
                   "+CME ERROR: " + (detail == 1 ? std::to_string(result.cme)
                                                 : std::string(cme_text(result.cme))));
  return false;
}

void Modem::finish(Result result) {
  if (!answering_) return;  // a reboot came in between
  if (conclude(result)) step_line();
  run();
}

void Modem::prompt(std::size_t count, std::function<void(std::string)> taken) {
  output_.prompt(settings_.prompt);
  payload_size_ = count;
  payload_taken_ = std::move(taken);
  strike_payload();
}

bool Modem::idle() const {
  return (mode_ == Mode::command || mode_ == Mode::online_command) && !answering_ && !busy_ &&
         !editor_.editing();
}

Result Modem::later(int delay, std::function<Result()> call) {
  if (delay == 0) return call();
  after(milliseconds(delay), [this, call = std::move(call)] { finish(call()); });
  return pending;
}

Timers::Id Modem::after(milliseconds delay, std::function<void()> call) {
  const std::chrono::duration<double, std::nano> scaled = Time(delay) * settings_.time_scale;
  return timers_.at(now_ + std::chrono::duration_cast<Time>(scaled), std::move(call));
}

}  // namespace sim52xx::sim

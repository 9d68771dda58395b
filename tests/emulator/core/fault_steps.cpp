#include "tests/emulator/core/fault_steps.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sim52xx::sim {
namespace {

using enum FaultKind;

constexpr std::string_view stray_urc = "\r\n+STIN: 25\r\n";
constexpr std::size_t too_many = 7;
constexpr std::size_t too_few = 3;

char garbled(char byte) {
  return static_cast<char>(byte ^ 0x55);
}

// Where the session's number is in a line of the SSL family; npos: nowhere.
std::size_t session_at(std::string_view text) {
  static constexpr std::array<std::string_view, 6> heads{
      "+CSSLRECV: DATA,", "+CSSLRECV: ",  "+CSSLSEND: ",
      "+CSSLALERT: ",     "+CSSLCLOSE: ", "+CCH_PEER_CLOSED: "};
  for (const std::string_view head : heads) {
    const auto found = text.find(head);
    if (found == std::string_view::npos) continue;
    const auto at = found + head.size();
    if (at < text.size() && (text[at] == '0' || text[at] == '1')) return at;
  }
  return std::string_view::npos;
}

// The number at the end of a block's header, and what it becomes.
std::string with_length(const std::string& bytes, std::size_t payload, bool longer) {
  const std::string header = bytes.substr(0, payload);
  const auto last = header.find_last_of("0123456789");
  const auto before = header.find_last_not_of("0123456789", last);
  const auto count = std::stoul(header.substr(before + 1, last - before));
  const auto told = longer ? count + too_many : count - std::min<std::size_t>(count, too_few);
  return header.substr(0, before + 1) + std::to_string(told) + bytes.substr(last + 1);
}

// Whether the fault can strike there at all.
bool suits(FaultKind kind, Answer answer, std::string_view bytes) {
  if (kind == wrong_id) return session_at(bytes) != std::string_view::npos;
  if (kind == long_data || kind == short_data) return answer == Answer::block;
  return true;
}

std::string plain(std::string_view bytes) {
  std::string text(bytes.substr(0, std::min<std::size_t>(bytes.size(), 60)));
  std::erase_if(text, [](char c) { return c == '\r' || c == '\n'; });
  return text;
}

// A byte of a line that the host has sent.
void damage(const StepFault& fault, std::string& body) {
  if (body.empty()) return;
  const auto at = std::min(fault.at, body.size() - 1);
  if (fault.kind == host_drop) body.erase(at, 1);
  if (fault.kind == host_garble) body[at] = garbled(body[at]);
  if (fault.kind == host_repeat) body.insert(at, 1, body[at]);
}

}  // namespace

std::string_view name(Answer answer) {
  static constexpr std::array<std::string_view, 5> names{"line", "final", "block", "prompt",
                                                         "data"};
  return names.at(static_cast<std::size_t>(answer));
}

void FaultSteps::disarm() {
  armed_.clear();
  running_.reset();
}

void FaultSteps::keep_log(bool on) {
  logs_ = on;
  log_ = {};
}

void FaultSteps::restarted() {
  running_.reset();
  held_final_.clear();
  held_lines_.clear();
}

std::string FaultSteps::take_held() {
  return std::exchange(held_final_, {});
}

// The first fault that this step is the one for; all that match count it.
std::optional<StepFault> FaultSteps::take(FaultStep step, std::string_view text, Answer kind,
                                          std::string_view whole) {
  std::optional<StepFault> due;
  for (StepFault& fault : armed_) {
    if (row_of(fault.kind).step != step) continue;
    if (!fault.match.empty() && text.find(fault.match) == std::string_view::npos) continue;
    if (step == FaultStep::answer && !suits(fault.kind, kind, whole)) continue;
    if (fault.step > 0) --fault.step;
    if (fault.step == 0 && !due) due = fault;
  }
  std::erase_if(armed_, [](const StepFault& fault) { return fault.step == 0; });
  if (due) ++struck_;
  return due;
}

std::optional<StepFault> FaultSteps::on_command(std::string& body) {
  if (logs_) log_.commands.push_back({body, false});
  running_ = take(FaultStep::command, body, Answer::line, body);
  if (running_) damage(*running_, body);
  return running_;
}

std::optional<StepFault> FaultSteps::on_payload() {
  if (logs_ && !log_.commands.empty()) log_.commands.back().payload = true;
  if (!running_) return std::nullopt;
  const FaultKind kind = running_->kind;
  if (kind != payload_drop && kind != payload_garble && kind != payload_repeat) return std::nullopt;
  return std::exchange(running_, std::nullopt);
}

FaultSteps::Shape FaultSteps::on_answer(Answer kind, std::string bytes, std::size_t payload) {
  const std::string text =
      plain(kind == Answer::data ? std::string_view() : std::string_view(bytes).substr(0, payload));
  if (logs_) log_.answers.push_back({kind, text, bytes.size(), payload});
  if (auto fault = take(FaultStep::answer, text, kind, bytes))
    return shaped(*fault, std::move(bytes), payload);
  if (running_) return of_command(kind, std::move(bytes));
  if (kind != Answer::final && kind != Answer::data && !held_final_.empty()) bytes += take_held();
  return {.now = std::move(bytes)};
}

FaultSteps::Shape FaultSteps::shaped(const StepFault& fault, std::string bytes,
                                     std::size_t payload) {
  const auto at = std::min(fault.at, bytes.size() - 1);
  if (fault.kind == drop) bytes.erase(at, 1);
  if (fault.kind == garble) bytes[at] = garbled(bytes[at]);
  if (fault.kind == repeat) bytes.insert(at, 1, bytes[at]);
  if (fault.kind == cut) bytes.erase(at);
  if (fault.kind == urc) bytes.insert(at, stray_urc);
  if (fault.kind == wrong_id) {
    char& id = bytes[session_at(bytes)];
    id = id == '0' ? '1' : '0';
  }
  if (fault.kind != long_data && fault.kind != short_data) return {.now = std::move(bytes)};
  return {.now = with_length(bytes, payload, fault.kind == long_data),
          .seconds = fault.seconds,
          .silence = true};
}

FaultSteps::Shape FaultSteps::of_command(Answer kind, std::string bytes) {
  if (kind == Answer::prompt && running_->kind == no_prompt) return {};
  if (kind == Answer::line && running_->kind == ok_first) {
    held_lines_ += bytes;
    return {};
  }
  if (kind == Answer::final) {
    const StepFault fault = *std::exchange(running_, std::nullopt);
    return final_of(fault, std::move(bytes));
  }
  return {.now = std::move(bytes)};
}

FaultSteps::Shape FaultSteps::final_of(const StepFault& fault, std::string bytes) {
  switch (fault.kind) {
    case no_final:
      return {};
    case double_final:
      return {.now = bytes + bytes};
    case late_final:
      return {.later = std::move(bytes), .seconds = fault.seconds, .busy = true};
    case ok_first:
      return {.now = bytes + std::exchange(held_lines_, {})};
    case result_first:
      if (bytes.find("OK") == std::string::npos) return {.now = std::move(bytes)};
      held_final_ = std::move(bytes);
      return {.seconds = fault.seconds};
    default:
      return {.now = std::move(bytes)};
  }
}

}  // namespace sim52xx::sim

#include "daemon/ctl/error_text.hpp"

#include "daemon/ctl/fields.hpp"

namespace sim52xx::ctl {
namespace {

std::string joined(const json& list) {
  std::string all;
  if (!list.is_array()) return all;
  for (const json& entry : list)
    all += (all.empty() ? "" : ", ") + plain(entry);
  return all;
}

void add_line(std::string& all, std::string_view label, const std::string& words,
              const Style& style) {
  if (words.empty()) return;
  std::string title(label);
  title.resize(7, ' ');
  all += "  " + style.paint(title, Ink::dim) + " " + words + "\n";
}

std::string alert_text(const json& alert) {
  const std::string bits = joined(member(alert, "bits"));
  if (bits.empty()) return {};
  return bits + " (" + text(alert, "level") + ", err " + text(alert, "err") + ")";
}

// Where it happened, as far as the message does not say so.
std::string place_text(const json& data) {
  const std::string stage = text(data, "stage");
  const std::string at = text(data, "at");
  if (stage.empty() || at.empty()) return stage.empty() ? at : stage;
  return stage + ", " + at;
}

}  // namespace

std::string error_text(const Failure& failure, const Style& style, WallTime now) {
  const json& nested = member(failure.error, "data");
  const json& data = nested.is_object() ? nested : failure.error;
  const std::string kind = text(data, "kind");
  std::string all = "sim52xxctl: " + style.paint(printable(failure.message), Ink::bad);
  if (!kind.empty()) all += style.paint(" [" + kind + "]", Ink::dim);
  all += '\n';
  add_line(all, "at", place_text(data), style);
  add_line(all, "modem", text(data, "response"), style);
  add_line(all, "alert", alert_text(member(data, "alert")), style);
  add_line(all, "waited", waiting_text(member(data, "waiting_for"), now), style);
  for (const std::string& advice : failure.advice)
    add_line(all, "next", advice, style);
  if (member(data, "retryable") == true) add_line(all, "next", "trying again may help", style);
  return all;
}

std::string waiting_text(const json& waiting_for, WallTime now) {
  if (!waiting_for.is_object()) return {};
  const std::string stack = text(waiting_for, "stack");
  const std::string holder = text(waiting_for, "holder");
  std::string words = "for the " + (stack.empty() ? "modem" : stack + " stack");
  if (!holder.empty()) words += ", held by " + holder;
  const auto since = parse_time(text(waiting_for, "since"));
  if (since && age(*since, now) >= 1) words += ", for " + duration_text(age(*since, now));
  return words;
}

std::string error_line(const json& error) {
  if (error.is_string()) return plain(error);
  const std::string message = text(error, "message");
  const std::string kind = text(error, "kind");
  if (message.empty()) return kind;
  return kind.empty() ? message : message + " [" + kind + "]";
}

}  // namespace sim52xx::ctl

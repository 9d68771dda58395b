#include "daemon/system/journal.hpp"

#include <algorithm>
#include <cstdio>
#include <mutex>
#include <utility>

#include <sys/uio.h>

#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>

#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

namespace sim52xx::daemon {
namespace {

namespace level = spdlog::level;

constexpr std::string_view tty = "tty > AT";  // Channel's lines for what goes to the modem
constexpr std::string_view job = "job ";

SessionNames& logged_sessions() {
  static SessionNames names;
  return names;
}

// The priority of syslog(3).
char priority(level::level_enum level) {
  switch (level) {
    case level::critical:
      return '2';
    case level::err:
      return '3';
    case level::warn:
      return '4';
    case level::info:
      return '6';
    default:
      return '7';
  }
}

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

class JournalSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  explicit JournalSink(SendEntry send) : send_(std::move(send)) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    const std::string_view text(message.payload.data(), message.payload.size());
    if (send_(journal_fields(message.level, text, current_log_fields, logged_sessions()))) return;
    const std::string line =
        std::string{'<', priority(message.level), '>'} + std::string(text) + '\n';
    std::fwrite(line.data(), 1, line.size(), stderr);
  }
  void flush_() override { std::fflush(stderr); }

  const SendEntry send_;
};

}  // namespace

std::vector<std::string> journal_fields(level::level_enum level, std::string_view text,
                                        const LogFields& fields, const SessionNames& sessions) {
  std::vector<std::string> entry;
  const auto add = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) entry.push_back(std::string(name) + "=" + std::string(value));
  };
  const char digit = priority(level);
  add("MESSAGE", text.empty() ? " " : text);
  add("PRIORITY", std::string_view(&digit, 1));
  add("SYSLOG_IDENTIFIER", "sim52xxd");
  add("MESSAGE_ID", fields.message_id);
  const std::string_view subject = text.substr(0, std::min(text.find(": "), text.size()));
  if (sessions.contains(subject)) add("SIM52XX_SESSION", subject);
  if (subject.starts_with(job) && is_number(subject.substr(job.size())))
    add("SIM52XX_JOB", subject.substr(job.size()));
  const bool command = text.starts_with(tty);
  add("SIM52XX_AT", command ? text.substr(tty.size() - 2) : fields.at);
  return entry;
}

bool send_to_journal(const std::vector<std::string>& fields) {
  std::vector<iovec> parts;
  parts.reserve(fields.size());
  for (const std::string& field : fields)
    parts.push_back({const_cast<char*>(field.data()), field.size()});
  return ::sd_journal_sendv(parts.data(), static_cast<int>(parts.size())) == 0;
}

std::shared_ptr<spdlog::sinks::sink> journal_sink(SendEntry send) {
  return std::make_shared<JournalSink>(std::move(send));
}

void set_logged_sessions(SessionNames names) {
  logged_sessions() = std::move(names);
}

}  // namespace sim52xx::daemon

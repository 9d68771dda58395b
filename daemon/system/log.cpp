#include "daemon/system/log.hpp"

#include <array>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace sim52xx::daemon {
namespace {

namespace level = spdlog::level;

// The priority of syslog(3) as the journal reads it.
class Priority final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& out) override {
    const char digit = digit_of(message.level);
    out.push_back('<');
    out.push_back(digit);
    out.push_back('>');
  }
  [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<Priority>();
  }

 private:
  static char digit_of(level::level_enum level) {
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
};

}  // namespace

LogFormat log_format() {
  const char* journal = std::getenv("JOURNAL_STREAM");
  struct stat status{};
  if (journal == nullptr || ::fstat(STDERR_FILENO, &status) != 0) return LogFormat::terminal;
  // Standard error may have been redirected since: device and inode tell.
  const std::string own = std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino);
  return own == journal ? LogFormat::journal : LogFormat::terminal;
}

std::optional<level::level_enum> log_level(std::string_view word) {
  using Row = std::pair<std::string_view, level::level_enum>;
  constexpr std::array<Row, 5> levels{{{"trace", level::trace},
                                       {"debug", level::debug},
                                       {"info", level::info},
                                       {"warn", level::warn},
                                       {"error", level::err}}};
  for (const auto& [name, level] : levels)
    if (name == word) return level;
  return std::nullopt;
}

void set_up_log(level::level_enum level, LogFormat format) {
  auto formatter = std::make_unique<spdlog::pattern_formatter>();
  formatter->add_flag<Priority>('N');
  formatter->set_pattern(format == LogFormat::journal ? "%N%v" : "%Y-%m-%d %H:%M:%S.%e %l: %v");
  auto logger = std::make_shared<spdlog::logger>("sim52xxd",
                                                 std::make_shared<spdlog::sinks::stderr_sink_st>());
  logger->set_formatter(std::move(formatter));
  logger->set_level(level);
  logger->flush_on(level::trace);
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace sim52xx::daemon
